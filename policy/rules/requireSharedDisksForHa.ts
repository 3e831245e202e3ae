import { attempt, judgeHaGuests, nodesFor, type Violation } from "../facts/judge";
import { need, UNKNOWN } from "../facts/known";
import { whyNotThere } from "../facts/replication";
import type { DiskFacts, GuestFacts, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

interface Config {
  shared: string[];
}

/** Recovery moves a guest's configuration only. A disk that the other node cannot see is not there any more. */
export const requireSharedDisksForHa: Rule<Config> = {
  name: "require-shared-disks-for-ha",
  description:
    "Every disk of an HA guest is there on all nodes on which the guest may run, shared or replicated.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remedy: "Put the disk on a storage that all of these nodes share, or take the guest out of HA.",
  settings: {
    shared: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Storages that all nodes share and that no resource of the program describes.",
    },
  },
  judge: (facts, { shared }) =>
    judgeHaGuests(facts, "the disks", (guest) => {
      const nodes = nodesFor(facts, guest);
      return need(guest.disks, "they are")
        .filter(({ storage }) => storage === UNKNOWN || !shared.includes(storage))
        .flatMap((disk) => judgeDisk(guest, disk, nodes, facts));
    }),
};

function judgeDisk(
  guest: GuestFacts,
  disk: DiskFacts,
  nodes: string[],
  facts: SiteFacts,
): Violation[] {
  return attempt(guest.urn, `the disks of ${guest.name}, ${disk.slot}`, () => {
    const reason = whyNotThere(facts, guest, disk, nodes);
    if (reason === undefined) return [];
    const message =
      `HA guest ${guest.name}: ${disk.slot} lies on ${String(disk.storage)}, but ${reason}. ` +
      `It may have to run on ${nodes.join(", ")}. Put the disk on a storage that all of them share, as NFS is, ` +
      "or take the guest out of HA.";
    return [{ urn: guest.urn, message }];
  });
}
