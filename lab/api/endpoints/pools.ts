import { changeUserConfig } from "../../access/userConfig";
import { guestStatus } from "../../guests/status";
import { storageResource } from "../../node/storageResource";
import type { Site } from "../../site";
import type { Pool } from "../../state/settings";
import type { Pmxcfs } from "../../state/types";

import type { Call, Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, type Parameters, text } from "../schema";

const allocate: Permissions = { check: ["perm", "/pool/{poolid}", ["Pool.Allocate"]] };
const poolid = text({ format: "pve-poolid" });
const type = optional(choice("qemu", "lxc", "storage"));

const changes: Parameters = {
  poolid,
  "allow-move": optional(flag()),
  comment: optional(text()),
  delete: optional(flag()),
  storage: optional(text({ format: "pve-storage-id-list" })),
  vms: optional(text({ format: "pve-vmid-list" })),
};

/** Both spellings: with the id in the query, which nested pools need, and the old one with it in the path. */
const PLACES = ["/pools", "/pools/{poolid}"] as const;

/** Pools of guests and storages (user.cfg). */
export const poolEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/pools",
    returns: "array",
    parameters: { poolid: optional(poolid), type },
    permissions: { user: "all" },
    handle: (call) => {
      const { site, node, caller, params } = call;
      if (params.poolid !== undefined) {
        site.access.require(node, caller, `/pool/${params.poolid}`, ["Pool.Audit"]);
        return [describePool(call)];
      }
      return Object.entries(site.pmxcfs(node).pools ?? {})
        .filter(([name]) => site.access.holds(node, caller, `/pool/${name}`, "Pool.Audit"))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, pool]) => ({ poolid: name, ...commentOf(pool) }));
    },
  },
  {
    method: "GET",
    path: "/pools/{poolid}",
    returns: "object",
    parameters: { poolid, type },
    permissions: { check: ["perm", "/pool/{poolid}", ["Pool.Audit"]] },
    handle: describePool,
  },
  {
    method: "POST",
    path: "/pools",
    returns: "null",
    parameters: { poolid, comment: optional(text()) },
    permissions: allocate,
    handle: (call) =>
      changeUserConfig(call, "create pool failed", (config) => {
        const name = String(call.params.poolid);
        const pools = (config.pools ??= {});
        if (pools[name]) throw die(`pool '${name}' already exists`);
        const [, parent, leaf = name] = /^(.*)\/([^/]+)$/.exec(name) ?? [];
        if (parent !== undefined && !pools[parent]) {
          throw die(`parent '${parent}' of pool '${name}' does not exist`);
        }
        if (!/^[A-Za-z]/.test(leaf)) throw die("pool name must start with a letter");
        const { comment } = call.params;
        pools[name] = { vms: [], storage: [], ...(comment ? { comment: String(comment) } : {}) };
        return null;
      }),
  },
  ...PLACES.flatMap((path): Endpoint[] => [
    {
      method: "PUT",
      path,
      returns: "null",
      parameters: changes,
      permissions: allocate,
      handle: changePool,
    },
    {
      method: "DELETE",
      path,
      returns: "null",
      parameters: { poolid },
      permissions: allocate,
      handle: deletePool,
    },
  ]),
];

function changePool(call: Call): null {
  const { comment, vms, storage } = call.params;
  return changeUserConfig(call, "update pools failed", (config) => {
    const pool = requirePool(config, call.params.poolid);
    // Nothing is written when one of the members is refused.
    const changed = structuredClone(config.pools ?? {});
    const target = changed[String(call.params.poolid)] ?? pool;
    if (comment !== undefined) target.comment = String(comment);
    for (const vmid of splitList(String(vms ?? ""))) moveGuest(call, changed, target, Number(vmid));
    for (const id of splitList(String(storage ?? ""))) moveStorage(call, target, id);
    config.pools = changed;
    return null;
  });
}

