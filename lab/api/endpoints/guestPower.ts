import { GUEST_FOLDER, GUEST_WORD, requireGuest, requireUnlocked } from "../../guests/config";
import { isRunning, startGuest, stopGuest } from "../../guests/power";
import { guestStatus } from "../../guests/status";
import type { Guest } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die, noQuorum } from "../errors";
import { flag, optional, standard, text, whole } from "../schema";

const guestPath = { node: standard.node, vmid: standard.vmid };
const power: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.PowerMgmt"]] };
const ACTIONS = ["start", "stop", "shutdown", "reboot"] as const;
type Action = (typeof ACTIONS)[number];

const FIELDS: Record<Action, Endpoint["parameters"]> = {
  start: {
    timeout: optional(whole(0)),
    skiplock: optional(flag()),
    debug: optional(flag()),
    machine: optional(text()),
  },
  stop: {
    timeout: optional(whole(0)),
    skiplock: optional(flag()),
    keepActive: optional(flag()),
    "overrule-shutdown": optional(flag()),
  },
  shutdown: {
    timeout: optional(whole(0)),
    skiplock: optional(flag()),
    keepActive: optional(flag()),
    forceStop: optional(flag()),
  },
  reboot: { timeout: optional(whole(0)) },
};

/** `status/current` and the power commands, the same for VMs (`qm…`) and containers (`vz…`). */
export function powerEndpoints(type: Guest["type"]): Endpoint[] {
  const base = `/nodes/{node}/${type}/{vmid}/status`;
  return [
    {
      method: "GET",
      path: `${base}/current`,
      parameters: guestPath,
      permissions: { check: ["perm", "/vms/{vmid}", ["VM.Audit"]] },
      proxyto: "node",
      handle: ({ site, node, params }) => {
        const guest = requireGuest(site, node, type, Number(params.vmid));
        const status = guestStatus(site, guest);
        const sid = serviceId(guest);
        const managed = site.pmxcfs(node).ha.resources[sid];
        return {
          ...status,
          ...(type === "qemu" ? { qmpstatus: status.status } : { type }),
          ha: managed ? { managed: 1, state: managed.state } : { managed: 0 },
        };
      },
    },
    ...ACTIONS.map((action): Endpoint => ({
      method: "POST",
      path: `${base}/${action}`,
      parameters: { ...guestPath, ...FIELDS[action] },
      permissions: power,
      proxyto: "node",
      handle: (call) => changePower(call, type, action),
    })),
  ];
}

/** On an HA guest only the wish is recorded; its task ends at once and the manager acts later. */
function changePower(call: Call, type: Guest["type"], action: Action): string {
  const { site, node, caller, params } = call;
  const guest = requireGuest(site, node, type, Number(params.vmid));
  requireUnlocked(guest);
  if (action === "start" && !site.quorum.isQuorate(node)) throw noQuorum();
  const id = String(guest.vmid);
  const resource = site.pmxcfs(node).ha.resources[serviceId(guest)];
  if (resource && resource.state !== "ignored" && action !== "reboot") {
    const wanted = action === "start" ? "started" : "stopped";
    return site.tasks.start(
      node,
      action === "start" ? "hastart" : "hastop",
      id,
      caller.name,
      () => {
        resource.state = wanted;
      },
    );
  }
  const prefix = type === "qemu" ? "qm" : "vz";
  return site.tasks.start(node, `${prefix}${action}`, id, caller.name, () => {
    const running = isRunning(site, guest);
    if (action === "start") return startGuest(site, guest);
    if (!running) throw die(`${GUEST_WORD[type]} ${guest.vmid} not running`);
    stopGuest(site, guest);
    if (action === "reboot") startGuest(site, guest);
  });
}

export function serviceId(guest: Guest): string {
  return `${guest.type === "qemu" ? "vm" : "ct"}:${guest.vmid}`;
}

/** What stands in the way of destroying a guest, in PVE's words. */
export function checkDestroy(call: Call, guest: Guest): void {
  const { site, node, params } = call;
  const word = GUEST_WORD[guest.type];
  requireUnlocked(guest);
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  if (guest.config.protection === "1") {
    throw die(`can't remove ${word} ${guest.vmid} - protection mode enabled`);
  }
  if (site.pmxcfs(node).ha.resources[serviceId(guest)] && params.purge !== 1) {
    throw die(
      guest.type === "qemu"
        ? "unable to remove VM, used in HA resources and purge parameter not set"
        : `unable to remove CT ${guest.vmid} - used in HA resources and purge parameter not set.`,
    );
  }
  if (isRunning(site, guest) && !(guest.type === "lxc" && params.force === 1)) {
    throw die(`${word} ${guest.vmid} is running - destroy failed`);
  }
}

/** With `purge`, backup jobs and HA forget the guest as well. */
export function purgeReferences({ site, node }: Call, guest: Guest): void {
  const config = site.pmxcfs(node);
  delete config.ha.resources[serviceId(guest)];
  for (const job of Object.values(config.jobs)) {
    const left = (job.vmid ?? "").split(",").filter((entry) => entry !== String(guest.vmid));
    if (job.vmid !== undefined && left.length > 0) job.vmid = left.join(",");
  }
}

export function guestFile(guest: Guest): string {
  return `/etc/pve/nodes/${guest.node}/${GUEST_FOLDER[guest.type]}/${guest.vmid}.conf`;
}
