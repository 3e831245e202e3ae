import { changeUserConfig } from "../../access/userConfig";
import type { Group } from "../../state/settings";
import type { Endpoint, Permissions } from "../endpoint";
import { die } from "../errors";
import { optional, text } from "../schema";

const allocate: Permissions = { check: ["perm", "/access/groups", ["Group.Allocate"]] };
const groupid = text({ format: "pve-groupid" });
const comment = optional(text());

/** Groups of users (user.cfg). */
export const accessGroupEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/access/groups",
    returns: "array",
    parameters: {},
    permissions: { user: "all" },
    handle: ({ site, node, caller }) =>
      Object.entries(site.pmxcfs(node).groups ?? {})
        .filter(([name]) =>
          ["User.Modify", "Sys.Audit", "Group.Allocate"].some((privilege) =>
            site.access.holds(node, caller, `/access/groups/${name}`, privilege),
          ),
        )
        .map(([name, group]) => ({
          groupid: name,
          ...commentOf(group),
          users: [...group.users].sort().join(","),
        })),
  },
  {
    method: "POST",
    path: "/access/groups",
    returns: "null",
    parameters: { groupid, comment },
    permissions: allocate,
    handle: (call) =>
      changeUserConfig(call, "create group failed", (config) => {
        const name = String(call.params.groupid);
        const groups = (config.groups ??= {});
        if (groups[name]) throw die(`group '${name}' already exists`);
        const { comment: given } = call.params;
        groups[name] = { users: [], ...(given ? { comment: String(given) } : {}) };
        return null;
      }),
  },
  {
    method: "GET",
    path: "/access/groups/{groupid}",
    returns: "object",
    parameters: { groupid },
    permissions: {
      check: ["perm", "/access/groups", ["Sys.Audit", "Group.Allocate"], { any: 1 }],
    },
    handle: ({ site, node, params }) => {
      const group = requireGroup(site.pmxcfs(node).groups, params.groupid);
      return { members: [...group.users], ...commentOf(group) };
    },
  },
  {
    method: "PUT",
    path: "/access/groups/{groupid}",
    returns: "null",
    parameters: { groupid, comment },
    permissions: allocate,
    handle: (call) =>
      changeUserConfig(call, "update group failed", (config) => {
        const group = requireGroup(config.groups, call.params.groupid);
        if (call.params.comment !== undefined) group.comment = String(call.params.comment);
        return null;
      }),
  },
  {
    method: "DELETE",
    path: "/access/groups/{groupid}",
    returns: "null",
    parameters: { groupid },
    permissions: allocate,
    handle: (call) =>
      changeUserConfig(call, "delete group failed", (config) => {
        const name = String(call.params.groupid);
        requireGroup(config.groups, name);
        delete config.groups?.[name];
        config.acl = config.acl.filter((entry) => entry.type !== "group" || entry.ugid !== name);
        return null;
      }),
  },
];

function requireGroup(groups: Record<string, Group> = {}, name: unknown): Group {
  const group = groups[String(name)];
  if (!group) throw die(`group '${String(name)}' does not exist`);
  return group;
}

/** An empty comment is none in the file. */
function commentOf({ comment: text_ }: Group): { comment?: string } {
  return text_ ? { comment: text_ } : {};
}
