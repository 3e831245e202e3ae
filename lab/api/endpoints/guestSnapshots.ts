import { requireGuest, requireUnlocked } from "../../guests/config";
import { CT_OPTIONS } from "../../guests/ctOptions";
import { isRunning, startGuest } from "../../guests/power";
import {
  createSnapshot,
  deleteSnapshot,
  requireSnapshot,
  rollback,
  snapshotConfig,
  snapshotEntries,
} from "../../guests/snapshots";
import { requireSaveable } from "../../guests/vmState";
import { VM_OPTIONS } from "../../guests/vmOptions";
import type { Guest } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { flag, optional, text } from "../schema";
import { audit, guestPath, snapshotName } from "./guestCommon";

const change: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Snapshot"]] };
const back: Permissions = {
  check: ["perm", "/vms/{vmid}", ["VM.Snapshot", "VM.Snapshot.Rollback"], { any: 1 }],
};
const read: Permissions = {
  check: ["perm", "/vms/{vmid}", ["VM.Snapshot", "VM.Snapshot.Rollback", "VM.Audit"], { any: 1 }],
};

/** Names that no snapshot may have. */
function requireName(type: Guest["type"], name: string): void {
  const reserved =
    type === "qemu" ? name.toLowerCase() === "pending" && "pending" : name === "vzdump" && name;
  const taken = name === "current" ? name : reserved;
  if (taken) throw die(`unable to use snapshot name '${taken}' (reserved name)`);
}

/** Snapshots, the same for VMs (`qm…`) and containers (`vz…`), which save no memory. */
export function snapshotEndpoints(type: Guest["type"]): Endpoint[] {
  const prefix = type === "qemu" ? "qm" : "vz";
  const list = `/nodes/{node}/${type}/{vmid}/snapshot`;
  const one = `${list}/{snapname}`;
  const named = { ...guestPath, snapname: snapshotName };
  const description = optional(text());
  const find = ({ site, node, params }: Call): Guest =>
    requireGuest(site, node, type, Number(params.vmid));
  return [
    {
      method: "GET",
      path: list,
      returns: "array",
      parameters: guestPath,
      permissions: audit,
      proxyto: "node",
      handle: (call) => snapshotEntries(call.site, find(call)),
    },
    {
      method: "POST",
      path: list,
      returns: "string",
      parameters: {
        ...named,
        description,
        ...(type === "qemu" ? { vmstate: optional(flag()) } : {}),
      },
      permissions: change,
      proxyto: "node",
      handle: (call) => {
        const { site, node, caller, params } = call;
        const name = String(params.snapname);
        requireName(type, name);
        const withState = params.vmstate === 1;
        if (withState) requireSaveable(find(call));
        const options = {
          withState,
          ...(params.description === undefined ? {} : { description: String(params.description) }),
        };
        const id = String(params.vmid);
        return site.tasks.start(node, `${prefix}snapshot`, id, caller.name, (log) =>
          createSnapshot(site, find(call), name, options, log),
        );
      },
    },
    {
      method: "DELETE",
      path: one,
      returns: "string",
      parameters: { ...named, force: optional(flag()) },
      permissions: change,
      proxyto: "node",
      handle: (call) => {
        const { site, node, caller, params } = call;
        const id = String(params.vmid);
        return site.tasks.start(node, `${prefix}delsnapshot`, id, caller.name, () =>
          deleteSnapshot(site, find(call), String(params.snapname), params.force === 1),
        );
      },
    },
    {
      method: "GET",
      path: `${one}/config`,
      returns: "object",
      parameters: named,
      permissions: read,
      proxyto: "node",
      handle: (call) =>
        snapshotConfig(
          find(call),
          String(call.params.snapname),
          type === "qemu" ? VM_OPTIONS : CT_OPTIONS,
        ),
    },
    {
      method: "PUT",
      path: `${one}/config`,
      returns: "null",
      parameters: { ...named, description },
      permissions: change,
      proxyto: "node",
      handle: (call) => {
        if (call.params.description === undefined) return null;
        const guest = find(call);
        requireUnlocked(guest);
        const snapshot = requireSnapshot(guest, String(call.params.snapname));
        snapshot.description = String(call.params.description);
        return null;
      },
    },
    {
      method: "POST",
      path: `${one}/rollback`,
      returns: "string",
      parameters: { ...named, start: optional(flag()) },
      permissions: back,
      proxyto: "node",
      handle: (call) => {
        const { site, node, caller, params } = call;
        const id = String(params.vmid);
        if (params.start === 1) site.access.require(node, caller, `/vms/${id}`, ["VM.PowerMgmt"]);
        return site.tasks.start(node, `${prefix}rollback`, id, caller.name, (log) => {
          const guest = find(call);
          rollback(site, guest, String(params.snapname));
          if (params.start === 1 && !isRunning(site, guest)) startGuest(site, guest, log);
        });
      },
    },
  ];
}
