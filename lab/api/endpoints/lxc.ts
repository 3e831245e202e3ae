import { addToPool } from "../../access/pools";
import { restoreCt } from "../../backup/restoreCt";
import { ctInterfaces } from "../../guests/addresses";
import { requireGuest, requireUnlocked, requireWritable } from "../../guests/config";
import { checkNewCt, CREATE_ONLY, createCt, destroyCt, updateCt } from "../../guests/ct";
import { CT_OPTIONS } from "../../guests/ctOptions";
import { requireCtPrivileges } from "../../guests/ctPrivileges";
import { pendingEntries } from "../../guests/pending";
import { isRunning, startGuest, stopGuest } from "../../guests/power";
import { guestStatus } from "../../guests/status";
import { requireFree } from "../../guests/vm";
import { configKeys } from "../../guests/vmPrivileges";
import { requireVolumeAccess } from "../../storage/volumeAccess";
import type { Call, Endpoint } from "../endpoint";
import { noQuorum, PveError } from "../errors";
import { splitList } from "../formats";
import { flag, optional, standard, text } from "../schema";
import { releaseOf } from "../version";
import { cloneEndpoints } from "./guestClone";
import {
  audit,
  guestPath,
  readConfig,
  requirePool,
  requireUnchanged,
  snapshotName,
} from "./guestCommon";
import { migrateCtEndpoints } from "./guestMigrate";
import { checkDestroy, forgetGuest, manage, powerEndpoints } from "./guestPower";
import { snapshotEndpoints } from "./guestSnapshots";
import { ctDiskEndpoints } from "./lxcDisks";

const TYPE = "lxc";

export const lxcEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/lxc",
    returns: "array",
    parameters: { node: standard.node },
    permissions: { user: "all" },
    proxyto: "node",
    handle: ({ site, node, caller }) =>
      Object.values(site.pmxcfs(node).guests)
        .filter((guest) => guest.type === TYPE && guest.node === node)
        .filter((guest) => site.access.holds(node, caller, `/vms/${guest.vmid}`, "VM.Audit"))
        .map((guest) => ({ type: TYPE, ...guestStatus(site, guest) })),
  },
  {
    method: "POST",
    path: "/nodes/{node}/lxc",
    returns: "string",
    parameters: {
      ...guestPath,
      ...CT_OPTIONS,
      bwlimit: optional({ type: "number", minimum: 0 }),
      force: optional(flag()),
      "ha-managed": optional(flag()),
      "ignore-unpack-errors": optional(flag()),
      ostemplate: text({ maxLength: 255 }),
      password: optional(text({ minLength: 5 })),
      pool: optional(text({ format: "pve-poolid" })),
      restore: optional(flag()),
      "ssh-public-keys": optional(text()),
      start: optional(flag()),
      storage: optional(standard.storage),
      unique: optional(flag()),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: newCt,
  },
  {
    method: "GET",
    path: "/nodes/{node}/lxc/{vmid}/config",
    returns: "object",
    parameters: { ...guestPath, current: optional(flag()), snapshot: optional(snapshotName) },
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) =>
      readConfig(requireGuest(site, node, TYPE, Number(params.vmid)), params, CT_OPTIONS),
  },
  {
    method: "GET",
    path: "/nodes/{node}/lxc/{vmid}/pending",
    returns: "array",
    parameters: guestPath,
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) =>
      pendingEntries(requireGuest(site, node, TYPE, Number(params.vmid)), CT_OPTIONS),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/lxc/{vmid}/config",
    returns: "null",
    parameters: {
      ...guestPath,
      ...CT_OPTIONS,
      // The provider repeats this key once a property.
      delete: optional(text({ format: "pve-configid-list" })),
      digest: optional(text({ maxLength: 40 })),
      revert: optional(text({ format: "pve-configid-list" })),
    },
    permissions: {
      check: [
        "perm",
        "/vms/{vmid}",
        [
          "VM.Config.Disk",
          "VM.Config.CPU",
          "VM.Config.Memory",
          "VM.Config.Network",
          "VM.Config.Options",
        ],
        { any: 1 },
      ],
    },
    proxyto: "node",
    handle: (call) => {
      const { site, node, params } = call;
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      requireUnlocked(guest);
      requireUnchanged(guest, params.digest);
      const unprivileged = guest.config.unprivileged === "1";
      const keys = configKeys(call, REQUEST);
      requireCtPrivileges(call, guest.vmid, keys, unprivileged, guest.config);
      const options = Object.fromEntries(
        Object.entries(params).filter(([key]) => !REQUEST.includes(key)),
      );
      const remove = splitList(String(params.delete ?? ""));
      updateCt(site, guest, options, remove, splitList(String(params.revert ?? "")));
      return null;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/lxc/{vmid}/interfaces",
    returns: "array",
    parameters: guestPath,
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      return isRunning(site, guest) ? ctInterfaces(guest) : [];
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/lxc/{vmid}",
    returns: "string",
    parameters: {
      ...guestPath,
      "destroy-unreferenced-disks": optional(flag()),
      force: optional(flag()),
      purge: optional(flag()),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Allocate"]] },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      checkDestroy(call, guest);
      return site.tasks.start(node, "vzdestroy", String(guest.vmid), caller.name, (log) => {
        checkDestroy(call, guest);
        requireWritable(site, guest);
        if (isRunning(site, guest)) {
          log.info(`forced to stop CT ${guest.vmid} before destroying!`);
          stopGuest(site, guest);
        }
        destroyCt(site, guest, params["destroy-unreferenced-disks"] === 1);
        forgetGuest(call, guest);
      });
    },
  },
  ...cloneEndpoints(TYPE),
  ...ctDiskEndpoints,
  ...migrateCtEndpoints,
  ...powerEndpoints(TYPE),
  ...snapshotEndpoints(TYPE),
];

