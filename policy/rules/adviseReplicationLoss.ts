import { judgeHaGuests, nodesFor, type Violation } from "../facts/judge";
import { need } from "../facts/known";
import { gapOf, inWords, isUnreadable } from "../facts/recovery";
import { copiedDisks, jobsOf } from "../facts/replication";
import type { Rule } from "./rule";

/** A copy is as old as the last run of its job. */
export const adviseReplicationLoss: Rule = {
  name: "advise-replication-loss",
  description: "The disks of an HA guest are shared, and no copies that lag behind.",
  enforcementLevel: "advisory",
  severity: "medium",
  remedy: "Put the disk on a shared storage, or let the replication job run more often.",
  judge: (facts) =>
    judgeHaGuests(facts, "the replication", (guest): Violation[] => {
      const { urn, name } = guest;
      const disks = copiedDisks(facts, guest, nodesFor(facts, guest)).filter(({ data }) => data);
      if (disks.length === 0) return [];
      const slots = disks.map(({ slot, storage }) => `${slot} on ${String(storage)}`).join(", ");
      return jobsOf(facts, guest).map((job) => {
        const schedule = need(job.schedule, `the schedule of ${job.name} is`);
        if (isUnreadable(job)) {
          const message = `cannot judge replication job ${job.name}, whose schedule ${schedule} is no calendar event. Write one, as in */15.`;
          return { urn: job.urn, message };
        }
        const gap = gapOf([job]);
        const lost = gap === Infinity ? "everything since its last run" : `up to ${inWords(gap)}`;
        const message =
          `HA guest ${name}: ${slots} gets to ${String(job.target)} by replication job ${job.name} (${schedule}) alone. ` +
          `When the node that runs it is lost, so is ${lost} of what it has written. ` +
          "Let the job run more often, or put the disk on a shared storage.";
        return { urn, message };
      });
    }),
};
