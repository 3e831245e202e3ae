import { remains } from "../../ops/remains";
import type { ResourceState } from "../../ops/pulumi";
import { printed } from "../toolchain/launcher/support/output";
import { type CliAnswer, DEV, Project } from "../toolchain/launcher/support/project";
import { members, report } from "../toolchain/launcher/support/reports";
import { checkpoint, dev, resource, type SiteNode, startNode } from "./support/site";

let project: Project;
let node: SiteNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.stop());
beforeEach(() => {
  project = new Project();
  project.lab({ pve01: node });
  node.probe = report({ members: members(true, false) });
});
afterEach(() => project.dispose());

const LEFT_BEHIND =
  "Left as it is: the cluster mizar (pve01, pve02) with its options, QDevice and SSH trust, and the files on the NAS, " +
  "backups and templates among them. The next pulumi up finds all of that and goes on from there.\n";

const told = (answer: CliAnswer | ResourceState[]) => {
  const state = Array.isArray(answer) ? { stdout: JSON.stringify(checkpoint(answer)) } : answer;
  project.answer({ "stack export": state });
  return printed(process.stdout, () => remains(dev(project)));
};

const GUEST = resource("proxmoxve:index/vmLegacy:VmLegacy", "win2016", { vmId: 100 });
const LEFT = [
  resource("pulumi:pulumi:Stack", "proxmox-ha-dev"),
  resource("command:remote:Command", "found"),
  resource("command:remote:Command", "account"),
  resource("command:remote:Command", "token"),
  resource("proxmoxve:storage/nfs:Nfs", "Data"),
  resource("proxmoxve:storage/nfs:Nfs", "Backup"),
  GUEST,
];

describe("what a destroy leaves", () => {
  it.each([
    ["an empty state", []],
    ["no state", { stderr: "error: no stack named 'dev' found", code: 255 }],
    ["only what is never removed", LEFT.slice(0, 2)],
  ])("with %s is the cluster and the files; nobody is asked", async (_, state) => {
    const asked = node.commands.length;
    expect(await told(state)).toBe(
      "Removed: guests with their disks, HA, backup jobs, pools, storage definitions, the automation's token, user and role.\n" +
        LEFT_BEHIND,
    );
    expect(node.commands).toHaveLength(asked);
  });

  it("is told with its reason and the remedy where a node did not answer", async () => {
    expect(await told(LEFT)).toBe(
      "Not everything is removed, because pve02 did not answer. Still there, with what it needs:\n" +
        "  guests: win2016 (VMID 100)\n" +
        "  storages: Data, Backup\n" +
        "  the automation's token, its user and role\n" +
        "Switch pve02 on (npm run -s lab -- start; npm run -s lab -- power pve02 on), then remove the rest: make down STACK=dev\n" +
        LEFT_BEHIND,
    );
  });

  it("is removed on a real site without the lab's commands", async () => {
    project.write("Pulumi.dev.yaml", DEV.replace('lab: "true"', 'protect: "true"'));
    const text = await told([GUEST]);
    expect(text).toContain("Remove the rest: pulumi destroy --stack dev\n");
    expect(text).not.toContain("npm run");
  });

  it("is told without a reason where every node answers", async () => {
    node.probe = report({});
    project.lab({ pve01: node, pve02: node });
    expect(await told([GUEST])).toBe(
      "Not everything is removed. Still there:\n  guests: win2016 (VMID 100)\n" +
        `Remove the rest: make down STACK=dev\n${LEFT_BEHIND}`,
    );
  });
});
