import { attempt, judgeHaGuests } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

/** With `unsafe` QEMU drops the guest's flushes. HA resets nodes, and what was in their memory is gone. */
export const forbidUnsafeCache: Rule = {
  name: "forbid-unsafe-cache",
  description: "No disk of an HA guest has the cache mode unsafe.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Leave the cache mode at none, or choose writeback, which keeps the guest's flushes.",
  remediation: {
    types: [
      "proxmoxve:index/vmLegacy:VmLegacy",
      "proxmoxve:cloned/vm:Vm",
      "proxmoxve:cloned/vmLegacy:VmLegacy",
    ],
    effect: "sets the cache mode none, on VMs without HA too",
    // The first are disks in a list, the others by their slots.
    edits: ({ disks, disk }) =>
      [...unsafeIn("disks", disks), ...unsafeIn("disk", disk)].map((path) => ({
        path: [...path, "cache"],
        value: "none",
      })),
  },
  judge: (facts) =>
    judgeHaGuests(facts, "the cache modes", ({ urn, name, disks }) =>
      need(disks, "its disks are").flatMap(({ slot, cache }) =>
        attempt(urn, `the cache mode of ${name}, ${slot}`, () => {
          if (need(cache, "it is") !== "unsafe") return [];
          const message =
            `HA guest ${name}: ${slot} has cache=unsafe, so what the guest has written and flushed is lost ` +
            "when its node is reset, as fencing does. Leave the cache mode out.";
          return [{ urn, message }];
        }),
      ),
    ),
};

function unsafeIn(input: string, disks: unknown): string[][] {
  const all = (disks ?? {}) as Record<string, { cache?: unknown }>;
  return Object.keys(all)
    .filter((key) => all[key]?.cache === "unsafe")
    .map((key) => [input, key]);
}
