import { coverage, enabledJobs } from "../facts/backup";
import { attempt } from "../facts/judge";
import { need, some } from "../facts/known";
import { dataDisks } from "../facts/storage";
import type { Rule } from "./rule";

/** What takes the disks takes the backups. */
export const requireBackupOffDiskStorage: Rule = {
  name: "require-backup-off-disk-storage",
  description: "Backups lie on another storage than the disks that they are of.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Give backups a storage of their own, best on another host.",
  judge: (facts) => {
    const covers = coverage(facts);
    return enabledJobs(facts).flatMap((job) => {
      const { urn, name } = job;
      return attempt(urn, `the storage of backup job ${name}`, () => {
        const target = need(job.storage, "it is");
        const guests = facts.guests.filter((guest) => need(covers(job, guest), "its guests are"));
        const there = dataDisks(guests).filter(({ storage }) => storage === target);
        if (there.length === 0) return [];
        const names = [...new Set(there.map(({ guest }) => guest.name))];
        const message =
          `backup job ${name} writes to ${target}, where disks of ${some(names)} lie: ` +
          `whatever takes the disks takes their backups. Choose another storage: site.backups.${name}.storage.`;
        return [{ urn, message }];
      });
    });
  },
};
