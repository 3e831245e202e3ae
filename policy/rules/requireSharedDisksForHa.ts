import { attempt, judgeHaGuests, nodesFor, type Violation } from "../facts/judge";
import { need, UNKNOWN } from "../facts/known";
import { whyNotShared } from "../facts/placement";
import type { DiskFacts, GuestFacts, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

interface Config {
  shared: string[];
}

/** Recovery moves a guest's configuration only. A disk that the other node cannot see is not there any more. */
export const requireSharedDisksForHa: Rule<Config> = {
  name: "require-shared-disks-for-ha",
  description:
    "Every disk of an HA guest lies on storage that all nodes share on which the guest may run.",
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
  { slot, storage }: DiskFacts,
  nodes: string[],
  facts: SiteFacts,
): Violation[] {
  return attempt(guest.urn, `the disks of ${guest.name}, ${slot}`, () => {
    const id = need(storage, "its storage is");
    const reason = need(whyNotShared(facts, id, nodes), "its storage is");
    if (reason === undefined) return [];
    const message =
      `HA guest ${guest.name}: ${slot} lies on ${id}, but ${reason}. ` +
      `It may have to run on ${nodes.join(", ")}. Put the disk on a storage that all of them share, as NFS is, ` +
      "or take the guest out of HA.";
    return [{ urn: guest.urn, message }];
  });
}
