import { OpsError } from "../../../ops/errors";
import { parseEvents } from "../../../ops/report/events";
import { readEvents } from "../../../ops/report/read";
import { ENDED, eventsOf, FIXTURES, reportFrom, step, urn, VM } from "./support/reports";

const HOW = "Make one: PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE";
const good = JSON.stringify(ENDED);

describe("a log of events", () => {
  it.each(FIXTURES)("of a real preview is read: %s", (name) => {
    expect(eventsOf(name).length).toBeGreaterThan(50);
  });

  it.each([
    ["", "log has no event in it."],
    [`${good}\nnonsense\n`, "log, line 2 is no JSON: it is no whole event log of the engine."],
    [
      `${good}\n{"resourcePre`,
      "log, line 2 ends in the middle of an event: it is no whole event log of the engine.",
    ],
    [
      "[]",
      "log, line 1 is no event of the engine: : Invalid input: expected object, received array.",
    ],
    [
      '{"resourcePreEvent":{"metadata":{"urn":"u","type":"t"}}}',
      "log, line 1 is no event of the engine: resourcePreEvent.metadata.op: Invalid input: expected string, received undefined.",
    ],
    [
      '{"summaryEvent":{"isPreview":false}}',
      "log is the log of an update; a report shows what is planned.",
    ],
  ])("that is none is refused in a sentence: %j", (text, sentence) => {
    expect(() => parseEvents(text, "log")).toThrow(OpsError);
    expect(() => parseEvents(text, "log")).toThrow(`${sentence} ${HOW}`);
  });

  it("with an operation that nobody knows is refused", () => {
    expect(() => readEvents([step({ op: "vanish" })], "log")).toThrow(
      `log: no report knows what the operation vanish of ${urn(VM, "win2016")} is.`,
    );
  });

  it("that ends early is a failed preview", () => {
    const { plan } = reportFrom(eventsOf("witness-removed").slice(0, 30));
    expect(plan?.errors).toEqual(["The log ends before the preview does."]);
  });

  it("tells the errors of a program without the engine's colours", () => {
    const message = "<{%reset%}>no such template<{%reset%}>\n";
    const events = [{ diagnosticEvent: { severity: "error", message } }, ENDED];
    expect(reportFrom(events).plan?.errors).toEqual(["no such template"]);
  });
});
