import { OpsError } from "../../ops/errors";
import { settle } from "../../ops/pending";
import type { ResourceState } from "../../ops/pulumi";
import { Project } from "../toolchain/launcher/support/project";
import { encoded, report } from "../toolchain/launcher/support/reports";
import { ABSENT, checkpoint, dev, resource, type SiteNode, startNode, urnOf } from "./support/site";

let project: Project;
let node: SiteNode;
beforeAll(async () => {
  project = new Project();
  node = await startNode();
  project.lab({ pve01: node });
});
afterAll(async () => {
  await node.stop();
  project.dispose();
});
beforeEach(() => {
  project.answer({ preview: { stdout: "{}" } });
  Object.assign(node, { paths: {}, otherwise: ABSENT, probe: report({ details: "" }) });
});

/** Settles creates that were under way when the run was cut short. */
const settled = (...created: ResourceState[]) => {
  const pending = created.map((entry) => ({ resource: entry, type: "creating" }));
  return settle(dev(project), checkpoint([], pending), false);
};

const VM = "proxmoxve:index/vmLegacy:VmLegacy";
const CONTAINER = "proxmoxve:index/containerLegacy:ContainerLegacy";

/** Each kind of resource with a fixed id: its inputs, where it is, what is there, and what differs in another's. */
const KINDS = [
  {
    type: "proxmoxve:storage/nfs:Nfs",
    inputs: { resourceId: "Data", server: "192.168.18.200", export: "/backup/pve-data" },
    path: "/storage/Data",
    ours: { type: "nfs", server: "192.168.18.200", export: "/backup/pve-data", content: "iso" },
    differences: [{ server: "192.168.18.201" }, { export: "/else" }],
    id: "Data",
  },
  {
    type: "proxmoxve:index/haresource:Haresource",
    inputs: { resourceId: "vm:100", state: "started" },
    path: "/cluster/ha/resources/vm:100",
    ours: { sid: "vm:100", type: "vm", state: "started" },
    differences: [{ sid: "vm:101" }],
    id: "vm:100",
  },
  {
    type: "proxmoxve:index/harule:Harule",
    inputs: { rule: "prefer", type: "node-affinity", resources: ["vm:100", "vm:101"] },
    path: "/cluster/ha/rules/prefer",
    ours: { rule: "prefer", type: "node-affinity", resources: "vm:101,vm:100" },
    differences: [{ type: "resource-affinity" }, { resources: "vm:100" }],
    id: "prefer",
  },
  {
    type: "proxmoxve:backup/job:Job",
    inputs: { resourceId: "nightly", schedule: "02:00", storage: "Backup" },
    path: "/cluster/backup/nightly",
    ours: { id: "nightly", schedule: "02:00", storage: "Backup", all: 1 },
    differences: [{ schedule: "03:00" }, { storage: "Data" }],
    id: "nightly",
  },
  {
    type: "proxmoxve:index/poolLegacy:PoolLegacy",
    inputs: { poolId: "office", comment: "The office's." },
    path: "/pools/office",
    ours: { comment: "The office's.", members: [] },
    differences: [{ comment: undefined }, { comment: "Another's." }],
    id: "office",
  },
];

