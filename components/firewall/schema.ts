import { z } from "zod";
import { form } from "../values";
import { MACROS } from "./macros";
import { addressOrNetwork, firewallName, groupName, member, places, ports } from "./values";

const action = z.enum(["accept", "drop", "reject"]);

/** Protocols that have ports, and those that have none. */
export const WITH_PORTS = ["tcp", "udp", "sctp"];
const PROTOCOLS = [...WITH_PORTS, "icmp", "icmpv6", "esp", "ah", "gre", "ospf", "vrrp"] as const;

const LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"] as const;
const level = z.enum([...LEVELS, "nolog"]).default("nolog");

/** What a rule is about. Rules of groups are about every card that the group is used for. */
const traffic = {
  in: action.optional().describe("What becomes of packets that come in and fit the rule."),
  out: action.optional().describe("What becomes of packets that go out and fit the rule."),
  macro: form(
    (text) => MACROS.includes(text),
    "write a macro of Proxmox VE in its spelling, as in SSH, Web, DNS or Ping",
  )
    .optional()
    .meta({ examples: ["SSH", "Web", "DNS", "Ping"] })
    .describe("Protocol and ports by the name that Proxmox VE has for them."),
  protocol: z
    .enum(PROTOCOLS)
    .optional()
    .describe("Protocol. Left out, and without a macro, the rule is about every protocol."),
  port: ports.optional().describe("Ports at the destination. Left out, all ports of the protocol."),
  from: places
    .optional()
    .describe(
      "Where packets come from: addresses, networks, a range, or names of aliases, sets, nodes and hosts. Left out, from anywhere.",
    ),
  to: places.optional().describe("Where packets go to, as `from`. Left out, to anywhere."),
  log: z.enum(LEVELS).optional().describe("Packets that fit are logged at this level."),
};

const about = {
  comment: z
    .string()
    .max(256)
    .regex(/^[^\n#]*$/, "write one line without #")
    .optional()
    .describe("What the web interface says of the rule."),
  disabled: z.boolean().default(false).describe("true: the rule is kept, and does nothing."),
};

interface Said {
  in?: unknown;
  out?: unknown;
  group?: unknown;
  macro?: unknown;
  protocol?: string | undefined;
  port?: unknown;
  from?: unknown;
  to?: unknown;
  log?: unknown;
}

/** What a rule may say beside what, in the words for each fault. */
function consistent(kinds: ("in" | "out" | "group")[]) {
  return (rule: Said, context: z.RefinementCtx): void => {
    const fault = (path: string[], message: string): void => {
      context.addIssue({ code: "custom", path, message });
    };
    const said = kinds.filter((kind) => rule[kind] !== undefined);
    if (said.length !== 1) {
      fault([], `write one of ${kinds.join(", ")}: what becomes of packets, as in in: accept`);
      return;
    }
    if (rule.group !== undefined) {
      for (const key of ["macro", "protocol", "port", "from", "to", "log"] as const) {
        if (rule[key] !== undefined)
          fault([key], "the group's own rules say this; take it out here");
      }
      return;
    }
    if (rule.macro !== undefined && rule.protocol !== undefined) {
      fault(["protocol"], "the macro says the protocol; take one of both out");
    }
    if (rule.port === undefined) return;
    if (rule.macro !== undefined) {
      fault(["port"], "the macro says the ports; take one of both out");
    } else if (rule.protocol === undefined || !WITH_PORTS.includes(rule.protocol)) {
      fault(["protocol"], `ports need a protocol that has them: ${WITH_PORTS.join(", ")}`);
    }
  };
}

const groupRuleSchema = z
  .strictObject({ ...traffic, ...about })
  .superRefine(consistent(["in", "out"]))
  .describe("A rule of the group.");

function ruleSchema(interfaces: z.ZodType<string>, words: string) {
  return z
    .strictObject({
      ...traffic,
      group: groupName
        .optional()
        .meta({ examples: ["web"] })
        .describe("The rules of this entry of `firewall.groups`, at this place."),
      interface: interfaces.optional().describe(words),
      ...about,
    })
    .superRefine(consistent(["in", "out", "group"]))
    .describe("A rule. The first that fits decides, so that their order counts.");
}

const hostRuleSchema = ruleSchema(
  form(/^[a-zA-Z][a-zA-Z0-9_.:-]{1,19}$/, "write an interface of the node, as in vmbr0"),
  "Only packets of this interface of the node.",
);
const guestRuleSchema = ruleSchema(
  form(/^net([0-9]|[12][0-9]|3[01])$/, "write a network card of the guest, as in net0"),
  "Only packets of this network card of the guest.",
);

const hostRules = z
  .array(hostRuleSchema)
  .default([])
  .meta({ examples: [[{ in: "accept", macro: "SNMP", from: "monitoring" }]] });

/** The firewall of the whole site (cluster.fw). */
export const firewallSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .describe(
        "true: every node filters, and every guest that has a firewall of its own. false: all of it is kept, and nothing is filtered.",
      ),
    management: z
      .array(member)
      .min(1, "name at least one, or nobody could administer the nodes")
      .meta({ examples: [["192.168.18.0/24", "10.8.0.7"]] })
      .describe(
        "Who administers the nodes: networks, addresses, or names of hosts and aliases. They always reach web interface, SSH and consoles. " +
          "The machine that runs Pulumi is one of them.",
      ),
    inbound: action
      .default("drop")
      .describe("What becomes of packets to a node that no rule is about."),
    outbound: action
      .default("accept")
      .describe("What becomes of packets from a node that no rule is about."),
    aliases: z
      .record(firewallName, addressOrNetwork.describe("Its address or network."))
      .default({})
      .meta({ examples: [{ office: "10.20.0.0/16" }] })
      .describe("Names for addresses and networks. Upper and lower case are the same."),
    sets: z
      .record(
        firewallName,
        z
          .array(member)
          .min(1)
          .describe("Addresses, networks, and names of aliases, nodes and hosts."),
      )
      .default({})
      .meta({ examples: [{ monitoring: ["10.20.0.5", "office"] }] })
      .describe(
        "IP sets: names for several addresses and networks. What is in the set `blacklist` is dropped before any rule of a node is asked.",
      ),
    groups: z
      .record(groupName, z.array(groupRuleSchema).min(1).describe("Its rules, in their order."))
      .default({})
      .meta({ examples: [{ web: [{ in: "accept", macro: "Web" }] }] })
      .describe("Security groups: lists of rules that rules of nodes and guests take in by name."),
    rules: hostRules.describe(
      "Rules for all nodes, in their order, after those that keep the site alive.",
    ),
  })
  .describe(
    "The firewall of Proxmox VE. What the site needs to live is always let through, whatever the rules say: administrators to the nodes, " +
      "corosync, migration, storages, the witness.",
  );

