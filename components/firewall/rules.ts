import type { Site } from "../schema";
import { written } from "./places";
import type { FirewallRule, GroupRule } from "./schema";

/** A rule as Proxmox VE keeps it. One that takes in a group has nothing but that, an interface and a comment. */
export interface RulePlan {
  type?: "in" | "out";
  action?: "ACCEPT" | "DROP" | "REJECT";
  group?: string;
  macro?: string;
  proto?: string;
  /** `22,8006`, `5900:5999`. */
  dport?: string;
  source?: string;
  dest?: string;
  iface?: string;
  log?: string;
  comment?: string;
  enabled: boolean;
}

/** Rules in their order, the first that fits decides. One with several places may become several. */
export function planRules(site: Site, rules: readonly (FirewallRule | GroupRule)[]): RulePlan[] {
  return rules.flatMap((rule) => planRule(site, rule));
}

function planRule(site: Site, rule: FirewallRule | GroupRule): RulePlan[] {
  const about = {
    ...("interface" in rule && rule.interface !== undefined ? { iface: rule.interface } : {}),
    ...(rule.comment ? { comment: rule.comment } : {}),
    enabled: !rule.disabled,
  };
  if ("group" in rule && rule.group !== undefined) return [{ group: rule.group, ...about }];
  const type = rule.in === undefined ? "out" : "in";
  const action = ACTIONS[rule.in ?? rule.out ?? "drop"];
  const what = {
    type,
    action,
    ...(rule.macro === undefined ? {} : { macro: rule.macro }),
    ...(rule.protocol === undefined ? {} : { proto: rule.protocol }),
    ...(rule.port === undefined ? {} : { dport: portsText(rule.port) }),
    ...(rule.log === undefined ? {} : { log: rule.log }),
  } as const;
  const to = written(site, rule.to);
  return written(site, rule.from).flatMap((from) =>
    to
      .filter(({ family }) => !from.family || !family || from.family === family)
      .map((dest) => ({
        ...what,
        ...(from.text === "" ? {} : { source: from.text }),
        ...(dest.text === "" ? {} : { dest: dest.text }),
        ...about,
      })),
  );
}

export const ACTIONS = { accept: "ACCEPT", drop: "DROP", reject: "REJECT" } as const;

/** `80`, `[80, "8000-8010"]` → `80`, `80,8000:8010`. Their order means nothing. */
function portsText(ports: NonNullable<FirewallRule["port"]>): string {
  const texts = [ports].flat().map((port) => String(port).replace("-", ":"));
  return [...new Set(texts)].sort((a, b) => parseInt(a, 10) - parseInt(b, 10)).join(",");
}
