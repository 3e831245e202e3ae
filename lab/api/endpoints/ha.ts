import { digestOf } from "../../guests/config";
import {
  addResource,
  addRule,
  describeResource,
  removeResource,
  requireResource,
  requestMotion,
  requireRule,
  resourceId,
  updateResource,
  updateRule,
} from "../../ha/resources";
import type { Endpoint, Permissions } from "../endpoint";
import { die, noQuorum } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, type Schema, standard, text, whole } from "../schema";
import type { Values } from "../verify";

const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };
const console_: Permissions = { check: ["perm", "/", ["Sys.Console"]] };
const sid = text({ format: "pve-ha-resource-or-vm-id" });
const ruleType = choice("node-affinity", "resource-affinity");
const resources = text({ format: "pve-ha-resource-id-list" });
const rule = text({ format: "pve-configid" });
const remove = optional(text({ format: "pve-configid-list", maxLength: 4096 }));

const resourceFields = {
  comment: optional(text({ maxLength: 4096 })),
  failback: optional(flag()),
  group: optional(text({ format: "pve-configid" })),
  max_relocate: optional(whole(0)),
  max_restart: optional(whole(0)),
  state: optional(choice("started", "stopped", "enabled", "disabled", "ignored")),
};

const ruleFields: Record<string, Schema> = {
  affinity: optional(choice("positive", "negative")),
  comment: optional(text({ maxLength: 4096 })),
  disable: optional(flag()),
  nodes: optional(text({ format: "pve-ha-node-list" })),
  strict: optional(flag()),
};

