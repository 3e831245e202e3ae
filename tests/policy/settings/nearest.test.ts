import { nearest } from "../../../policy/settings/nearest";

const NAMES = ["require-failover-room", "require-second-link", "forbid-soft-nfs"];

describe("the nearest name", () => {
  it.each([
    ["require-second-lnk", "require-second-link"],
    ["forbid-softnfs", "forbid-soft-nfs"],
    ["failover-room", "require-failover-room"],
    ["require_failover_room", "require-failover-room"],
    ["forbid-hard-nfs", "forbid-soft-nfs"],
  ])("to %s is %s", (wrong, right) => {
    expect(nearest(wrong, NAMES)).toBe(right);
  });

  it.each([
    ["kitten", ["smitten", "sitting"], "smitten"],
    ["ab", ["abcd", "xy", "ac"], "ac"],
    ["", ["abc", "x"], "x"],
    ["abc", ["c", "abd"], "abd"],
  ])("to %j among %j is %j", (wrong, names, right) => {
    expect(nearest(wrong, names)).toBe(right);
  });

  it("is the first of those that are as near, and none among none", () => {
    expect(nearest("a", ["b", "c"])).toBe("b");
    expect(nearest("a", [])).toBeUndefined();
  });
});
