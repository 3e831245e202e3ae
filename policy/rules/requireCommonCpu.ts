import { LEVELS, nodesByName, whyNotOnEach } from "../facts/cpu";
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
      additionalProperties: { type: "string", enum: LEVELS },
      default: {},
      description: "Highest level of each node of which the site says none: pve01: x86-64-v3.",
    },
  },
  judge: (facts, { alike, levels }) => {
    let byName: ReturnType<typeof nodesByName> | undefined;
    return judgeHaGuests(facts, "the CPU", (guest) => {
      if (guest.kind === "ct") return [];
      const { urn, name } = guest;
      const type = need(guest.cpuType, "its type is") ?? "";
      const cores = need(guest.vcpus, "its cores are");
      const names = nodesFor(facts, guest);
      const same = alike.some((group) => names.every((node) => group.includes(node)));
      const known = (byName ??= nodesByName(facts));
      const nodes = names.flatMap((node) => known.get(node) ?? []);
      return whyNotOnEach(
        { guest: name, type, cores, nodes, alike: same },
        (node) => levels[node.name] ?? need(node.cpuLevel, `the CPU level of ${node.name} is`),
      ).map((reason) => ({ urn, message: `HA guest ${name}: ${reason}` }));
    });
  },
};
