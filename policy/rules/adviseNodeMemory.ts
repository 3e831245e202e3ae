import { gibibytes } from "../facts/failover";
import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  minimum: number;
}

const MIB = 1024 ** 2;

export const adviseNodeMemory: Rule<Config> = {
  name: "advise-node-memory",
  description: "Nodes have the memory that a virtualization host needs.",
  enforcementLevel: "advisory",
  severity: "low",
  remedy: "Put more memory into the node.",
  settings: {
    minimum: {
      type: "number",
      minimum: 0,
      default: 7680,
      description: "MiB that a node should report; one of 8 GB reports somewhat less.",
    },
  },
  judge: ({ clusters }, { minimum }) =>
    clusters.flatMap((cluster) =>
      attempt(cluster.urn, `the memory of cluster ${cluster.name}`, () =>
        need(cluster.nodes, "its nodes are").flatMap(({ name, memory }) => {
          const bytes = need(memory, `that of ${name} is`);
          if (bytes === undefined || bytes >= minimum * MIB) return [];
          const message =
            `node ${name} reports ${gibibytes(bytes / MIB, Math.floor)} of memory, and a host for guests ` +
            "should have 8: Proxmox VE itself, its cache and the guests of a lost node share it.";
          return [{ urn: cluster.urn, message }];
        }),
      ),
    ),
};
