import { enabledJobs } from "../facts/backup";
import { copiesOf, placeWriter } from "../facts/copies";
import { attempt } from "../facts/judge";
import { need, some } from "../facts/known";
import { dataDisks, storagesById } from "../facts/storage";
import type { Rule } from "./rule";

export const keepBackupsOffDiskHost: Rule = {
  name: "keep-backups-off-disk-host",
  description: "Backups lie on another host than the disks that they are of.",
  enforcementLevel: "advisory",
  severity: "high",
  remedy: "Back up to another host, or copy the backups to one.",
  judge: (facts) => {
    const [first] = enabledJobs(facts);
    if (!first) return [];
    return attempt(first.urn, "the hosts of backups", () => {
      const storages = storagesById(facts);
      const placeOf = placeWriter(facts);
      const disks = [...new Set(dataDisks(facts.guests).map(({ storage }) => storage))];
      const targets = new Set(
        enabledJobs(facts).map(({ name, storage }) => need(storage, `the storage of ${name} is`)),
      );
      return [...targets].flatMap((target) => {
        const place = placeOf(target);
        const beside = disks.filter((id) => id !== target && placeOf(id) === place);
        if (beside.length === 0) return [];
        if (copiesOf(facts, [target]).some((copy) => placeOf(copy) !== place)) return [];
        const message =
          `storage ${target} takes the backups and ${some(beside)} the disks, both on ${place}: ` +
          "when it breaks, both are gone. Back up to another host, or copy the backups to one.";
        return [{ urn: storages.get(target)?.urn ?? first.urn, message }];
      });
    });
  },
};