function moveGuest(call: Call, pools: Record<string, Pool>, pool: Pool, vmid: number): void {
  const { site, node, caller, params } = call;
  site.access.requireModify(node, caller, `/vms/${vmid}`);
  const member = pool.vms.includes(vmid);
  if (params.delete === 1) {
    if (!member) throw die(`VM ${vmid} is not a pool member`);
    pool.vms = pool.vms.filter((other) => other !== vmid);
    return;
  }
  if (member) throw die(`VM ${vmid} is already a pool member`);
  const [name, other] = Object.entries(pools).find(([, { vms }]) => vms.includes(vmid)) ?? [];
  if (other) {
    if (params["allow-move"] !== 1) {
      throw die(`VM ${vmid} belongs already to pool '${name}' and 'allow-move' is not set`);
    }
    site.access.require(node, caller, `/pool/${name}`, ["Pool.Allocate"]);
    other.vms = other.vms.filter((entry) => entry !== vmid);
  }
  pool.vms.push(vmid);
}

function moveStorage({ site, node, caller, params }: Call, pool: Pool, id: string): void {
  site.access.requireModify(node, caller, `/storage/${id}`);
  const member = pool.storage.includes(id);
  if (params.delete === 1) {
    if (!member) throw die(`Storage '${id}' is not a pool member`);
    pool.storage = pool.storage.filter((other) => other !== id);
    return;
  }
  if (member) throw die(`Storage '${id}' is already a pool member`);
  pool.storage.push(id);
}

function deletePool(call: Call): null {
  return changeUserConfig(call, "delete pool failed", (config) => {
    const name = String(call.params.poolid);
    const pool = requirePool(config, name);
    const holds = (what: string) => die(`pool '${name}' is not empty (contains ${what})`);
    const pools = Object.keys(config.pools ?? {}).sort();
    const nested = pools.find((other) => other.startsWith(`${name}/`));
    if (nested !== undefined) throw holds(`pool '${nested}'`);
    const [vmid] = pool.vms.filter((other) => config.guests[String(other)]).sort();
    if (vmid !== undefined) throw holds(`VM ${vmid}`);
    const [storage] = pool.storage.filter((other) => config.storages[other]).sort();
    if (storage !== undefined) throw holds(`storage '${storage}'`);
    delete config.pools?.[name];
    config.acl = config.acl.filter(({ path }) => path !== `/pool/${name}`);
    return null;
  });
}

function describePool({ site, node, params }: Call): Record<string, unknown> {
  const name = String(params.poolid);
  const config = site.pmxcfs(node);
  const pool = requirePool(config, name);
  const guests = [...pool.vms]
    .sort()
    .flatMap((vmid) => config.guests[String(vmid)] ?? [])
    .filter((guest) => params.type === undefined || guest.type === params.type)
    .map((guest) => ({
      id: `${guest.type}/${guest.vmid}`,
      type: guest.type,
      node: guest.node,
      template: 0,
      ...guestStatus(site, guest),
    }));
  const storages =
    params.type === undefined || params.type === "storage"
      ? [...pool.storage].sort().filter((id) => config.storages[id])
      : [];
  return {
    poolid: name,
    ...commentOf(pool),
    members: [...guests, ...storages.map((id) => storageMember(site, node, id))],
  };
}

/** A storage is shown as the node that answers sees it, or else the first that has it. */
function storageMember(site: Site, node: string, id: string): Record<string, unknown> {
  const nodes = splitList(site.storages.config(node, id).nodes ?? "");
  const where = nodes.length === 0 || nodes.includes(node) ? node : [...nodes].sort()[0];
  return storageResource(site, node, where ?? node, id);
}

function requirePool({ pools = {} }: Pmxcfs, name: unknown): Pool {
  const pool = pools[String(name)];
  if (!pool) throw die(`pool '${String(name)}' does not exist`);
  return pool;
}

function commentOf({ comment }: Pool): { comment?: string } {
  return comment ? { comment } : {};
}