/** Keys of requests about a container that are not its configuration's. */
const REQUEST = ["delete", "digest", "ha-managed", "node", "revert", "vmid", ...CREATE_ONLY];

function newCt(call: Call): string {
  const { site, node, caller, params } = call;
  if (params.restore === 1) return restoreCt(call);
  const vmid = Number(params.vmid);
  const { node: _node, "ha-managed": _managed, ...options } = params;
  const unprivileged = params.unprivileged !== 0;
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  if (params["ha-managed"] === 1) site.access.require(node, caller, "/", ["Sys.Console"]);
  // Since pve-container 6.0.6, which is release 9's.
  if (!unprivileged && releaseOf(site.host(node)) === 9) {
    site.access.require(node, caller, "/", ["Sys.Modify"]);
  }
  requireFree(site, node, TYPE, vmid);
  const pool = params.pool === undefined ? undefined : String(params.pool);
  if (pool !== undefined) requirePool(site.pmxcfs(node), pool);
  const paths = [`/vms/${vmid}`, ...(pool === undefined ? [] : [`/pool/${pool}`])];
  if (!paths.some((path) => site.access.holds(node, caller, path, "VM.Allocate"))) {
    throw new PveError(403, "Permission check failed");
  }
  const keys = configKeys(call, [...REQUEST, "unprivileged"]);
  requireCtPrivileges(call, vmid, keys, unprivileged);
  requireVolumeAccess(site, node, caller, String(params.ostemplate), vmid);
  checkNewCt(site, node, options);
  return site.tasks.start(node, "vzcreate", String(vmid), caller.name, (log) => {
    const guest = createCt(site, node, vmid, options);
    if (pool !== undefined) addToPool(site.pmxcfs(node), vmid, pool);
    log.info(`extracting archive '${String(params.ostemplate)}'`);
    if (params["ha-managed"] === 1) manage(call, guest);
    if (params.start === 1) startGuest(site, guest);
  });
}
