import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conclude, eventLog, type Previewed } from "../../../ops/review/conclude";
import { Runner } from "../../../ops/review/runner";

let out: string;
let said: string[];
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "conclude-"));
  said = [];
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const concluded = (previewed: Partial<Previewed>) =>
  conclude(new Runner(), {
    stack: { name: "dev", root: out },
    ...{ tree: out, out, note: undefined, code: 1, text: "", say: (text) => said.push(text) },
    ...previewed,
  });
const report = (): string => readFileSync(join(out, "report.md"), "utf8");

describe("the end of a review", () => {
  it("of a preview that never reached the engine tells what was said instead", async () => {
    eventLog(out);
    const verdict = await concluded({ text: "No host answers.\n" });
    expect(verdict).toMatchObject({ kind: "failed", errors: ["No host answers."] });
    expect(report()).toContain("## The preview failed\n\n```text\nNo host answers.\n```\n");
    expect(readFileSync(join(out, "preview.txt"), "utf8")).toBe("No host answers.\n");
  });

  it("of a preview that failed does not say that nothing changes", async () => {
    eventLog(out);
    await concluded({ text: "No host answers." });
    expect(said).toEqual([`the report is in ${out}`]);
  });

  it("tells the engine's own errors where there are some", async () => {
    const message = "no such template";
    const event = { diagnosticEvent: { severity: "error", message } };
    writeFileSync(eventLog(out), `${JSON.stringify(event)}\n`);
    const { errors } = await concluded({ text: `Previewing\nerror: ${message}\n` });
    expect(errors).toEqual([message]);
    expect(report()).toContain("What the preview said");
  });

  it("has no reason to tell of a preview that said nothing", async () => {
    eventLog(out);
    expect(await concluded({})).toMatchObject({ kind: "failed", errors: [] });
  });

  it("begins the report with what is to be known of it", async () => {
    eventLog(out);
    await concluded({ note: "web is left out.\nSo is mail.", text: "words" });
    expect(report()).toMatch(
      /^<!-- proxmox-ha review -->\n> web is left out\.\n> So is mail\.\n\n## /,
    );
  });
});

describe("the engine's log", () => {
  it("is empty and its owner's, whatever an earlier review has left", () => {
    writeFileSync(join(out, "events.json"), "old", { mode: 0o644 });
    const path = eventLog(out);
    expect(readFileSync(path, "utf8")).toBe("");
    expect(statSync(path).mode & 0o077).toBe(0);
  });
});
