import { die } from "../api/errors";
import { splitList } from "../api/formats";
import type { Values } from "../api/verify";
import type { Site } from "../site";
import type { Resource } from "./core/types";
import type { HaResource } from "../state/types";
import { changeHa, groupsAreGone, requireHaWrite } from "./domain";

/** `vm:100` or a bare `100`, which PVE completes from the guest's type. */
export function resourceId(site: Site, node: string, given: string): string {
  if (/^(vm|ct):\d+$/.test(given)) return given;
  const guest = site.pmxcfs(node).guests[given];
  if (!guest) throw die(`unable to detect SID from VMID - VM/CT ${given} does not exist`);
  return `${guest.type === "qemu" ? "vm" : "ct"}:${given}`;
}

/** All resources as the manager reads them: defaults filled in, and the node where the guest's file lies. */
export function resourcesOn(site: Site, node: string): Record<string, Resource> {
  const { ha, guests } = site.pmxcfs(node);
  const entries = Object.entries(ha.resources).map(([sid, resource]): [string, Resource] => {
    const { state, max_restart = 1, max_relocate = 1, failback = true, group, comment } = resource;
    const [type, id = ""] = sid.split(":");
    const guest = guests[id];
    const fits = guest && (guest.type === "qemu") === (type === "vm");
    return [
      sid,
      {
        ...(fits ? { node: guest.node } : {}),
        state,
        max_restart,
        max_relocate,
        failback,
        ...(group === undefined ? {} : { group }),
        ...(comment === undefined ? {} : { comment }),
      },
    ];
  });
  return Object.fromEntries(entries);
}

export function requireResource(site: Site, node: string, sid: string): HaResource {
  const resource = site.pmxcfs(node).ha.resources[sid];
  if (!resource) throw die(`no such resource '${sid}'`);
  return resource;
}

export function addResource(site: Site, node: string, sid: string, params: Values): void {
  requireHaWrite(site, node);
  requireGroupsFor(site, node, params);
  const [type, id = ""] = sid.split(":");
  const guest = site.pmxcfs(node).guests[id];
  if (!guest || (guest.type === "qemu") !== (type === "vm")) {
    throw die(`resource '${sid}' does not exist in cluster`);
  }
  changeHa(site, node, "create resource failed", ({ resources }) => {
    if (resources[sid]) throw die(`resource ID '${sid}' already defined`);
    resources[sid] = { state: "started", ...resourceFields(params) };
  });
}

export function updateResource(
  site: Site,
  node: string,
  sid: string,
  params: Values,
  remove: string[],
): void {
  requireGroupsFor(site, node, params);
  const { group } = params;
  if (group !== undefined && !site.pmxcfs(node).ha.groups?.[String(group)]) {
    throw die(`HA group '${group}' does not exist`);
  }
  requireNoError(site, node, sid, params.state);
  changeHa(site, node, "update resources config failed", () => {
    const resource = requireResource(site, node, sid);
    for (const key of remove) delete (resource as unknown as Record<string, unknown>)[key];
    Object.assign(resource, resourceFields(params));
    resource.state ??= "started";
  });
}

/** Purging takes the resource out of rules as well; a rule that names nothing more goes too. */
export function removeResource(site: Site, node: string, sid: string, purge: boolean): void {
  requireHaWrite(site, node);
  if (!site.pmxcfs(node).ha.resources[sid]) {
    throw die(`cannot delete service '${sid}', not HA managed!`);
  }
  changeHa(site, node, "delete resource failed", ({ resources, rules }) => {
    delete resources[sid];
    for (const [name, rule] of Object.entries(purge ? rules : {})) {
      const left = splitList(rule.resources ?? "").filter((other) => other !== sid);
      if (left.length === 0) delete rules[name];
      else rule.resources = left.join(",");
    }
  });
}

/** Asks the manager to move a resource; it decides when (ha-manager: Resources.pm). */
export function requestMotion(
  site: Site,
  node: string,
  motion: "migrate" | "relocate",
  sid: string,
  target: string,
): void {
  requireHaWrite(site, node);
  requireResource(site, node, sid);
  requireNoError(site, node, sid);
  if (!site.members(node).includes(target)) throw die(`no such cluster node '${target}'`);
  site.ha.command(node, `${motion} ${sid} ${target}`);
}

/** All resources as they are listed, with what is wrong with them. */
export function listResources(site: Site, node: string): Record<string, unknown>[] {
  const { resources, groups = {} } = site.pmxcfs(node).ha;
  return Object.entries(resources).map(([sid, resource]) => {
    const { group } = resource;
    const missing = group !== undefined && !groups[group];
    return {
      ...describeResource(sid, resource),
      ...(missing ? { errors: { group: `group '${group}' does not exist` } } : {}),
    };
  });
}

export function describeResource(sid: string, resource: HaResource): Record<string, unknown> {
  const { failback, ...rest } = resource;
  return {
    sid,
    type: sid.split(":")[0],
    ...rest,
    ...(failback === undefined ? {} : { failback: failback ? 1 : 0 }),
  };
}

/** From `error` a resource comes back through `disabled` only (PVE::API2::HA::Resources, check_service_state). */
function requireNoError(site: Site, node: string, sid: string, wanted?: unknown): void {
  const { resources, files } = site.pmxcfs(node).ha;
  const state = resources[sid] && files?.manager_status.service_status[sid]?.state;
  if (state !== "error" || wanted === "disabled") return;
  throw die(`service '${sid}' in error state, must be disabled and fixed first`);
}

/** A resource of release 9 has no group any more. */
function requireGroupsFor(site: Site, node: string, { group }: Values): void {
  if (group === undefined || !groupsAreGone(site, node)) return;
  throw die("invalid parameter 'group': ha groups have been migrated to rules");
}

function resourceFields(params: Values): Partial<HaResource> {
  const { state, max_relocate, max_restart, failback, group, comment } = params;
  return {
    ...(state === undefined
      ? {}
      : { state: (state === "enabled" ? "started" : state) as HaResource["state"] }),
    ...(max_relocate === undefined ? {} : { max_relocate: Number(max_relocate) }),
    ...(max_restart === undefined ? {} : { max_restart: Number(max_restart) }),
    ...(failback === undefined ? {} : { failback: failback === 1 }),
    ...(group === undefined ? {} : { group: String(group) }),
    ...(comment === undefined ? {} : { comment: String(comment) }),
  };
}
