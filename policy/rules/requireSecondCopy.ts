import { disksToKeep } from "../facts/backup";
import { onlyPlace, type Place } from "../facts/copies";
import { attempt, type Violation } from "../facts/judge";
import { some } from "../facts/known";
import type { Rule } from "./rule";

interface Config {
  elsewhere: string[];
  exceptTag: string;
}

/** The one host with the archives burns, is stolen or encrypted together with what they are of. */
export const requireSecondCopy: Rule<Config> = {
  name: "require-second-copy",
  description: "The backups of every guest lie on two hosts.",
  enforcementLevel: "mandatory",
  development: "disabled",
  severity: "high",
  remedy: "Add a job to a storage on another host, or copy the archives to one and say so.",
  settings: {
    elsewhere: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Storages whose archives are copied to another host outside Proxmox VE.",
    },
    exceptTag: {
      type: "string",
      default: "no-backup",
      description: "Tag of guests that need no backup, because they can be made anew.",
    },
  },
  judge: (facts, { elsewhere, exceptTag }) => {
    const find = onlyPlace(facts, elsewhere);
    const single = new Map<string, { place: Place; names: string[] }>();
    const unclear = facts.guests.flatMap((guest) =>
      attempt(guest.urn, `the copies of the backups of guest ${guest.name}`, () => {
        const place = disksToKeep(guest, exceptTag).length > 0 ? find(guest) : undefined;
        if (!place) return [];
        const same = single.get(place.storages.join()) ?? { place, names: [] };
        single.set(place.storages.join(), { place, names: [...same.names, guest.name] });
        return [];
      }),
    );
    return [...unclear, ...[...single.values()].map(inWords)];
  },
};

function inWords({ place, names }: { place: Place; names: string[] }): Violation {
  const message =
    `storage ${place.storages.join(" and ")} on ${place.host} has the only backups of ${some(names)}: what takes that host ` +
    "takes them all. Copy them to another host, site.copies, add a job to one, or name a storage that is copied away: require-second-copy.elsewhere.";
  return { urn: place.urn, message };
}
