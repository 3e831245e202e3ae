import { requireGuest, requireUnlocked } from "../../guests/config";
import { isRunning } from "../../guests/power";
import type { MigrationRequest } from "../../migration/journey";
import { ctPreconditions, vmPreconditions } from "../../migration/preconditions";
import { requestMigration } from "../../migration/start";
import {
  parseStorageMap,
  requireEnabled,
  requireStorages,
  type StorageMap,
} from "../../migration/storageMap";
import type { Guest } from "../../state/types";
import { contentOf } from "../../storage/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die, noQuorum } from "../errors";
import { choice, flag, optional, standard, text, whole } from "../schema";
import { guestPath, requireRoot } from "./guestCommon";

const permissions: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Migrate"]] };
const preconditions = { ...guestPath, target: optional(standard.node) };
const storageMap = optional(text({ format: "storage-pair-list" }));

export const migrateVmEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/migrate",
    returns: "object",
    parameters: preconditions,
    permissions,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      if (!site.quorum.isQuorate(node)) throw noQuorum();
      const guest = requireGuest(site, node, "qemu", Number(params.vmid));
      requireUnlocked(guest);
      return vmPreconditions(site, guest);
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/migrate",
    returns: "string",
    parameters: {
      ...guestPath,
      bwlimit: optional(whole(0)),
      force: optional(flag()),
      migration_network: optional(text({ format: "CIDR" })),
      migration_type: optional(choice("secure", "insecure")),
      online: optional(flag()),
      target: standard.node,
      targetstorage: storageMap,
      "with-conntrack-state": optional(flag()),
      "with-local-disks": optional(flag()),
    },
    permissions,
    proxyto: "node",
    handle: migrateVm,
  },
];

export const migrateCtEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/lxc/{vmid}/migrate",
    returns: "object",
    parameters: preconditions,
    permissions,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      if (!site.quorum.isQuorate(node)) throw noQuorum();
      const guest = requireGuest(site, node, "lxc", Number(params.vmid));
      requireUnlocked(guest);
      return ctPreconditions(site, guest);
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/lxc/{vmid}/migrate",
    returns: "string",
    parameters: {
      ...guestPath,
      bwlimit: optional({ type: "number", minimum: 0 }),
      online: optional(flag()),
      restart: optional(flag()),
      target: standard.node,
      "target-storage": storageMap,
      timeout: optional(whole()),
    },
    permissions,
    proxyto: "node",
    handle: migrateCt,
  },
];

function migrateVm(call: Call): string {
  const { site, node, caller, params } = call;
  const target = targetOf(call);
  requireRoot(call, "force", "migration_type", "migration_network");
  const guest = requireGuest(site, node, "qemu", Number(params.vmid));
  requireUnlocked(guest);
  if (isRunning(site, guest) && params.online !== 1) {
    throw die("can't migrate running VM without --online");
  }
  const storages = mapOf(call, "targetstorage", target);
  if (storages === undefined || storages.identity) requireStorages(site, guest, target);
  const request: MigrationRequest = {
    ...common(call, guest, target, storages),
    online: isRunning(site, guest),
    withLocalDisks: params["with-local-disks"] === 1,
    force: params.force === 1,
  };
  return requestMigration(site, guest, request, caller.name);
}

function migrateCt(call: Call): string {
  const { site, node, caller, params } = call;
  const target = targetOf(call);
  const guest = requireGuest(site, node, "lxc", Number(params.vmid));
  const online = params.online === 1;
  const restart = params.restart === 1;
  if (isRunning(site, guest) && !online && !restart) {
    throw die("can't migrate running container without --online or --restart");
  }
  const request: MigrationRequest = {
    ...common(call, guest, target, mapOf(call, "target-storage", target)),
    online,
    restart,
    ...(params.timeout === undefined ? {} : { timeout: Number(params.timeout) }),
  };
  return requestMigration(site, guest, request, caller.name);
}

function common(
  { node, params }: Call,
  { type, vmid }: Guest,
  target: string,
  storages: StorageMap | undefined,
): Pick<MigrationRequest, "node" | "type" | "vmid" | "target" | "storages" | "bwlimit"> {
  return {
    node,
    type,
    vmid,
    target,
    ...(storages === undefined ? {} : { storages }),
    ...(params.bwlimit === undefined ? {} : { bwlimit: Number(params.bwlimit) }),
  };
}

function targetOf({ site, node, params }: Call): string {
  const target = String(params.target);
  if (target === node) throw badParameters({ target: "target is local node." });
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  if (!site.members(node).includes(target)) throw die(`no such cluster node '${target}'`);
  return target;
}

/** Reads where local volumes shall go; each storage that is named must be usable there, by the caller too. */
function mapOf(call: Call, parameter: string, target: string): StorageMap | undefined {
  const { site, node, caller, params } = call;
  if (params[parameter] === undefined) return undefined;
  const map = parseStorageMap(parameter, String(params[parameter]));
  if (!map.identity) {
    site.access.require(node, caller, `/vms/${params.vmid}`, ["VM.Config.Disk"]);
  }
  const named = [
    ...Object.values(map.entries),
    ...(map.default === undefined ? [] : [map.default]),
  ];
  for (const storage of named) {
    const config = site.storages.config(node, storage);
    site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
    requireEnabled(site, node, storage, target);
    if (parameter === "targetstorage" && !contentOf(config).includes("images")) {
      throw badParameters({ targetstorage: `storage '${storage}' does not support vm images` });
    }
  }
  return map;
}
