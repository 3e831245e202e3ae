import { gibibytes, type Overload, overloadsAfterLoss } from "../facts/failover";
import { attempt } from "../facts/judge";
import { need, UNKNOWN } from "../facts/known";
import { hostsOf, loadsOf } from "../facts/load";
import { managedResources } from "../facts/placement";
import type { Rule } from "./rule";

interface Config {
  reserve: number;
  balloonTag: string;
}

/** Memory that is not there is found out by the kernel, which then kills a guest, on the day when a node is lost. */
export const requireFailoverRoom: Rule<Config> = {
  name: "require-failover-room",
  description: "With any one node gone, its HA guests fit beside those of the nodes that are left.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remedy: "Give guests less memory, a node more of it, or take a guest out of HA.",
  settings: {
    reserve: {
      type: "number",
      minimum: 0,
      default: 1024,
      description: "MiB of each node that guests do not get: Proxmox VE itself, a ZFS cache.",
    },
    balloonTag: {
      type: "string",
      default: "balloon",
      description: "Tag of VMs with a balloon driver: their minimum counts, not their maximum.",
    },
  },
  judge: (facts, { reserve, balloonTag }) => {
    const [first] = managedResources(facts);
    if (!first) return [];
    const cluster = facts.clusters[0] ?? first;
    return attempt(cluster.urn, `the failover room of ${cluster.name}`, () => {
      if (facts.clusters.length === 0) need(UNKNOWN, "a cluster's nodes with their memory are");
      const loads = loadsOf(facts, balloonTag);
      return facts.clusters.flatMap((each) =>
        overloadsAfterLoss(hostsOf(each, reserve), loads).map((overload) => ({
          urn: each.urn,
          message: `cluster ${each.name}: ${inWords(overload, reserve)}`,
        })),
      );
    });
  },
};

function inWords({ lost, host, loads, total }: Overload, reserve: number): string {
  const largest = [...loads].sort((a, b) => b.need - a.need).slice(0, 5);
  const others = loads.length > 5 ? ` and ${loads.length - 5} more` : "";
  return (
    `without ${lost}, ${host.name} has ${gibibytes(host.room, Math.floor)} for guests after a reserve of ${gibibytes(reserve)}; ` +
    `${gibibytes(total)} would run there: ` +
    `${largest.map((load) => `${load.name} ${gibibytes(load.need)}`).join(", ")}${others}. ` +
    `Free ${gibibytes(total - host.room)}: give guests less memory, guests.*.memory, ${host.name} more, or take one out of HA.`
  );
}
