import { createServer, type Server } from "node:net";
import { awaitReboots, rebootingNodes, silentNodes } from "../../ops/reboots";
import { freePort } from "../toolchain/command/support/sshd";
import { Project } from "../toolchain/launcher/support/project";
import { checkpoint, dev, resource, type SiteNode, startNode } from "./support/site";

const COMMAND = "command:remote:Command";
const steps = (...names: string[]) => names.map((name) => resource(COMMAND, name));
const begun = (name: string) => [{ resource: resource(COMMAND, name), type: "creating" }];

describe("a node reboots by a run's doing", () => {
  it.each([
    ["when that has been done, and nothing after it", checkpoint(steps("reboot-pve01"))],
    ["when that has been begun", checkpoint(steps("prepare-pve01"), begun("reboot-pve01"))],
    [
      "as long as the step after it has not ended",
      checkpoint(steps("reboot-pve01"), begun("install-pve01")),
    ],
  ])("%s", (_, state) => {
    expect(rebootingNodes(state)).toEqual(["pve01"]);
  });

  it.each([
    ["before it is told to", checkpoint(steps("prepare-pve01"))],
    ["once the step after it is done", checkpoint(steps("reboot-pve01", "install-pve01"))],
    ["when another does", checkpoint(steps("reboot-pve01x", "install-pve01x"))],
  ])("but not %s", (_, state) => {
    expect(rebootingNodes(state)).not.toContain("pve01");
  });
});

describe("a node that reboots", () => {
  let project: Project;
  let node: SiteNode;
  let port: number;
  let booted: Server | undefined;
  const said: string[] = [];
  beforeAll(async () => {
    node = await startNode();
    port = await freePort();
  });
  beforeEach(() => {
    said.length = 0;
    project = new Project();
    project.lab({ pve01: node, pve02: { ...node, port } });
  });
  afterEach(() => {
    booted?.close();
    project.dispose();
  });
  afterAll(() => node.stop());
  const wait = (limitMs: number, ...names: string[]) =>
    awaitReboots(dev(project), checkpoint(steps(...names)), (text) => said.push(text), limitMs);

  it("is told from those that answer", async () => {
    expect(await silentNodes(dev(project))).toEqual(["pve02"]);
  });

  it("is waited for until it answers, and that is said once", async () => {
    setTimeout(() => {
      booted = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
    }, 500);
    await wait(30_000, "reboot-pve01", "reboot-pve02");
    expect(await silentNodes(dev(project))).toEqual([]);
    expect(said).toEqual(["waits for pve02, told to reboot by the run that was cut short"]);
  });

  it("is waited for no longer than the limit", async () => {
    const from = Date.now();
    await wait(100, "reboot-pve02");
    expect(Date.now() - from).toBeLessThan(10_000);
    expect(await silentNodes(dev(project))).toEqual(["pve02"]);
  });

  it("is not waited for when it is silent for another reason", async () => {
    await wait(30_000, "reboot-pve02", "install-pve02");
    expect(said).toEqual([]);
  });
});
