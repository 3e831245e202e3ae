import { requireGuest } from "../../guests/config";
import { hibernate, pause, reset, resume } from "../../guests/lifecycle";
import { isRunning } from "../../guests/power";
import { stateStorage } from "../../guests/vmState";
import type { Guest } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { flag, optional, standard } from "../schema";
import { guestPath, requireRoot } from "./guestCommon";
import { serviceId } from "../../ha/serviceId";

const power: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.PowerMgmt"]] };
const base = "/nodes/{node}/qemu/{vmid}/status";
const skiplock = optional(flag());

const find = ({ site, node, params }: Call): Guest =>
  requireGuest(site, node, "qemu", Number(params.vmid));

/** Pausing a VM, saving it to disk, and waking it up. */
export const suspendEndpoints: Endpoint[] = [
  {
    method: "POST",
    path: `${base}/reset`,
    returns: "string",
    parameters: { ...guestPath, skiplock },
    permissions: power,
    proxyto: "node",
    handle: (call) => {
      requireRoot(call, "skiplock");
      const { site, node, caller, params } = call;
      const guest = requireRunning(call);
      return site.tasks.start(node, "qmreset", String(guest.vmid), caller.name, () =>
        reset(site, find(call), params.skiplock === 1),
      );
    },
  },
  {
    method: "POST",
    path: `${base}/suspend`,
    returns: "string",
    parameters: {
      ...guestPath,
      skiplock,
      statestorage: optional(standard.storage),
      todisk: optional(flag()),
    },
    permissions: power,
    proxyto: "node",
    handle: suspend,
  },
  {
    method: "POST",
    path: `${base}/resume`,
    returns: "string",
    parameters: { ...guestPath, nocheck: optional(flag()), skiplock },
    permissions: power,
    proxyto: "node",
    handle: (call) => {
      requireRoot(call, "skiplock", "nocheck");
      const { site, node, caller, params } = call;
      const guest = find(call).config.lock === "suspended" ? find(call) : requireRunning(call);
      return site.tasks.start(node, "qmresume", String(guest.vmid), caller.name, (log) =>
        resume(site, find(call), params.skiplock === 1, log),
      );
    },
  },
];

function requireRunning(call: Call): Guest {
  const guest = find(call);
  if (!isRunning(call.site, guest)) throw die(`VM ${guest.vmid} not running`);
  return guest;
}

function suspend(call: Call): string {
  const { site, node, caller, params } = call;
  requireRoot(call, "skiplock");
  const guest = requireRunning(call);
  const id = String(guest.vmid);
  if (params.todisk !== 1) {
    return site.tasks.start(node, "qmpause", id, caller.name, () =>
      pause(site, find(call), params.skiplock === 1),
    );
  }
  if (site.pmxcfs(node).ha.resources[serviceId(guest)]) {
    throw die("Cannot suspend HA managed VM to disk");
  }
  site.access.require(node, caller, `/vms/${id}`, ["VM.Config.Disk"]);
  if (Object.keys(guest.config).some((key) => /^hostpci\d+/.test(key))) {
    throw die(
      "cannot suspend VM to disk due to passed-through PCI device(s), which lack the possibility to save/restore their internal state",
    );
  }
  const storage = String(params.statestorage ?? stateStorage(site, guest));
  site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
  return site.tasks.start(node, "qmsuspend", id, caller.name, (log) =>
    hibernate(site, find(call), storage, log),
  );
}
