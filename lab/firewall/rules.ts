import { badParameters, die } from "../api/errors";
import type { Values } from "../api/verify";
import { ALIAS, addressProblem, ipVersion, IPSET, portProblem } from "./formats";
import { hasPorts, ICMP6_TYPES, ICMP_TYPES, isIcmp, MACROS } from "./names";
import type { FirewallFile, Rule, RuleScope } from "./types";

/** Directions that a rule may have, by where it stands. */
const TYPES: Record<RuleScope, readonly string[]> = {
  cluster: ["in", "out", "forward", "group"],
  group: ["in", "out", "forward"],
  host: ["in", "out", "forward", "group"],
  vm: ["in", "out", "group"],
  ct: ["in", "out", "group"],
};

const KEYS =
  "action comment dest dport enable icmp-type iface log macro proto source sport type".split(" ");

/** Files in which a rule's names may stand: that of the cluster, and its own. */
export interface Known {
  cluster: FirewallFile;
  own: FirewallFile;
}

/** The rule with what was sent; an empty value or `-` takes a key out. */
export function withSent(rule: Rule, sent: Values): Rule {
  const result = { ...rule };
  for (const key of KEYS) {
    const value = sent[key];
    if (value === undefined) continue;
    if (value === "" || value === "-") delete result[key];
    else result[key] = key === "enable" ? String(Number(value) > 0 ? 1 : 0) : String(value);
  }
  return result;
}

export function withoutKeys(rule: Rule, keys: readonly string[]): Rule {
  const result = { ...rule };
  for (const key of keys) {
    if (!KEYS.includes(key) && key !== "pos" && key !== "digest") {
      throw badParameters({ delete: `no such property ('${key}')` });
    }
    if (key === "type" || key === "action") {
      throw badParameters({ delete: `unable to delete required property '${key}'` });
    }
    delete result[key];
  }
  return result;
}

/** Throws what PVE::Firewall::verify_rule refuses; a macro's name comes out in its preferred spelling. */
export function checkedRule(rule: Rule, scope: RuleScope, known: Known): Rule {
  checkAction(rule, scope);
  const { iface, macro } = rule;
  if (iface !== undefined) {
    if (scope === "group") {
      throw badParameters({ type: "parameter -i not allowed for this rule type" });
    }
    if ((scope === "vm" || scope === "ct") && !/^net\d+$/.test(iface)) {
      throw badParameters({ iface: "value does not match the regex pattern 'net\\d+'" });
    }
  }
  const preferred = MACROS.find((name) => name.toLowerCase() === macro?.toLowerCase());
  if (macro !== undefined && preferred === undefined) {
    throw badParameters({ macro: `unknown macro '${macro}'` });
  }
  checkPorts(rule);
  checkAddresses(rule, known);
  return preferred === undefined ? rule : { ...rule, macro: preferred };
}

function checkAction({ type = "", action = "" }: Rule, scope: RuleScope): void {
  if (!TYPES[scope].includes(type)) {
    throw badParameters({ type: `invalid rule type '${type}' for rule_env '${scope}'` });
  }
  if (type === "group") return;
  if (type === "forward" && action === "REJECT") {
    throw badParameters({ action: "cannot define REJECT rules on forward chain" });
  }
  if (!/^(ACCEPT|DROP|REJECT)$/.test(action)) {
    throw badParameters({ action: `unknown action '${action}'` });
  }
}

function checkPorts(rule: Rule): void {
  const { proto = "", "icmp-type": icmpType } = rule;
  const icmp = isIcmp(proto);
  for (const key of ["dport", "sport"] as const) {
    const ports = rule[key];
    if (ports === undefined) continue;
    const problem = portProblem(ports, key === "dport" && icmp);
    if (problem !== undefined) throw badParameters({ [key]: problem });
    if (proto === "") {
      throw badParameters({ proto: `missing property - '${key}' requires this property` });
    }
    if (!hasPorts(proto) && !(key === "dport" && icmp)) {
      throw badParameters({ [key]: `protocol '${proto}' does not support ports` });
    }
  }
  if (icmpType === undefined) return;
  if (!icmp) {
    throw badParameters({ proto: "missing property - 'icmp-type' requires this property" });
  }
  if (rule.dport !== undefined) {
    throw badParameters({ "icmp-type": "'icmp-type' cannot be specified together with 'dport'" });
  }
  if (!(proto === "icmp" ? ICMP_TYPES : ICMP6_TYPES).has(icmpType)) {
    throw badParameters({ "icmp-type": `invalid icmp-type '${icmpType}' for proto '${proto}'` });
  }
}

function checkAddresses(rule: Rule, known: Known): void {
  const versions = new Set<number>();
  const proto = protocolVersion(rule);
  if (proto !== undefined) versions.add(proto);
  for (const key of ["source", "dest"] as const) {
    const value = rule[key];
    if (value === undefined) continue;
    const problem = addressProblem(value);
    if (problem !== undefined) throw badParameters({ [key]: problem });
    requireNamed(value, key, known);
    const version = versionOf(value, known);
    if (version !== undefined) versions.add(version);
    if (versions.size > 1) {
      throw badParameters({ [key]: "detected mixed ipv4/ipv6 addresses in rule" });
    }
  }
}

function requireNamed(value: string, key: string, { cluster, own }: Known): void {
  if (value.startsWith("+")) {
    const name = IPSET.exec(value)?.[1];
    if (name === undefined) throw badParameters({ [key]: `invalid ipset name '${value}'` });
    if (!cluster.ipsets[name] && !own.ipsets[name]) {
      throw badParameters({ [key]: `no such ipset '${name}'` });
    }
    return;
  }
  const alias = ALIAS.exec(value)?.[1]?.toLowerCase();
  if (alias !== undefined && !cluster.aliases[alias] && !own.aliases[alias]) {
    throw badParameters({ [key]: `no such alias '${value}'` });
  }
}

function protocolVersion({ proto }: Rule): 4 | 6 | undefined {
  if (proto === "icmp") return 4;
  return proto === "icmpv6" || proto === "ipv6-icmp" ? 6 : undefined;
}

function versionOf(value: string, { cluster, own }: Known): 4 | 6 | undefined {
  const alias = ALIAS.exec(value)?.[1]?.toLowerCase();
  if (alias === undefined) return ipVersion(value.split(",")[0] ?? "");
  const here = value.startsWith("dc/") ? undefined : own.aliases[alias];
  const found = here ?? (value.startsWith("guest/") ? undefined : cluster.aliases[alias]);
  return found && ipVersion(found.cidr);
}

/** What the API shows of a rule: with the IP version, where its addresses or its protocol tell. */
export function describeRule(rule: Rule, known: Known): Record<string, unknown> {
  const version =
    protocolVersion(rule) ??
    versionOf(rule.source ?? "", known) ??
    versionOf(rule.dest ?? "", known);
  return {
    ...rule,
    enable: Number(rule.enable ?? 0),
    ...(version === undefined ? {} : { ipversion: version }),
  };
}

/** Puts the rule at `from` before the one that is now at `to`; a place behind the last is the end. */
export function moveRule(rules: readonly Rule[], from: number, to: number): Rule[] {
  const moved = rules[from];
  if (!moved) throw die(`no rule at position ${from}`);
  const result = rules.flatMap((rule, index) => {
    if (index === from) return [];
    return index === to ? [moved, rule] : [rule];
  });
  return to >= rules.length ? [...result, moved] : result;
}
