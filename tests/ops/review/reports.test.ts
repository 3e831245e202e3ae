import { failureReport } from "../../../ops/review/reports";
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

  it("fits a comment, and keeps the end", () => {
    const text = failureReport(failed, `${"x".repeat(100_000)}\nthe end`);
    expect(text.length).toBeLessThan(21_000);
    expect(text).toContain("the end");
  });

  it("names the rules where only the report could not be made", () => {
    const refused: Verdict = { kind: "refused", rules: ["a-rule"], errors: [], changes: {} };
    expect(failureReport(refused, "words")).toMatch(
      /^## The report could not be made\n[\s\S]*Broken: a-rule/,
    );
  });
});
