import type { Guest } from "../../../lab/state/types";
import type { Lab, Params } from "../support/lab";

export const VM = "/nodes/pve01/qemu/100";
export const CT = "/nodes/pve01/lxc/101";

export function guestOf(lab: Lab, vmid: number, node = "pve01"): Guest {
  const guest = lab.site.pmxcfs(node).guests[String(vmid)];
  if (!guest) throw new Error(`there is no guest ${vmid}`);
  return guest;
}

/** Status as `GET …/status/current` tells it. */
export const current = (lab: Lab, path = VM) =>
  lab.data<Record<string, unknown>>("pve01", "GET", `${path}/status/current`);

export const act = (lab: Lab, action: string, params: Params = {}, path = VM) =>
  lab.task("pve01", "POST", `${path}/status/${action}`, params);

/** The newest task of a node: its type, its log and how it ended. */
export function lastTask(lab: Lab, node = "pve01") {
  const task = lab.site.nodeState(node).tasks.at(-1);
  if (!task) throw new Error(`there is no task on ${node}`);
  return task;
}
