import { requireUnmodified } from "../api/clusterFile";
import { die } from "../api/errors";
import { splitList } from "../api/formats";
import type { Values } from "../api/verify";
import { digestOf } from "../guests/config";
import type { Site } from "../site";
import type { GroupConfig } from "./core/types";
import { changeHa, groupsAreGone } from "./domain";

/** Keys of a group and whether it can do without them. */
const OPTIONAL: Record<string, boolean> = {
  nodes: false,
  comment: true,
  nofailback: true,
  restricted: true,
};

/** The groups of `ha/groups.cfg`. @throws on release 9 once they are rules; `verb` is what the caller wanted. */
export function requireGroups(
  site: Site,
  node: string,
  verb: "index" | "read" | "create" | "update" | "delete",
): Record<string, GroupConfig> {
  if (groupsAreGone(site, node)) {
    throw die(
      `cannot ${verb} group${verb === "index" ? "s" : ""}: ha groups have been migrated to rules`,
    );
  }
  return site.pmxcfs(node).ha.groups ?? {};
}

export function describeGroup(
  groups: Record<string, GroupConfig>,
  name: string,
): Record<string, unknown> {
  const group = groups[name];
  if (!group) throw die(`no such ha group '${name}'`);
  const { nodes, restricted, nofailback, comment } = group;
  return {
    group: name,
    type: "group",
    nodes,
    ...(restricted === undefined ? {} : { restricted: restricted ? 1 : 0 }),
    ...(nofailback === undefined ? {} : { nofailback: nofailback ? 1 : 0 }),
    ...(comment ? { comment } : {}),
    digest: digestOf(groups as Record<string, unknown>),
  };
}

export function addGroup(site: Site, node: string, name: string, params: Values): void {
  requireGroups(site, node, "create");
  changeHa(site, node, "create ha group failed", (ha) => {
    const groups = (ha.groups ??= {});
    if (groups[name]) throw die(`ha group ID '${name}' already defined`);
    groups[name] = { nodes: "", ...groupFields(params) };
  });
}

export function updateGroup(site: Site, node: string, name: string, params: Values): void {
  requireGroups(site, node, "update");
  changeHa(site, node, "update ha group failed", ({ groups = {} }) => {
    requireUnmodified(digestOf(groups as Record<string, unknown>), params.digest);
    const group = groups[name];
    if (!group) throw die(`no such ha group '${name}'`);
    const changed: GroupConfig = { ...group, ...groupFields(params) };
    for (const key of splitList(String(params.delete ?? ""))) {
      if (OPTIONAL[key] === undefined) throw die(`no such option '${key}'`);
      if (!OPTIONAL[key]) throw die(`unable to delete required option '${key}'`);
      delete changed[key as "comment"];
    }
    groups[name] = changed;
  });
}

/** A group that nobody uses goes, whether it was there or not. */
export function removeGroup(site: Site, node: string, name: string): void {
  requireGroups(site, node, "delete");
  changeHa(site, node, "delete ha group failed", ({ groups = {}, resources }) => {
    const user = Object.keys(resources).find((sid) => resources[sid]?.group === name);
    if (user !== undefined) throw die(`ha group is used by service '${user}'`);
    delete groups[name];
  });
}

function groupFields({ nodes, restricted, nofailback, comment }: Values): Partial<GroupConfig> {
  return {
    ...(nodes === undefined ? {} : { nodes: [...new Set(splitList(String(nodes)))].join(",") }),
    ...(restricted === undefined ? {} : { restricted: restricted === 1 }),
    ...(nofailback === undefined ? {} : { nofailback: nofailback === 1 }),
    ...(comment === undefined ? {} : { comment: String(comment) }),
  };
}
