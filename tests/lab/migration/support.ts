import type { GuestTraits } from "../../../lab/guests/traits";
import { addData, newVm } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

export const VM = "/nodes/pve01/qemu/100";
export const CT = "/nodes/pve01/lxc/101";

/** Both nodes in a cluster on `Data`, their cards with a speed if one is given. */
export async function site(linkMbit?: number): Promise<Lab> {
  const lab = await newLab();
  await lab.cluster();
  await addData(lab);
  for (const host of Object.values(lab.state.hosts)) {
    if (linkMbit !== undefined) host.linkMbit = linkMbit;
  }
  return lab;
}

export async function runningVm(lab: Lab, params: Params = {}, traits: Partial<GuestTraits> = {}) {
  await newVm(lab, { memory: 3072, scsi0: "Data:8,format=qcow2", ...params });
  const guest = guestOf(lab, 100);
  guest.traits = traits;
  await lab.task("pve01", "POST", `${VM}/status/start`);
  return guest;
}

export function guestOf(lab: Lab, vmid: number) {
  const guest = lab.site.pmxcfs("pve01").guests[String(vmid)];
  if (!guest) throw new Error(`there is no guest ${vmid}`);
  return guest;
}

/** Nodes on which the guest runs, by the records of the nodes themselves. */
export const runsOn = (lab: Lab, vmid = 100): string[] =>
  ["pve01", "pve02"].filter((node) => lab.site.nodeState(node).running[String(vmid)]);

export const migrate = (lab: Lab, params: Params = {}, path = VM) =>
  lab.api("pve01", "POST", `${path}/migrate`, { target: "pve02", ...params });

/** The end of the newest task on pve01 and its log without times. */
export function lastTask(lab: Lab): { end: string | undefined; log: string[]; type: string } {
  const task = lab.site.nodeState("pve01").tasks.at(-1);
  const log = task?.log.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /, "")) ?? [];
  return { end: task?.exitstatus, log, type: task?.type ?? "" };
}

/** Moves the clock second by second until nothing is under way any more, `each` after every step. */
export async function untilDone(lab: Lab, each: () => void = () => undefined): Promise<void> {
  for (let second = 0; second < 100_000; second++) {
    each();
    if (lab.site.nodeState("pve01").tasks.at(-1)?.exitstatus !== undefined) return;
    await lab.clock.advance(1000);
  }
  throw new Error("the task does not end");
}