describe.each(KINDS)("a create of $type", ({ type, inputs, path, ours, differences, id }) => {
  const create = resource(type, "it", inputs);

  it("that came to its end is taken into the state with its inputs and its id", async () => {
    node.paths = { [path]: ours };
    const { checkpoint: after, notes, unsettled } = await settled(create);
    expect(after).toEqual(checkpoint([{ ...create, id, outputs: { ...inputs, id } }]));
    expect(notes).toEqual(["it: was created before the run was cut short; taken into the state"]);
    expect(unsettled).toEqual([]);
  });

  it("that left nothing is forgotten", async () => {
    const { checkpoint: after, notes, unsettled } = await settled(create);
    expect(after).toEqual(checkpoint([]));
    expect(notes).toEqual(["it: was not created; it will be"]);
    expect(unsettled).toEqual([]);
  });

  it.each(differences.map((difference) => [difference]))(
    "is not settled when something else is there: %j",
    async (difference) => {
      node.paths = { [path]: { ...ours, ...difference } };
      const { checkpoint: after, unsettled } = await settled(create);
      expect(after).toEqual(checkpoint([]));
      expect(unsettled).toEqual([
        `it: ${path} exists in Proxmox VE, but not as this stack would have made it. ` +
          "Remove it there, or change its name here.",
      ]);
    },
  );

  it.each([
    [
      "a failing cluster",
      { stderr: "ipcc_send_rec[1] failed\n", code: 111 },
      "ipcc_send_rec[1] failed",
    ],
    ["half an answer", { stdout: '{"id', code: 0 }, "it printed no JSON"],
    [
      "a cut connection",
      { stdout: "{}", code: undefined },
      "the connection was cut before the answer",
    ],
  ])("stops the run as long as %s does not say what is there", async (_, answer, why) => {
    node.otherwise = answer;
    await expect(settled(create)).rejects.toThrow(OpsError);
    await expect(settled(create)).rejects.toThrow(
      `A run was cut short, and 127.0.0.1 does not say whether ${path} was created: ${why}. ` +
        "When that is repaired, run this again.",
    );
  });
});

describe("a create of a pool's member", () => {
  const type = "proxmoxve:pool/membership:Membership";
  const create = resource(type, "web", { poolId: "office", vmId: 102 });
  const pool = (...vmids: number[]) => ({ members: vmids.map((vmid) => ({ vmid, type: "lxc" })) });

  it("that came to its end is taken into the state, as the member of a pool that it is", async () => {
    node.paths = { "/pools/office": pool(100, 102) };
    const { checkpoint: after } = await settled(create);
    const id = "office/vm/102";
    const outputs = { poolId: "office", vmId: 102, type: "vm", id };
    expect(after).toEqual(checkpoint([{ ...create, id, outputs }]));
  });

  it.each([
    ["the pool is there without it", { "/pools/office": pool(100) }],
    ["there is no pool", {}],
  ])("is forgotten where %s", async (_where, paths) => {
    node.paths = paths;
    const { checkpoint: after, notes, unsettled } = await settled(create);
    expect(after).toEqual(checkpoint([]));
    expect(notes).toEqual(["web: was not created; it will be"]);
    expect(unsettled).toEqual([]);
  });
});

describe.each([
  [VM, 100, "qemu-server", "pve02"],
  [CONTAINER, 102, "lxc", "pve01"],
])("a create of %s", (type, vmid, folder, home) => {
  const create = resource(type, "win2016", { vmId: vmid, nodeName: home });
  const notes = (text: string): void => {
    const line = `/etc/pve/nodes/${home}/${folder}/${vmid}.conf:#${encoded(text)}\n`;
    node.probe = report({ details: line });
  };
  const mark = (urn: string) => `Managed by Pulumi, stack dev: ${urn}`;

  it.each([
    ["our mark", mark(create.urn)],
    ["our mark and its template", `${mark(create.urn)} from Data:vztmpl/debian.tar.zst`],
  ])("that has left a guest with %s is taken into the state", async (_, text) => {
    notes(text);
    const { checkpoint: after, unsettled } = await settled(create);
    const outputs = { vmId: vmid, nodeName: home, id: String(vmid) };
    expect(after).toEqual(checkpoint([{ ...create, id: String(vmid), outputs }]));
    expect(unsettled).toEqual([]);
  });

  it.each([
    ["no mark", "a guest of somebody"],
    ["the mark of another guest", mark(urnOf(type, "ubuntu"))],
    ["a mark that ours is the beginning of", mark(`${create.urn}b`)],
    ["a mark that is the beginning of ours", mark(create.urn.slice(0, -1))],
    ["the mark of another stack", mark(create.urn.replace("dev::", "prod::"))],
  ])("is not settled when the VMID has a guest with %s", async (_, text) => {
    notes(text);
    const { checkpoint: after, unsettled } = await settled(create);
    expect(after).toEqual(checkpoint([]));
    expect(unsettled).toEqual([
      `win2016: VMID ${vmid} is taken by a guest on ${home} without this stack's mark. ` +
        "Choose another VMID, or remove that guest yourself.",
    ]);
  });

  it("that left nothing is forgotten", async () => {
    const { checkpoint: after, notes } = await settled(resource(type, "new", { vmId: 777 }));
    expect(after).toEqual(checkpoint([]));
    expect(notes).toEqual(["new: was not created; it will be"]);
  });
});