/** The firewall of one node (host.fw). */
export const nodeFirewallSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe("false: this node does not filter."),
    rules: hostRules.describe(
      "Rules for this node, in their order. They come before those of `firewall.rules`.",
    ),
    logIn: level.describe("Level at which packets to the node are logged that no rule is about."),
    logOut: level.describe("The same for packets from the node."),
  })
  .describe("What this node's firewall has besides the site's.");

/** The firewall of a guest (VMID.fw). Its network cards are put behind it. */
export const guestFirewallSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe("false: the rules are kept, and nothing is filtered."),
    inbound: action
      .default("drop")
      .describe("What becomes of packets to the guest that no rule is about."),
    outbound: action
      .default("accept")
      .describe("What becomes of packets from the guest that no rule is about."),
    rules: z
      .array(guestRuleSchema)
      .default([])
      .meta({ examples: [[{ group: "web" }, { in: "accept", macro: "SSH", from: "office" }]] })
      .describe("Rules of the guest, in their order."),
    dhcp: z.boolean().default(true).describe("The guest may ask for an address by DHCP."),
    macFilter: z
      .boolean()
      .default(true)
      .describe(
        "Packets from the guest with a hardware address that is not its card's are dropped.",
      ),
    ipFilter: z
      .boolean()
      .default(false)
      .describe(
        "Packets from the guest with an address that is not its own are dropped. For containers with a fixed address, whose addresses " +
          "Proxmox VE knows.",
      ),
    logIn: level.describe("Level at which packets to the guest are logged that no rule is about."),
    logOut: level.describe("The same for packets from the guest."),
  })
  .describe("The guest's own firewall. It filters while that of the site is on.");

export type Firewall = z.output<typeof firewallSchema>;
export type GuestFirewall = z.output<typeof guestFirewallSchema>;
export type NodeFirewall = z.output<typeof nodeFirewallSchema>;
export type FirewallRule = z.output<typeof hostRuleSchema>;
export type GroupRule = z.output<typeof groupRuleSchema>;
