import { changeFirewall, readFirewall } from "../../firewall/files";
import { checkedRule, describeRule, moveRule, withoutKeys, withSent } from "../../firewall/rules";
import type { FirewallFile, Rule } from "../../firewall/types";
import { requireUnmodified } from "../clusterFile";
import type { Call, Endpoint } from "../endpoint";
import { die } from "../errors";
import { splitList } from "../formats";
import { choice, optional, type Parameters, standard, text, whole } from "../schema";
import {
  CLUSTER,
  digestOfList,
  type FirewallPath,
  GUESTS,
  knownAt,
  NODE,
  placeOf,
} from "./firewallPlaces";

const LEVELS = "emerg alert crit err warning notice info debug nolog".split(" ");
export const logLevel = optional(choice(...LEVELS));

const type = choice("in", "out", "forward", "group");
const action = text({ pattern: "[A-Za-z][A-Za-z0-9\\-\\_]+", minLength: 2, maxLength: 20 });
const address = optional(text({ format: "pve-fw-addr-spec", maxLength: 512 }));
const pos = optional(whole(0));
const digest = standard.digest;

const ruleFields: Parameters = {
  comment: optional(text()),
  dest: address,
  digest,
  dport: optional(text({ format: "pve-fw-dport-spec" })),
  enable: optional(whole(0)),
  "icmp-type": optional(text({ format: "pve-fw-icmp-type-spec" })),
  iface: optional(text({ format: "pve-iface", minLength: 2, maxLength: 20 })),
  log: logLevel,
  macro: optional(text({ maxLength: 128 })),
  pos,
  proto: optional(text({ format: "pve-fw-protocol-spec" })),
  source: address,
  sport: optional(text({ format: "pve-fw-sport-spec" })),
};

/** A list of rules in a firewall's file. */
interface RulesPath extends FirewallPath {
  rulesIn(file: FirewallFile, call: Call): Rule[];
  keep(file: FirewallFile, call: Call, rules: Rule[]): void;
}

const own = (path: FirewallPath): RulesPath => ({
  ...path,
  base: `${path.base}/rules`,
  rulesIn: (file) => file.rules,
  keep: (file, _call, rules) => {
    file.rules = rules;
  },
});

export const group = text({ pattern: "[A-Za-z][A-Za-z0-9\\-\\_]+", minLength: 2, maxLength: 18 });

/** The rules of a security group, all of which stand in the cluster's file. */
export const GROUP: RulesPath = {
  ...CLUSTER,
  scope: "group",
  base: "/cluster/firewall/groups/{group}",
  parameters: { group },
  rulesIn: (file, { params }) => {
    const found = file.groups[String(params.group)];
    if (!found) throw die(`no such security group '${params.group}'`);
    return found.rules;
  },
  keep: (file, { params }, rules) => {
    const found = file.groups[String(params.group)];
    if (found) found.rules = rules;
  },
};

/** Rules of the cluster, of nodes, guests and security groups. A new one comes first. */
export const firewallRuleEndpoints: Endpoint[] = [
  own(CLUSTER),
  own(NODE),
  ...GUESTS.map(own),
  GROUP,
].flatMap(rulesAt);

function rulesAt(path: RulesPath): Endpoint[] {
  const { scope, base, parameters, audit, modify } = path;
  const proxy = path.proxyto ? { proxyto: path.proxyto } : {};
  const list = (call: Call): Record<string, unknown>[] => {
    const place = placeOf(call, scope);
    const rules = path.rulesIn(readFirewall(place), call);
    const digestOfAll = digestOfList(rules);
    const known = knownAt(place);
    return rules.map((rule) => ({ ...describeRule(rule, known), digest: digestOfAll }));
  };
  const change = (call: Call, edit: (rules: Rule[], at: number) => Rule[]): null => {
    const { params } = call;
    return changeFirewall(placeOf(call, scope), (file) => {
      const rules = path.rulesIn(file, call);
      requireUnmodified(digestOfList(rules), params.digest);
      const at = Number(params.pos);
      if (at >= rules.length) throw die(`no rule at position ${at}`);
      path.keep(file, call, edit(rules, at));
    });
  };
  return [
    {
      method: "GET",
      path: base,
      returns: "array",
      parameters,
      permissions: audit,
      ...proxy,
      handle: (call) => list(call).map((rule, index) => ({ ...rule, pos: index })),
    },
    {
      method: "POST",
      path: base,
      returns: "null",
      parameters: { ...parameters, ...ruleFields, type, action },
      permissions: modify,
      ...proxy,
      handle: (call) => {
        const place = placeOf(call, scope);
        return changeFirewall(place, (file) => {
          const rules = path.rulesIn(file, call);
          const rule = checkedRule(withSent({ enable: "0" }, call.params), scope, knownAt(place));
          path.keep(file, call, [rule, ...rules]);
        });
      },
    },
    {
      method: "GET",
      path: `${base}/{pos}`,
      returns: "object",
      parameters: { ...parameters, pos },
      permissions: audit,
      ...proxy,
      handle: (call) => {
        const rule = list(call)[Number(call.params.pos)];
        if (!rule) throw die(`no rule at position ${call.params.pos}`);
        // The place comes back as it stands in the path.
        return { ...rule, pos: String(call.params.pos) };
      },
    },
    {
      method: "PUT",
      path: `${base}/{pos}`,
      returns: "null",
      parameters: {
        ...parameters,
        ...ruleFields,
        type: optional(type),
        action: optional(action),
        delete: optional(text({ format: "pve-configid-list" })),
        moveto: optional(whole(0)),
      },
      permissions: modify,
      ...proxy,
      handle: (call) => {
        const { moveto, delete: removed } = call.params;
        return change(call, (rules, at) => {
          if (moveto !== undefined && Number(moveto) !== at) {
            return moveRule(rules, at, Number(moveto));
          }
          const sent = withSent(rules[at] ?? {}, call.params);
          const rule = withoutKeys(sent, splitList(String(removed ?? "")));
          const known = knownAt(placeOf(call, scope));
          return rules.with(at, checkedRule(rule, scope, known));
        });
      },
    },
    {
      method: "DELETE",
      path: `${base}/{pos}`,
      returns: "null",
      parameters: { ...parameters, pos, digest },
      permissions: modify,
      ...proxy,
      handle: (call) => change(call, (rules, at) => rules.toSpliced(at, 1)),
    },
  ];
}
