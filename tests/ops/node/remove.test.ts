import { removeNode } from "../../../ops/node/remove";
import { type Answer, type StandInHost, startHost } from "../../toolchain/launcher/support/node";
import { printed } from "../../toolchain/launcher/support/output";
import { Project } from "../../toolchain/launcher/support/project";
import { encoded, members, report } from "../../toolchain/launcher/support/reports";
import { checkpoint, dev, resource, urnOf } from "../support/site";

const COMMAND = "command:remote:Command";
const STEPS = ["found", "key-pve01", "trust-pve01", "key-pve02", "trust-pve02", "join-pve02"];

let project: Project;
let pve01: StandInHost;
let pve02: StandInHost;
let nas: StandInHost;
let left: Answer;
let forgotten: Answer;
let probe: string;

const isProbe = (command: string): boolean => command.startsWith("cat /etc/pve");
beforeAll(async () => {
  pve01 = await startHost((command) => {
    if (isProbe(command)) return { stdout: probe };
    return command.includes("cluster-leave") ? left : forgotten;
  });
  pve02 = await startHost(() => ({ stdout: "" }));
  nas = await startHost(() => forgotten);
});
afterAll(() => Promise.all([pve01, pve02, nas].map((host) => host.stop())));
beforeEach(() => {
  left = { stdout: "addresses\t192.168.18.100 10.0.0.2\n" };
  forgotten = {};
  probe = report({ members: members(true, false) });
  project = new Project();
  // Nobody answers where pve02 was.
  project.lab({ pve01, pve02: { ...pve02, port: 9 } }, {}, nas);
  for (const host of [pve01, pve02, nas]) {
    host.commands.length = 0;
    host.inputs.length = 0;
  }
  state([...STEPS, "qdevice", "authority", "token"]);
});
afterEach(() => project.dispose());

function state(names: string[], tainted: string[] = []): void {
  const resources = [
    ...names.map((name) => ({
      ...resource(COMMAND, name),
      ...(tainted.includes(name) ? { taint: true } : {}),
    })),
    resource("proxmoxve:index/vmLegacy:VmLegacy", "join-pve02"),
  ];
  project.answer({ "stack export": { stdout: JSON.stringify(checkpoint(resources)) } });
}
const remove = (poweredOff = true): Promise<string> =>
  printed(process.stdout, () => removeNode(dev(project), "pve02", poweredOff));
const taints = (): string[] => project.calls().filter((call) => call.startsWith("state taint"));
/** What a host was given to read for a script, as variables. */
function given(host: StandInHost, script: string): string[] {
  const index = host.commands.findIndex((command) => command.includes(script));
  return (host.inputs[index] ?? "").split("\n").filter((line) => /^[A-Z_]+='/.test(line));
}

describe("the removal of a node", () => {
  it("runs on a member that stays, then every other host forgets its keys", async () => {
    await remove();
    expect(given(pve01, "cluster-leave")).toEqual([
      "NODE='pve02'",
      "ADDRESSES='192.168.18.100'",
      "POWERED_OFF='yes'",
      "SEEN='no'",
      "HOST='pve01'",
    ]);
    for (const host of [pve01, nas]) {
      expect(given(host, "cluster-forget")).toContain("ADDRESSES='192.168.18.100 10.0.0.2'");
    }
  });

  it("lets the next update do again what was done to the old machine, and no more", async () => {
    const text = await remove();
    const again = ["trust-pve01", "key-pve02", "trust-pve02", "join-pve02", "qdevice"];
    expect(taints()).toEqual([
      `state taint ${again.map((name) => urnOf(COMMAND, name)).join(" ")} --yes --stack dev`,
    ]);
    expect(text).toContain(`The next update does these again: ${again.join(", ")}.\n`);
    expect(text).toContain("pve02 is still in Pulumi.dev.yaml. With a replacement in its place");
  });

  it("tells the state where the node's guests are now, since nobody can be asked about them there", async () => {
    const guest = (type: string, name: string, id: string, nodeName: string) => ({
      ...resource(`proxmoxve:index/${type}Legacy:${type}Legacy`, name, { nodeName }),
      ...{ id, outputs: { nodeName } },
    });
    const before = [
      guest("vm", "win2016", "100", "pve02"),
      guest("container", "web", "102", "pve02"),
      guest("container", "gone", "103", "pve02"),
    ];
    project.answer({ "stack export": { stdout: JSON.stringify(checkpoint(before)) } });
    const mark = encoded(`Managed by Pulumi, stack dev: ${before[1]?.urn}`);
    const details = `/etc/pve/nodes/pve01/lxc/102.conf:#${mark}\n`;
    probe = report({ members: members(true, false), details });
    expect(await remove()).toContain("The state says now where these run: web.\n");
    const after = JSON.parse(project.read("tools/stdin")) as ReturnType<typeof checkpoint>;
    expect(after.deployment.resources?.map(({ outputs }) => outputs?.nodeName)).toEqual([
      "pve02",
      "pve01",
      "pve02",
    ]);
  });

  it("taints nothing twice", async () => {
    const again = ["trust-pve01", "key-pve02", "trust-pve02", "join-pve02"];
    state(STEPS, again);
    await remove();
    expect(taints()).toEqual([]);
  });

  it("leaves the state alone when the site file does not name the node any more", async () => {
    project.write("Pulumi.dev.yaml", project.read("Pulumi.dev.yaml").replace(/ *pve02: .*\n/, ""));
    expect(await remove()).toBe("pve02 is not in Pulumi.dev.yaml any more: that is all.\n");
    expect(given(pve01, "cluster-leave")).toContain("ADDRESSES=''");
    expect(taints()).toEqual([]);
  });

  it("says that the operator has not seen the machine, and that it answers", async () => {
    project.lab({ pve01, pve02 }, {}, nas);
    await remove(false);
    expect(given(pve01, "cluster-leave")).toEqual(
      expect.arrayContaining(["POWERED_OFF='no'", "SEEN='yes'"]),
    );
  });

  it("ends where the script does, with nothing else done", async () => {
    left = { stderr: "pve01: problem: pve02 is online in the cluster\n", code: 1 };
    const told = await printed(process.stderr, () =>
      expect(remove()).rejects.toThrow("pve02 was not taken out of the cluster; see above."),
    );
    expect(told).toContain("pve02 is online in the cluster");
    expect(nas.commands).toEqual([]);
    expect(taints()).toEqual([]);
  });

  it("goes on when a host does not answer, and says which", async () => {
    project.lab({ pve01, pve02: { ...pve02, port: 9 } });
    expect(await remove()).toMatch(
      /^nas still has pve02's SSH keys \(.+\)\. Run this again when it answers\.$/m,
    );
    expect(taints()).toHaveLength(1);
  });

  it("is refused for the founder, whose replacement would found another cluster", async () => {
    await expect(removeNode(dev(project), "pve01", true)).rejects.toThrow(
      "Make a node that stays the founder first: proxmox-ha:site.cluster.founder in Pulumi.dev.yaml",
    );
    expect(pve01.commands).toEqual([]);
  });

  it("is refused when no other member answers", async () => {
    project.lab({ pve01: { ...pve01, port: 9 }, pve02 }, {}, nas);
    await expect(remove()).rejects.toThrow(
      "No other member of cluster mizar answers over SSH, so pve02 cannot be taken out of it. Asked: pve01",
    );
  });
});
