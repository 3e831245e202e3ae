import { endlessCopies } from "../facts/archives";
import { attempt } from "../facts/judge";
import { some } from "../facts/known";
import { backupNeeds, gibibytesIn, SIZE } from "../facts/room";
import type { Rule } from "./rule";

interface Config {
  sizes: Record<string, string>;
  packed: number;
}

/** No resource tells the size of a storage, and disks are seldom full: an estimate, so it advises. */
export const requireBackupRoom: Rule<Config> = {
  name: "require-backup-room",
  description: "The backups that are kept fit their storage, and so do their copies.",
  enforcementLevel: "advisory",
  development: "disabled",
  severity: "medium",
  remedy: "Keep fewer backups and copies, or give them a larger storage.",
  settings: {
    sizes: {
      type: "object",
      additionalProperties: { type: "string", pattern: SIZE },
      default: {},
      description: "Sizes of storages for backups and copies, in GiB or TiB.",
    },
    packed: {
      type: "number",
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: "What is left of a disk's size in its backup.",
    },
  },
  judge: (facts, { sizes, packed }) => {
    const [first] = facts.backupJobs;
    if (!first) return [];
    return attempt(first.urn, "the room for backups", () => {
      const needs = backupNeeds(facts, packed);
      const about = (gib: number): string => `${Math.ceil(gib)} GiB`;
      const full = needs.flatMap(({ storage, urn, guests, disks, total, settings }) => {
        const size = sizes[storage];
        if (size === undefined || gibibytesIn(size) >= total) return [];
        const message =
          `storage ${storage} has ${size}, and the backups that are kept of ${guests} guests with ${about(disks)} of disks ` +
          `take about ${about(total)} when all are there. Keep fewer, ${settings.join(" and ")}, or give it more.`;
        return [{ urn, message }];
      });
      const found = [...full, ...endlessCopies(facts)];
      const open = needs.filter(({ storage, unsized }) => !sizes[storage] || unsized.length > 0);
      const [one] = open;
      if (!one) return found;
      const unsized = [...new Set(open.flatMap((each) => each.unsized))];
      const message =
        `not judged: whether backups fit ${some(open.map(({ storage, total }) => `${storage} (about ${about(total)} needed)`))}. ` +
        `${unsized.length > 0 ? `Nobody says the size of ${some(unsized)}. ` : ""}Say what the storage has: require-backup-room.sizes.`;
      return [...found, { urn: one.urn, message }];
    });
  },
};
