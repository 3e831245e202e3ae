import { coverage, disksToKeep } from "../facts/backup";
import { attempt, type Violation } from "../facts/judge";
import { need, UNKNOWN } from "../facts/known";
import type { DiskFacts, GuestFacts, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

interface Config {
  exceptTag: string;
}

export const requireBackupCoverage: Rule<Config> = {
  name: "require-backup-coverage",
  description: "Every guest with data is in an enabled backup job, with all of its disks.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remedy: "Add the guest to a backup job, or let a job take all guests.",
  settings: {
    exceptTag: {
      type: "string",
      default: "no-backup",
      description: "Tag of guests that need no backup, because they can be made anew.",
    },
  },
  judge: (facts, { exceptTag }) => {
    const covers = coverage(facts);
    return facts.guests.flatMap((guest) =>
      attempt(guest.urn, `the backup of ${guest.name}`, () => {
        const disks = disksToKeep(guest, exceptTag);
        return disks.length === 0 ? [] : judgeGuest(guest, disks, facts, covers);
      }),
    );
  },
};

function judgeGuest(
  guest: GuestFacts,
  disks: DiskFacts[],
  { backupJobs }: SiteFacts,
  covers: ReturnType<typeof coverage>,
): Violation[] {
  const { urn, name } = guest;
  const verdicts = backupJobs.map((job) => covers(job, guest));
  if (!verdicts.includes(true)) {
    if (verdicts.includes(UNKNOWN)) need(UNKNOWN, "the guests of all backup jobs are");
    const message =
      `guest ${name} is in no enabled backup job, so its data is lost with its disks. ` +
      "Add it to one: site.backups.*.guests.";
    return [{ urn, message }];
  }
  return disks
    .filter(({ slot, backedUp }) => !need(backedUp, `whether ${slot} is backed up is`))
    .map(({ slot }) => ({
      urn,
      message: `guest ${name}: ${slot} is left out of its backups. Say backup: true on it.`,
    }));
}
