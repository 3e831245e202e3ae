import type { Finding } from "../../../ops/drift/findings";
import { describe as tell } from "../../../ops/drift/words";

const FINDINGS: Finding[] = [
  { kind: "cluster", resource: "node/pve02", what: "a | b", remedy: "look\nthere" },
  { kind: "changed", resource: "VmLegacy ubuntu", what: "it is gone", remedy: "pulumi up" },
];

describe("drift in words", () => {
  it("is one line where there is none", () => {
    expect(tell("prod", [], "text")).toBe("Stack prod and its cluster are as described.");
  });

  it("is told by kinds, each with the remedy", () => {
    expect(tell("prod", FINDINGS, "text")).toBe(
      [
        "Stack prod: 2 things are not as described.",
        "Not as described:",
        "  VmLegacy ubuntu: it is gone",
        "    What to do: pulumi up",
        "The cluster itself:",
        "  node/pve02: a | b",
        "    What to do: look\nthere",
      ].join("\n"),
    );
  });

  it("is a table a kind in Markdown, whatever the texts hold", () => {
    const text = tell("prod", FINDINGS, "markdown");
    expect(text).toContain("### The cluster itself\n\n| what | how it is | what to do |\n| --- |");
    expect(text).toContain("| node/pve02 | a &#124; b | look there |");
  });

  it("is a document for programs", () => {
    expect(JSON.parse(tell("prod", FINDINGS, "json"))).toEqual({
      stack: "prod",
      findings: FINDINGS,
    });
  });
});
