import { failureReport, fenced, lastLines } from "../../../ops/review/reports";
import type { Verdict } from "../../../ops/review/verdict";

const failed: Verdict = { kind: "failed", rules: [], errors: ["a ``` fence"], changes: {} };

describe("the report of a preview that failed", () => {
  it("begins with what went wrong, and has the rest folded away", () => {
    const text = failureReport(failed, "first\nlast");
    expect(text).toMatch(/^## The preview failed\n\n````text\na ``` fence\n````\n/);
    expect(text).toContain(
      "<details><summary>What the preview said</summary>\n\n```text\nfirst\nlast\n```",
    );
  });

  it("says it once where that is all that was said", () => {
    expect(failureReport(failed, "a ``` fence\n")).toBe(
      "## The preview failed\n\n````text\na ``` fence\n````\n",
    );
  });

  it("fits a comment, and keeps the end", () => {
    const text = failureReport(failed, `${"x".repeat(100_000)}\nthe end`);
    expect(text.length).toBeLessThan(21_000);
    expect(text).toContain("the end");
  });

  it("fits a comment with many long errors, and says how many are left out", () => {
    const errors = Array.from({ length: 100 }, (_, index) => `error ${index} ${"y".repeat(3_000)}`);
    const text = failureReport({ ...failed, errors }, "x".repeat(100_000));
    expect(text.length).toBeLessThan(42_000);
    expect(text).toContain("error 0 y");
    expect(text).toContain("error 6 y");
    expect(text).not.toContain("error 7 y");
    expect(text).toContain("\n93 more are left out here; what the command printed has them all.\n");
  });

  it("shows one error that is too long as far as there is room", () => {
    const text = failureReport({ ...failed, errors: [`first ${"`".repeat(90_000)}`, "last"] }, "");
    expect(text).toMatch(/^`{21}text\nfirst `{20}…\n`{21}$/m);
    expect(text.length).toBeLessThan(1_000);
    expect(text).toContain("\n1 more are left out here");
  });

  it("names the rules where only the report could not be made", () => {
    const refused: Verdict = { kind: "refused", rules: ["a-rule"], errors: [], changes: {} };
    expect(failureReport(refused, "words")).toMatch(
      /^## The report could not be made\n[\s\S]*Broken: a-rule/,
    );
  });
});

describe("what goes before a report", () => {
  it("is the end of what went wrong", () => {
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);
    expect(lastLines(`${lines.join("\n")}\n\n`)).toBe(lines.slice(20).join("\n"));
    const wide = lastLines(`${"x".repeat(9_000)} the end`);
    expect(wide.length).toBeLessThan(4_010);
    expect(wide).toMatch(/^…\nx+ the end$/);
  });
});

describe("a fence", () => {
  it("is longer than any in the text, and never long", () => {
    expect(fenced("plain")).toEqual(["```text", "plain", "```"]);
    expect(fenced("a ```` b")).toEqual(["`````text", "a ```` b", "`````"]);
    expect(fenced("`".repeat(500)).map((line) => line.length)).toEqual([25, 20, 21]);
  });
});
