import { homedir, hostname } from "node:os";
import { spawn } from "node:child_process";
import { OpsError } from "../../ops/errors";
import { clearDeadLock } from "../../ops/locks";
import { Project } from "../toolchain/launcher/support/project";
import { deadPid, endAll, start } from "./support/processes";

let project: Project;
beforeEach(() => {
  project = new Project();
  delete process.env.PULUMI_BACKEND_URL;
});
afterEach(async () => {
  delete process.env.PULUMI_BACKEND_URL;
  await endAll();
  project.dispose();
});

const FOLDER = ".pulumi/locks/organization/proxmox-ha/dev";
const LOCK = `.state/${FOLDER}/0b5e.json`;
const clear = (name = "dev") => clearDeadLock({ name, root: project.root });

function lock(pid: number, changes: Record<string, unknown> = {}, path = LOCK): void {
  const timestamp = "2026-01-02T03:04:05.678901+01:00";
  const text = JSON.stringify({
    pid,
    username: "ann",
    hostname: hostname(),
    timestamp,
    ...changes,
  });
  project.write(path, text);
}

describe("a lock", () => {
  it("that is not there needs nothing", () => {
    expect(clear()).toEqual([]);
  });

  it("of a process that is dead is removed, and that is said", async () => {
    const pid = await deadPid();
    lock(pid);
    project.write(LOCK.replace(".json", ".json.attrs"), "{}");
    expect(clear()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^removed the lock of a run that was killed \\(process ${pid}, since 2026-\\d\\d-\\d\\d \\d\\d:\\d\\d\\)$`,
        ),
      ),
    ]);
    expect(project.has(LOCK)).toBe(false);
    expect(clear()).toEqual([]);
  });

  it.each([
    // Without a zone a time is local, whatever the zone of this test.
    ["2026-01-02T03:04:05", "2026-01-02 03:04"],
    ["2026-11-12T13:14:15.678", "2026-11-12 13:14"],
    ["long ago", "long ago"],
  ])("is told with its local time: %s", async (timestamp, told) => {
    lock(await deadPid(), { timestamp });
    expect(clear()[0]).toMatch(new RegExp(`, since ${told}\\)$`));
  });

  it("of a stack that is given by its full name is the same", async () => {
    lock(await deadPid());
    expect(clear("organization/proxmox-ha/dev")).toHaveLength(1);
  });

  it("of another stack is left alone", async () => {
    lock(await deadPid());
    expect(clear("dev2")).toEqual([]);
    expect(project.has(LOCK)).toBe(true);
  });

  it("whose number another program has by now is removed", async () => {
    const { pid } = await start("/usr/bin/sleep", {});
    lock(pid);
    expect(clear()).toHaveLength(1);
  });

  it("of a process that nobody has buried yet is removed", async () => {
    const child = spawn("sh", ["-c", "true & echo $!; exec sleep 30"]);
    const pid = await new Promise<number>((resolve) => {
      child.stdout.once("data", (text: Buffer) => resolve(Number(text.toString())));
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    lock(pid);
    expect(clear()).toHaveLength(1);
    child.kill();
  });

  it("of a run that is under way is explained and kept", async () => {
    const { pid } = await start("/somewhere/bin/pulumi", {});
    lock(pid);
    expect(() => clear()).toThrow(OpsError);
    expect(() => clear()).toThrow(
      new RegExp(
        `^Another run on stack dev is under way \\(process ${pid}, ann, since .*\\)\\. Wait for its end\\.$`,
      ),
    );
    expect(project.has(LOCK)).toBe(true);
  });

  it("of another machine is explained and kept", async () => {
    lock(await deadPid(), { hostname: "elsewhere" });
    expect(() => clear()).toThrow(
      /^Stack dev is locked by ann on elsewhere since .* certain: pulumi cancel --stack dev$/,
    );
    expect(project.has(LOCK)).toBe(true);
  });

  it.each([
    ["empty", ""],
    ["cut off", '{"pid": 4'],
    ["of another shape", "{}"],
    ["null", "null"],
  ])("that is %s is explained and kept", (_, text) => {
    project.write(LOCK, text);
    expect(() => clear()).toThrow(OpsError);
    expect(() => clear()).toThrow(
      `Stack dev has a lock that tells nothing of its owner: ${project.path(LOCK)}. ` +
        "If no run on this stack is under way anywhere: pulumi cancel --stack dev",
    );
    expect(project.has(LOCK)).toBe(true);
  });

  it.each([
    ["an absolute URL", () => `file://${project.path("team")}`],
    ["a path relative to the project", () => "file://team"],
    ["a path relative to the project with a dot", () => "file://./team"],
  ])("lies in the team's backend where that is %s", async (_, url) => {
    process.env.PULUMI_BACKEND_URL = url();
    lock(await deadPid(), {}, `team/${FOLDER}/1.json`);
    expect(clear()).toHaveLength(1);
  });

  it("may lie in a backend below the user's home", () => {
    process.env.PULUMI_BACKEND_URL = "file://~/no-such-folder-of-proxmox-ha";
    expect(homedir()).not.toBe("");
    expect(clear()).toEqual([]);
  });

  it.each(["s3://bucket", "https://api.pulumi.com"])("in %s is not ours to find", async (url) => {
    process.env.PULUMI_BACKEND_URL = url;
    lock(await deadPid());
    expect(clear()).toEqual([]);
    expect(project.has(LOCK)).toBe(true);
  });
});
