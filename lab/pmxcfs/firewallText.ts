import type { FirewallFile, Rule } from "../firewall/types";
import { encodeText } from "./sectionText";

/** Keys of a rule and the options that they are written as, in order (PVE::Firewall, format_rules). */
const OPTIONS: [key: string, option: string][] = [
  ["source", "-source"],
  ["dest", "-dest"],
  ["proto", "-p"],
  ["dport", "-dport"],
  ["sport", "-sport"],
  ["icmp-type", "-icmp-type"],
  ["log", "-log"],
];

/** cluster.fw, host.fw or a guest's file, as PVE::Firewall writes it. */
export function firewallText({ options, aliases, ipsets, rules, groups }: FirewallFile): string {
  const section = (title: string, lines: string[]): string =>
    `[${title}\n\n${lines.map((line) => `${line}\n`).join("")}\n`;
  const names = Object.keys(options).sort();
  return [
    ...(names.length > 0
      ? [
          section(
            "OPTIONS]",
            names.map((key) => `${key}: ${options[key]}`),
          ),
        ]
      : []),
    ...(Object.keys(aliases).length > 0
      ? [
          section(
            "ALIASES]",
            sorted(aliases).map(
              ([, { name, cidr, comment }]) => `${name} ${cidr}${remark(comment)}`,
            ),
          ),
        ]
      : []),
    ...sorted(ipsets).map(([name, { comment, entries }]) =>
      section(
        `IPSET ${name}]${remark(comment)}`,
        entries.map((entry) => `${entry.nomatch ? "!" : ""}${entry.cidr}${remark(entry.comment)}`),
      ),
    ),
    ...(rules.length > 0 ? [section("RULES]", rules.map(ruleText))] : []),
    ...sorted(groups).map(([name, group]) =>
      section(`group ${name}]${remark(group.comment)}`, group.rules.map(ruleText)),
    ),
  ].join("");
}

function ruleText(rule: Rule): string {
  const { enable, type = "", action = "", macro, iface, comment } = rule;
  const verdict = macro === undefined ? action : `${macro}(${action})`;
  const words = [
    `${enable === "0" ? "|" : ""}${type.toUpperCase()} ${verdict}`,
    ...(iface === undefined ? [] : [`-i ${iface}`]),
    ...OPTIONS.filter(([key]) => type !== "group" && rule[key] !== undefined).map(
      ([key, option]) => `${option} ${rule[key]}`,
    ),
  ];
  return `${words.join(" ")}${remark(comment)}`;
}

const remark = (comment: string | undefined): string =>
  comment === undefined || comment === "" ? "" : ` # ${encodeText(comment)}`;

function sorted<T>(entries: Record<string, T>): [string, T][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}
