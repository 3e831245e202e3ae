import { judgeHaGuests, nodesFor } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  relocations: number;
  most: number;
}

/** Restarts are tries on the node where a start has failed, relocations are tries on others (PVE::HA::Manager). */
export const requireHaLimits: Rule<Config> = {
  name: "require-ha-limits",
  description: "An HA guest that does not start on one node is tried on another, in good time.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remedy: "Leave maxRestart and maxRelocate at 1, or choose small numbers.",
  settings: {
    relocations: {
      type: "integer",
      minimum: 0,
      default: 1,
      description: "Other nodes on which a guest must be tried.",
    },
    most: {
      type: "integer",
      minimum: 1,
      default: 10,
      description: "Restarts and relocations that are not too many.",
    },
  },
  judge: (facts, { relocations, most }) =>
    judgeHaGuests(facts, "the HA limits", (guest, resource) => {
      const { urn, name } = guest;
      const restart = need(resource.maxRestart, "maxRestart is");
      const relocate = need(resource.maxRelocate, "maxRelocate is");
      const several = nodesFor(facts, guest).length > 1;
      const reasons = [
        ...(several && relocate < relocations
          ? [
              `has maxRelocate ${relocate}: where a start fails it ends in error, though other nodes are there. ` +
                `Set ${relocations} or more: guests.${name}.ha.maxRelocate.`,
            ]
          : []),
        ...[
          ["maxRestart", restart, "on a node where it fails"] as const,
          ["maxRelocate", relocate, "on other nodes"] as const,
        ].flatMap(([key, count, where]) =>
          count > most
            ? [
                `has ${key} ${count}: it is tried ${count} times ${where} before anybody is told that it is in error. ` +
                  `Set ${most} or less: guests.${name}.ha.${key}.`,
              ]
            : [],
        ),
      ];
      return reasons.map((reason) => ({ urn, message: `HA guest ${name} ${reason}` }));
    }),
};
