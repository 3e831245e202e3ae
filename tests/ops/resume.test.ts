import { hostname } from "node:os";
import type { Checkpoint } from "../../ops/pulumi";
import { resume } from "../../ops/resume";
import { printed } from "../toolchain/launcher/support/output";
import { type CliAnswer, Project } from "../toolchain/launcher/support/project";
import { report } from "../toolchain/launcher/support/reports";
import { deadPid, endAll, start } from "./support/processes";
import { ABSENT, checkpoint, dev, resource, type SiteNode, startNode } from "./support/site";

let project: Project;
let node: SiteNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.stop());
beforeEach(() => {
  project = new Project();
  project.lab({ pve01: node });
  Object.assign(node, { paths: {}, otherwise: ABSENT, probe: report({ details: "" }) });
});
afterEach(async () => {
  await endAll();
  project.dispose();
});

function answer(state: Checkpoint | CliAnswer, result = "succeeded", preview = "{}"): void {
  project.answer({
    "stack export": "deployment" in state ? { stdout: JSON.stringify(state) } : state,
    "stack history": { stdout: JSON.stringify([{ result }]) },
    preview: { stdout: preview },
  });
}
const said = () => printed(process.stdout, () => resume(dev(project)));
const imported = () => JSON.parse(project.read("tools/stdin")) as Checkpoint;

const VM = "proxmoxve:index/vmLegacy:VmLegacy";
const DATA = resource("proxmoxve:storage/nfs:Nfs", "Data", {
  ...{ resourceId: "Data", server: "192.168.18.200", export: "/d" },
});
const FOUND = { "/storage/Data": { server: "192.168.18.200", export: "/d" } };

describe("resume", () => {
  it("prints nothing and imports nothing when there is nothing to do", async () => {
    answer(checkpoint([resource(VM, "win2016")]));
    const asked = node.commands.length;
    expect(await said()).toBe("");
    expect(project.calls().filter((call) => call.startsWith("stack import"))).toEqual([]);
    expect(node.commands).toHaveLength(asked);
  });

  it.each([
    ["that is not there", { stderr: "error: no stack named 'dev' found", code: 255 }],
    ["without a history", checkpoint([])],
  ])("prints nothing for a stack %s", async (_, state) => {
    answer(state);
    expect(await said()).toBe("");
  });

  it("passes on what else keeps the state from being read", async () => {
    answer({ stderr: "error: the passphrase is wrong", code: 255 });
    await expect(resume(dev(project))).rejects.toThrow(
      /^pulumi stack export failed:\nerror: the passphrase is wrong$/,
    );
  });

  it("says what it has done about lock, processes and creates, and imports what it knows now", async () => {
    const pid = await deadPid();
    const lock = { pid, username: "ann", hostname: hostname(), timestamp: "2026-01-02T03:04:05Z" };
    const path = ".state/.pulumi/locks/organization/proxmox-ha/dev/1.json";
    project.write(path, JSON.stringify(lock));
    const helper = await start("/home/bin/pulumi-language-nodejs", {
      PROXMOX_HA_ROOT: project.root,
    });
    node.paths = FOUND;
    const lost = resource("command:remote:Command", "token");
    answer(
      checkpoint(
        [],
        [
          { resource: DATA, type: "creating" },
          { resource: lost, type: "creating" },
        ],
      ),
    );
    const lines = (await said()).split("\n");
    expect(lines).toEqual([
      expect.stringContaining("resume: removed the lock of a run that was killed"),
      "resume: ended what a killed run had left behind: pulumi-language-nodejs",
      "resume: Data: was created before the run was cut short; taken into the state",
      "resume: token: was not created; it will be",
      "",
    ]);
    await helper.ended;
    expect(imported().deployment.resources?.map(({ id }) => id)).toEqual(["Data"]);
    expect(imported().deployment).not.toHaveProperty("pending_operations");
    expect(imported().deployment.manifest).toEqual({ version: "v3.220.0" });
  });

  it("stops with all that is not clear, and imports nothing", async () => {
    node.paths = { "/storage/Data": { server: "192.168.18.9", export: "/d" } };
    const vm = resource(VM, "win2016", { vmId: 100 });
    const pending = [DATA, vm].map((entry) => ({ resource: entry, type: "creating" }));
    answer(checkpoint([], pending));
    await expect(resume(dev(project))).rejects.toThrow(
      /^A run was cut short, and it is not clear what became of:\n {2}Data: .*\n {2}win2016: VMID 100/,
    );
    expect(project.has("tools/stdin")).toBe(false);
  });

  it("looks at what is planned after a run that failed, and imports only if that has changed something", async () => {
    const preview = JSON.stringify({ steps: [{ op: "create", newState: DATA }] });
    answer(checkpoint([]), "failed", preview);
    expect(await said()).toBe("");
    expect(project.has("tools/stdin")).toBe(false);
    node.paths = FOUND;
    expect(await said()).toContain("resume: Data: was created");
    expect(imported().deployment.resources).toHaveLength(1);
  });
});
