import { HOST_TYPES, nodesByName, runsLevel } from "../facts/cpu";
import { judgeHaGuests, nodesFor } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  alike: string[][];
  levels: Record<string, string>;
}

/** Migration fails, or the guest crashes after it, when the other CPU lacks what the guest has seen at its start. */
export const requireCommonCpu: Rule<Config> = {
  name: "require-common-cpu",
  description: "An HA guest asks for a CPU that every node has on which it may run.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy:
    "Choose a level that all nodes have, as x86-64-v2-AES, and no more cores than the smallest has.",
  settings: {
    alike: {
      type: "array",
      items: { type: "array", items: { type: "string" } },
      default: [],
      description: "Groups of nodes with the same CPU, between which `host` is safe.",
    },
    levels: {
      type: "object",
      additionalProperties: { type: "string" },
      default: {},
      description: "Highest level of each node, as in pve01: x86-64-v2-AES.",
    },
  },
  judge: (facts, { alike, levels }) =>
    judgeHaGuests(facts, "the CPU", ({ urn, name, ...guest }) => {
      if (guest.kind === "ct") return [];
      const nodes = nodesFor(facts, { urn, name, ...guest });
      const type = need(guest.cpuType, "its type is") ?? "";
      const cores = need(guest.vcpus, "its cores are");
      const byName = nodesByName(facts);
      const same = alike.some((group) => nodes.every((node) => group.includes(node)));
      const reasons = nodes.flatMap((node) => {
        const cpus = need(byName.get(node)?.cpus, `the CPU of ${node} is`);
        const short = cpus !== undefined && cores > cpus;
        const low = !runsLevel(levels[node] ?? type, type);
        return [
          ...(short ? [`${node} has ${cpus} CPUs and starts no guest with ${cores}`] : []),
          ...(low ? [`${node} has ${levels[node] ?? ""} and starts no guest with ${type}`] : []),
        ];
      });
      if (HOST_TYPES.includes(type) && nodes.length > 1 && !same)
        reasons.push(`type ${type} is another CPU on each of ${nodes.join(", ")}`);
      return reasons.map((reason) => ({
        urn,
        message: `HA guest ${name}: ${reason}. Choose what all have: guests.${name}.cpu, guests.${name}.cores.`,
      }));
    }),
};
