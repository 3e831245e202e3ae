import { enabledJobs, keptPoints, retentionOf } from "../facts/backup";
import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import { storagesById } from "../facts/storage";
import type { Rule } from "./rule";

interface Config {
  points: number;
}

/** One backup is the one that ran after the damage. All of them fill the storage until none runs any more. */
export const requireBackupRetention: Rule<Config> = {
  name: "require-backup-retention",
  description: "Every backup job keeps a limited number of points, and enough of them.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Say on the job or on its storage how many backups are kept.",
  settings: {
    points: { type: "integer", minimum: 1, default: 3, description: "Backups that are enough." },
  },
  judge: (facts, { points }) =>
    enabledJobs(facts).flatMap((job) => {
      const { urn, name } = job;
      return attempt(urn, `the retention of backup job ${name}`, () => {
        need(job.enabled, "whether it is enabled is");
        const retention = retentionOf(job, storagesById(facts));
        const where = `site.backups.${name}.retention, or that of its storage`;
        if (!retention || retention.all) {
          const why = retention ? "keeps all backups" : "says not how many backups it keeps";
          const message =
            `backup job ${name} ${why}, so they pile up until the storage is full ` +
            `and no backup succeeds any more. Say how many: ${where}.`;
          return [{ urn, message }];
        }
        const kept = keptPoints(retention);
        if (kept >= points) return [];
        const listed = Object.entries(retention).map(([period, count]) => `${period} ${count}`);
        const message =
          `backup job ${name} keeps ${kept} (${listed.join(", ")}) and ${points} are needed: ` +
          `damage that is found late is in all of them. Keep more: ${where}.`;
        return [{ urn, message }];
      });
    }),
};