describe("what was under way", () => {
  it("over SSH is forgotten: scripts are made to be run again", async () => {
    const { checkpoint: after, notes } = await settled(resource("command:remote:Command", "join"));
    expect(after).toEqual(checkpoint([]));
    expect(notes).toEqual(["join: was not created; it will be"]);
  });

  it.each(["updating", "deleting"])("as %s is left to the next refresh", async (type) => {
    const vm = resource(VM, "win2016", { vmId: 100 });
    const state = checkpoint([vm], [{ resource: vm, type }]);
    const { checkpoint: after, notes } = await settle(dev(project), state, false);
    expect(after).toEqual(checkpoint([vm]));
    expect(notes).toEqual([`win2016: ${type} was cut short; it is looked at again`]);
  });

  it("as a create of what the state already has is not taken twice", async () => {
    node.paths = { "/storage/Data": KINDS[0]?.ours };
    const data = resource("proxmoxve:storage/nfs:Nfs", "it", KINDS[0]?.inputs);
    const state = checkpoint([data], [{ resource: data, type: "creating" }]);
    expect((await settle(dev(project), state, false)).checkpoint).toEqual(checkpoint([data]));
  });
});

describe("after a run that failed", () => {
  const [storage, haResource] = KINDS;
  const planned = (...created: ResourceState[]): void => {
    const steps = created.map((newState) => ({ op: "create", newState }));
    const others = [{ op: "same", newState: resource(VM, "same") }, { op: "create" }];
    project.answer({ preview: { stdout: JSON.stringify({ steps: [...others, ...steps] }) } });
  };

  it("what is planned and already there as we would make it is taken into the state", async () => {
    const create = resource(haResource?.type ?? "", "ha", haResource?.inputs);
    planned(create);
    node.paths = { "/cluster/ha/resources/vm:100": haResource?.ours };
    const { checkpoint: after } = await settle(dev(project), checkpoint([]), true);
    expect(after.deployment.resources?.map(({ urn, id }) => [urn, id])).toEqual([
      [create.urn, "vm:100"],
    ]);
  });

  it("what is planned and not there is not worth a word", async () => {
    planned(resource(storage?.type ?? "", "it", storage?.inputs));
    expect(await settle(dev(project), checkpoint([]), true)).toEqual({
      ...{ checkpoint: checkpoint([]), notes: [], unsettled: [] },
    });
  });

  it("what is planned and there as somebody else's is left to the program, which refuses it", async () => {
    planned(resource(VM, "win2016", { vmId: 100 }));
    expect(await settle(dev(project), checkpoint([]), true)).toMatchObject({
      ...{ notes: [], unsettled: [] },
    });
  });

  it("what was under way and is planned too is looked at once", async () => {
    const create = resource(storage?.type ?? "", "it", storage?.inputs);
    planned(create);
    node.paths = { "/storage/Data": storage?.ours };
    const state = checkpoint([], [{ resource: create, type: "creating" }]);
    const { checkpoint: after, notes } = await settle(dev(project), state, true);
    expect(after.deployment.resources).toHaveLength(1);
    expect(notes).toHaveLength(1);
  });

  it("nothing is planned by a preview that fails, and its errors are told without the rest", async () => {
    const diagnostics = [
      { severity: "warning", message: "never mind" },
      { severity: "error", message: "error: site.guests: give each guest its own VMID\n" },
    ];
    const stdout = JSON.stringify({ config: { secret: "hunter2" }, diagnostics });
    project.answer({ preview: { stdout, code: 255 } });
    await expect(settle(dev(project), checkpoint([]), true)).rejects.toThrow(
      /^pulumi preview --json --refresh=false failed:\nerror: site\.guests: give each guest its own VMID$/,
    );
  });
});
