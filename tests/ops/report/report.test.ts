import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { OpsError } from "../../../ops/errors";
import { report } from "../../../ops/report/report";
import { NO_PLAN } from "../../../ops/report/words";
import { printed } from "../../toolchain/launcher/support/output";
import { Project } from "../../toolchain/launcher/support/project";
import { checkpoint, dev, resource } from "../support/site";
import { fixturePath } from "./support/reports";

const project = new Project();
const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-report-"));
afterAll(() => {
  project.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const events = fixturePath("witness-removed");

it("writes a comment to standard output", async () => {
  const text = await printed(process.stdout, () =>
    report(dev(project), { events, format: "markdown" }),
  );
  expect(text).toMatch(/^## Preview of stack dev\n\n\*\*❌ The policies refuse this change/);
  expect(project.calls()).toEqual([]);
});

it("writes a page to a file", async () => {
  const out = join(folder, "report.html");
  await report(dev(project), { events, format: "html", out });
  expect(readFileSync(out, "utf8")).toMatch(/^<!doctype html>\n<html lang="en">/);
});

it("tells the state without events, and says that there is no plan and no verdict", async () => {
  const inputs = { vmId: 100, nodeName: "pve02", memory: { dedicated: 2048 } };
  const state = checkpoint([resource("proxmoxve:index/vmLegacy:VmLegacy", "win2016", inputs)]);
  project.answer({ "stack export": { stdout: JSON.stringify(state) } });
  let text = "";
  const said = await printed(process.stderr, async () => {
    text = await printed(process.stdout, () => report(dev(project), { format: "markdown" }));
  });
  expect(said).toBe(`${NO_PLAN}\n`);
  expect(text).toContain(`## State of stack dev\n\n**This is the stack&#39;s state: without`);
  expect(text).toContain("| VM 100 win2016 | pve02 |");
  expect(text).not.toMatch(/What changes|policies/i);
});

it("says of a stack that is not there what to do", async () => {
  project.answer({ "stack export": { stderr: "error: no stack named 'dev' found\n", code: 255 } });
  await expect(report(dev(project), { format: "html" })).rejects.toThrow(
    "Stack dev is not there yet. Report a preview of it: --events FILE.",
  );
});

it.each([
  [{ events: "/nonexistent/log" }, "/nonexistent/log cannot be read: ENOENT"],
  [{ events, out: "/nonexistent/report" }, "/nonexistent/report cannot be written: ENOENT"],
])("says which file is in the way: %j", async (options, sentence) => {
  const failure = report(dev(project), { ...options, format: "html" });
  await expect(failure).rejects.toThrow(OpsError);
  await expect(failure).rejects.toThrow(sentence);
});

describe("the command", () => {
  const root = resolve(__dirname, "../../..");
  const ops = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "ops/cli.ts", "report", ...args], {
      cwd: root,
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "" },
    });

  it("makes a report of the events that it is given", () => {
    const { status, stdout, stderr } = ops("--events", events, "--format", "markdown");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("11 to update, 4 to delete, 29 unchanged.");
  });

  it("asks for a format that it has", () => {
    expect(ops("--events", events)).toMatchObject({
      ...{ status: 1, stderr: "error: required option '--format <format>' not specified\n" },
    });
    expect(ops("--format", "pdf").stderr).toBe(
      "error: option '--format <format>' argument 'pdf' is invalid. Allowed choices are markdown, html.\n",
    );
  });
});
