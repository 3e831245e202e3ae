import fc from "fast-check";
import { canBeApart } from "../../../policy/facts/matching";

describe("guests can be kept apart", () => {
  it.each<[string[][]]>([
    [[]],
    [[["a"]]],
    [[["a", "b"], ["a"]]],
    [[["a", "b"], ["b", "c"], ["a"]]],
  ])("on %j", (choices) => {
    expect(canBeApart(choices)).toBe(true);
  });
});

describe("guests cannot be kept apart", () => {
  it.each<[string[][]]>([
    [[[]]],
    [[["a"], ["a"]]],
    [
      [
        ["a", "b"],
        ["a", "b"],
        ["a", "b"],
      ],
    ],
    [[["a", "b"], ["a"], ["b"], ["a", "b", "c", "d"]]],
  ])("on %j", (choices) => {
    expect(canBeApart(choices)).toBe(false);
  });
});

it("any guests can be kept apart when trying every arrangement finds one", () => {
  const choices = fc.array(fc.uniqueArray(fc.constantFrom("a", "b", "c", "d")), { maxLength: 5 });
  const tryAll = ([first, ...rest]: string[][], taken: string[] = []): boolean =>
    !first || first.some((node) => !taken.includes(node) && tryAll(rest, [...taken, node]));
  fc.assert(
    fc.property(choices, (guests) => {
      expect(canBeApart(guests)).toBe(tryAll(guests));
    }),
  );
});
