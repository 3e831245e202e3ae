import { digestOf } from "../../guests/config";
import { addRule, requireRule, updateRule } from "../../ha/rules";
import type { Endpoint } from "../endpoint";
import { noQuorum } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, type Schema, standard, text } from "../schema";
import type { Values } from "../verify";
import { audit, comment, console_, remove } from "./haFields";

const ruleType = choice("node-affinity", "resource-affinity");
const resources = text({ format: "pve-ha-resource-id-list" });
const rule = text({ format: "pve-configid" });

const ruleFields: Record<string, Schema> = {
  affinity: optional(choice("positive", "negative")),
  comment,
  disable: optional(flag()),
  nodes: optional(text({ format: "pve-ha-node-list" })),
  strict: optional(flag()),
};

/** HA rules, which release 8 does not have (PVE::API2::HA::Rules). */
export const haRuleEndpoints: Endpoint[] = [
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
];

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
