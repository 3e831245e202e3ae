import { installQdevice, Machines, clusterOfTwo, ADDRESS } from "../../cluster/support/machines";
import { addData } from "../../support/guests";
import type { HostState, LabState } from "../../../../lab/state/types";
import type { Saved } from "./journal";

export type SiteKind = "two nodes and a QDevice" | "three nodes" | "two nodes";

/** Guests of every site: HA resources can be 100–103, of which 103 has its disk on one node only. */
export const GUESTS = [100, 101, 102, 103, 104, 105, 106] as const;
export const HA = ["vm:100", "vm:101", "ct:102", "vm:103"] as const;
/** No other node can start it. */
export const LOCAL = "vm:103";

const VMS = [
  { vmid: 100, node: "pve01", storage: "Data" },
  { vmid: 101, node: "pve02", storage: "Data" },
  { vmid: 103, node: "pve02", storage: "local-lvm" },
  { vmid: 104, node: "pve01", storage: "local-lvm", onboot: 1 },
  { vmid: 105, node: "pve02", storage: "Data", onboot: 1 },
];
const CONTAINERS = [
  { vmid: 102, node: "pve02" },
  { vmid: 106, node: "pve01", onboot: 1 },
];

/** A cluster with storages and guests that do not run, and no HA resources. */
export async function seed(kind: SiteKind): Promise<Saved> {
  let lab = await clusterOfTwo();
  if (kind === "three nodes") lab = await withThirdNode(lab);
  if (kind === "two nodes and a QDevice") {
    await installQdevice(lab);
    await lab.out("pve01", `pvecm qdevice setup ${ADDRESS.nas}`);
    await lab.advance(10);
  }
  await addData(lab);
  await lab.data("pve01", "POST", "/storage", {
    storage: "Backup",
    type: "nfs",
    server: ADDRESS.nas,
    export: "/backup/pve-backup",
    content: "backup",
  });
  for (const { node, storage, ...params } of VMS) {
    const disk = { scsi0: `${storage}:4${storage === "Data" ? ",format=qcow2" : ""}` };
    await create(lab, node, "qemu", { ...params, ...disk, memory: 512, ostype: "l26" });
  }
  for (const { node, ...params } of CONTAINERS) {
    const template = "Data:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst";
    await create(lab, node, "lxc", {
      ...params,
      ostemplate: template,
      rootfs: "Data:2",
      memory: 256,
    });
  }
  for (const { node } of Object.values(lab.state.hosts)) if (node) node.tasks = [];
  return { text: JSON.stringify(lab.state), time: lab.clock.now() };
}

async function create(
  lab: Machines,
  node: string,
  type: string,
  params: Record<string, string | number>,
): Promise<void> {
  const end = await lab.task(node, "POST", `/nodes/${node}/${type}`, params);
  if (end !== "OK") throw new Error(`guest ${params.vmid}: ${end}`);
}

/** The same with pve03, made after the image of pve02 before it joined. */
async function withThirdNode({ state, clock }: Machines): Promise<Machines> {
  const { pve02 } = state.hosts;
  if (!pve02?.node) throw new Error("a cluster has a node pve02");
  const pve03: HostState = structuredClone({ ...pve02, name: "pve03", address: "192.168.18.103" });
  const nodeid = 3;
  // pmxcfs starts where the node's name stands for an address.
  pve03.files["/etc/hosts"] = { content: `${pve03.address} pve03\n`, mode: 0o644 };
  state.hosts.pve03 = pve03;
  const { corosync } = state.pmxcfs[pve02.node.pmxcfs] ?? {};
  corosync?.nodes.push({ name: "pve03", nodeid, votes: 1, address: pve03.address });
  delete state.corosync;
  return new Machines(JSON.parse(JSON.stringify(state)) as LabState, clock.now());
}
