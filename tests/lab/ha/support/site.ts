import { clusterWithWitness, type Machines } from "../../cluster/support/machines";

/** Two nodes with a witness, and three guests that do not run yet. */
export async function siteWithGuests(): Promise<Machines> {
  const lab = await clusterWithWitness();
  addGuest(lab, 100, "pve01");
  addGuest(lab, 101, "pve02");
  addGuest(lab, 102, "pve02", "lxc");
  lab.site.start();
  return lab;
}

export function addGuest(
  lab: Machines,
  vmid: number,
  node: string,
  type: "qemu" | "lxc" = "qemu",
): void {
  lab.site.pmxcfs("pve01").guests[String(vmid)] = { vmid, type, node, config: { memory: "512" } };
}

export const isRunning = (lab: Machines, vmid: number, node: string): boolean =>
  lab.site.nodeState(node).running[String(vmid)] !== undefined;

/** Until every daemon has had a few rounds. */
export const settled = (lab: Machines): Promise<void> => lab.advance(60);
