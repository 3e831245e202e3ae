import { coverage, disksToKeep, enabledJobs } from "../facts/backup";
import { attempt } from "../facts/judge";
import { UNKNOWN } from "../facts/known";
import { DURATION, isUnreadable, objectiveOf, unreadable, whyTooRare } from "../facts/recovery";
import type { Rule } from "./rule";

interface Config {
  objective: string;
  classes: Record<string, string>;
  exceptTag: string;
}

/** What was written since the last backup goes with the disks. */
export const requireRecoveryPoint: Rule<Config> = {
  name: "require-recovery-point",
  description: "Every guest is backed up as often as its recovery point objective asks.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Let a job that has the guest run more often, or allow the guest to lose more.",
  settings: {
    objective: {
      type: "string",
      pattern: DURATION,
      default: "24h",
      description: "What a guest may lose whose tags say nothing, in m, h, d or w.",
    },
    classes: {
      type: "object",
      additionalProperties: { type: "string", pattern: DURATION },
      default: {},
      description: "What guests of a class may lose, by the tag of the class.",
    },
    exceptTag: {
      type: "string",
      default: "no-backup",
      description: "Tag of guests that need no backup, because they can be made anew.",
    },
  },
  judge: (facts, { objective, classes, exceptTag }) => {
    const covers = coverage(facts);
    const jobs = enabledJobs(facts);
    const guests = facts.guests.flatMap((guest) =>
      attempt(guest.urn, `the recovery point of guest ${guest.name}`, () => {
        if (disksToKeep(guest, exceptTag).length === 0) return [];
        const covered = jobs.map((job) => covers(job, guest));
        const sure = jobs.filter((_, index) => covered[index] === true);
        const unsure = covered.includes(UNKNOWN);
        const allowed = (tags: string[]) => objectiveOf(tags, classes, objective);
        const message = whyTooRare(guest, sure, unsure, allowed);
        return message === undefined ? [] : [{ urn: guest.urn, message }];
      }),
    );
    return [...jobs.filter(isUnreadable).map(unreadable), ...guests];
  },
};