/** HA resources and rules (pve-ha-manager). All of it is synchronous; the manager acts later. */
export const haEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/ha/resources",
    returns: "array",
    parameters: { type: optional(choice("vm", "ct")) },
    permissions: audit,
    handle: ({ site, node, params }) =>
      Object.entries(site.pmxcfs(node).ha.resources)
        .map(([id, resource]) => describeResource(id, resource))
        .filter(({ type }) => params.type === undefined || type === params.type),
  },
  {
    method: "POST",
    path: "/cluster/ha/resources",
    returns: "null",
    parameters: { sid, type: optional(choice("vm", "ct")), ...resourceFields },
    permissions: console_,
    handle: ({ site, node, params }) => {
      addResource(site, node, resourceId(site, node, String(params.sid)), params);
      return null;
    },
  },
  {
    method: "GET",
    path: "/cluster/ha/resources/{sid}",
    returns: "object",
    parameters: { sid },
    permissions: audit,
    handle: ({ site, node, params }) => {
      const id = resourceId(site, node, String(params.sid));
      const described = describeResource(id, requireResource(site, node, id));
      return { ...described, digest: digestOf(described) };
    },
  },
  {
    method: "PUT",
    path: "/cluster/ha/resources/{sid}",
    returns: "null",
    parameters: { sid, delete: remove, digest: standard.digest, ...resourceFields },
    permissions: console_,
    handle: ({ site, node, params }) => {
      const id = resourceId(site, node, String(params.sid));
      updateResource(site, node, id, params, splitList(String(params.delete ?? "")));
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/cluster/ha/resources/{sid}",
    returns: "null",
    parameters: { sid, purge: optional(flag()) },
    permissions: console_,
    handle: ({ site, node, params }) => {
      removeResource(site, node, resourceId(site, node, String(params.sid)));
      return null;
    },
  },
  {
    method: "GET",
    path: "/cluster/ha/rules",
    returns: "array",
    parameters: { resource: optional(text()), type: optional(ruleType) },
    permissions: audit,
    handle: ({ site, node }) =>
      Object.entries(site.pmxcfs(node).ha.rules).map(([name, fields]) =>
        describeRule(name, fields),
      ),
  },
  {
    method: "POST",
    path: "/cluster/ha/rules",
    returns: "null",
    parameters: {
      rule,
      type: ruleType,
      resources,
      ...ruleFields,
    },
    permissions: console_,
    handle: ({ site, node, params }) => {
      addRule(site, node, String(params.rule), params);
      return null;
    },
  },
  {
    method: "GET",
    path: "/cluster/ha/rules/{rule}",
    returns: "object",
    parameters: { rule },
    permissions: audit,
    handle: ({ site, node, params }) => {
      const name = String(params.rule);
      const described = describeRule(name, requireRule(site, node, name));
      return { ...described, digest: digestOf(described) };
    },
  },
  {
    method: "PUT",
    path: "/cluster/ha/rules/{rule}",
    returns: "null",
    parameters: {
      rule,
      type: ruleType,
      resources: optional(resources),
      delete: remove,
      digest: standard.digest,
      ...ruleFields,
    },
    permissions: console_,
    handle: ({ site, node, params }) => {
      const { delete: deleted, digest: _digest, ...fields } = params;
      updateRule(site, node, String(params.rule), fields, splitList(String(deleted ?? "")));
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/cluster/ha/rules/{rule}",
    returns: "null",
    parameters: { rule },
    permissions: console_,
    handle: ({ site, node, params }) => {
      if (!site.quorum.isQuorate(node)) throw noQuorum();
      // A rule that does not exist is deleted all the same.
      delete site.pmxcfs(node).ha.rules[String(params.rule)];
      return null;
    },
  },
  {
    method: "GET",
    path: "/cluster/ha/status/current",
    returns: "array",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) => site.ha.status(node),
  },
  {
    method: "GET",
    path: "/cluster/ha/status/manager_status",
    returns: "object",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) => site.ha.managerStatus(node),
  },
  {
    method: "POST",
    path: "/cluster/ha/status/disarm-ha",
    returns: "null",
    parameters: { "resource-mode": choice("freeze", "ignore") },
    permissions: console_,
    handle: ({ site, node, params }) => {
      site.ha.command(node, `disarm-ha ${String(params["resource-mode"])}`);
      return null;
    },
  },
  {
    method: "POST",
    path: "/cluster/ha/status/arm-ha",
    returns: "null",
    parameters: {},
    permissions: console_,
    handle: ({ site, node }) => {
      site.ha.command(node, "arm-ha");
      return null;
    },
  },
  ...(["migrate", "relocate"] as const).map((motion): Endpoint => ({
    method: "POST",
    path: `/cluster/ha/resources/{sid}/${motion}`,
    returns: "object",
    parameters: { sid, node: standard.node },
    permissions: console_,
    handle: ({ site, node, params }) => {
      const id = resourceId(site, node, String(params.sid));
      const target = String(params.node);
      requestMotion(site, node, motion, id, target);
      return { sid: id, "requested-node": target };
    },
  })),
  ...(["GET", "POST"] as const).map((method): Endpoint => ({
    method,
    path: "/cluster/ha/groups",
    returns: method === "GET" ? "array" : "null",
    parameters: method === "GET" ? {} : groupFields(),
    permissions: method === "GET" ? audit : console_,
    handle: () => {
      const verb = method === "GET" ? "index" : "create";
      throw die(
        `cannot ${verb} group${verb === "index" ? "s" : ""}: ha groups have been migrated to rules`,
      );
    },
  })),
];

function groupFields(): Record<string, Schema> {
  return {
    group: text({ format: "pve-configid" }),
    type: optional(choice("group")),
    nodes: text({ format: "pve-ha-node-list" }),
    comment: optional(text({ maxLength: 4096 })),
    nofailback: optional(flag()),
    restricted: optional(flag()),
  };
}

function describeRule(
  name: string,
  fields: Values | Record<string, string>,
): Record<string, unknown> {
  const typed = Object.entries(fields).map(([key, value]) => [
    key,
    key === "strict" || key === "disable" ? Number(value) : value,
  ]);
  return { rule: name, ...Object.fromEntries(typed) };
}
