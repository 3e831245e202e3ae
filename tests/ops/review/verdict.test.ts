import { changesInWords, EXIT_CODES, readVerdict } from "../../../ops/review/verdict";

const log = (...events: unknown[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");
const policy = (policyName: string, enforcementLevel: string) => ({
  policyEvent: { policyName, enforcementLevel, message: "what is wrong" },
});
const error = (message: string) => ({ diagnosticEvent: { severity: "error", message } });
const summary = { summaryEvent: { resourceChanges: { same: 53, update: 1 } } };

describe("the verdict of a preview", () => {
  it("is fine with advice, and counts what changes", () => {
    const verdict = readVerdict(log(policy("advise-node-memory", "advisory"), summary), 0);
    expect(verdict).toEqual({ kind: "fine", rules: [], errors: [], changes: { update: 1 } });
    expect(EXIT_CODES[verdict.kind]).toBe(0);
  });

  it("is that a rule forbids it, each named once", () => {
    const broken = [
      policy("b-rule", "mandatory"),
      policy("a-rule", "mandatory"),
      policy("b-rule", "mandatory"),
    ];
    const verdict = readVerdict(log(...broken, error("preview failed\n"), summary), 255);
    expect(verdict).toMatchObject({ kind: "refused", rules: ["a-rule", "b-rule"], errors: [] });
    expect(EXIT_CODES[verdict.kind]).toBe(2);
  });

  it("is that it failed where the program did, whatever the rules say of the rest", () => {
    const events = log(policy("a-rule", "mandatory"), error("Pulumi.dev.yaml has 1 problem"));
    expect(readVerdict(events, 255)).toMatchObject({
      kind: "failed",
      errors: ["Pulumi.dev.yaml has 1 problem"],
    });
  });

  it("tells errors once each, without the engine's colours", () => {
    const text = "<{%reset%}>no such template<{%reset%}>\n";
    expect(readVerdict(log(error(text), error(text)), 255).errors).toEqual(["no such template"]);
  });

  it("knows the rules of a log that is cut off", () => {
    const cut = `${log(policy("a-rule", "mandatory"))}{"summaryEvent": {"resourceCh`;
    expect(readVerdict(cut, 255)).toMatchObject({ kind: "refused", rules: ["a-rule"] });
  });

  it.each([
    ["no events at all", ""],
    ["a log that is cut off", '{"summaryEvent": {"resourceCh'],
  ])("is that it failed with %s", (_, text) => {
    const verdict = readVerdict(text, 255);
    expect(verdict.kind).toBe("failed");
    expect(EXIT_CODES[verdict.kind]).toBe(1);
  });
});

describe("changes in words", () => {
  it("name what is done to how many", () => {
    expect(changesInWords({ update: 1, create: 3, replace: 0 })).toBe("3 to create, 1 to update");
  });

  it("say so where there are none", () => {
    expect(changesInWords({})).toBe("nothing changes");
  });
});
