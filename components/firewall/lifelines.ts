import type { Site } from "../schema";
import { joined, plainAddresses } from "./places";
import type { RulePlan } from "./rules";
import { familyOf } from "./values";

/** The security group with these rules, which every list of rules of nodes begins with. */
export const LIFELINES = "lifelines";

/** SSH, SPICE proxy, consoles, API: what pve-firewall itself opens to the set `management`, though after all rules. */
const MANAGEMENT = "22,3128,5900:5999,8006";

/** The same between nodes, and migration besides (pve-firewall: enable_host_firewall). */
const NODES = `${MANAGEMENT},60000:60050`;

/** By knet, link N uses 5405 + N; pve-firewall opens 5404 and 5405 only, and so the first link alone (corosync.conf(5)). */
const COROSYNC = "5404:5412";

/** qnetd (corosync-qnetd(8)), and SSH, by which the QDevice is set up. */
const WITNESS = "22,5403";

interface Line {
  comment: string;
  in?: string[];
  out?: string[];
  proto?: string;
  dport?: string;
  macro?: string;
}

/**
 * What must pass, whatever other rules say. Pve-firewall asks rules first and its own exceptions later, and rules of a
 * node before those of the cluster; so these come first in each. They name addresses and nothing else: an alias or set
 * that somebody takes away would take the rule with it.
 */
export function planLifelines(site: Site): RulePlan[] {
  const { nodes, hosts, cluster, migration, storages, firewall } = site;
  const management = plainAddresses(site, firewall?.management ?? []);
  const members = plainAddresses(site, Object.keys(nodes));
  const witness = hosts[cluster.witness ?? ""]?.address;
  // A rule cannot name a machine by DNS: one that is named so needs a rule where traffic outwards is not let through.
  const servers = Object.values(storages).flatMap((one) => ("server" in one ? [one.server] : []));
  const lines: Line[] = [
    { comment: "administrators", in: management, proto: "tcp", dport: MANAGEMENT },
    { comment: "administrators", in: management, macro: "Ping" },
    { comment: "nodes", in: members, out: members, proto: "tcp", dport: NODES },
    { comment: "corosync", in: members, out: members, proto: "udp", dport: COROSYNC },
    { comment: "nodes", in: members, out: members, macro: "Ping" },
    ...(migration.network === undefined
      ? []
      : [
          {
            comment: "migration",
            in: [migration.network],
            out: [migration.network],
            proto: "tcp",
            dport: "22,60000:60050",
          },
        ]),
    ...(witness === undefined
      ? []
      : [
          { comment: "witness", out: [witness], proto: "tcp", dport: WITNESS },
          { comment: "witness", out: [witness], macro: "Ping" },
        ]),
    // Not port 2049 alone: NFS 3 asks for ports of its own for mounts, locks and status, and they change.
    { comment: "storages", out: plainAddresses(site, servers) },
    // A clock or a name that is wrong ends in nodes that do not trust each other.
    { comment: "names", out: [""], macro: "DNS" },
    { comment: "time", out: [""], macro: "NTP" },
  ];
  return lines.flatMap((line) => [...rulesOf(line, "in"), ...rulesOf(line, "out")]);
}

function rulesOf(line: Line, type: "in" | "out"): RulePlan[] {
  const { comment, proto, dport, macro } = line;
  const places = line[type] ?? [];
  const lists = [4, 6].flatMap((family) =>
    joined(places.filter((one) => familyOf(one) === family)),
  );
  return (places.includes("") ? [""] : lists).map((text) => ({
    type,
    action: "ACCEPT",
    ...(macro === undefined ? {} : { macro }),
    ...(proto === undefined ? {} : { proto }),
    ...(dport === undefined ? {} : { dport }),
    ...(text === "" ? {} : { [type === "in" ? "source" : "dest"]: text }),
    comment,
    enabled: true,
  }));
}
