import { UNKNOWN } from "../facts/known";
import { allowedNodes, whyNotShared } from "../facts/placement";
import type { DiskFacts, GuestFacts, HaResourceFacts, SiteFacts } from "../facts/site";
import type { Rule, Violation } from "./rule";

/** Recovery moves a guest's configuration only. A disk that the other node cannot see is not there any more. */
export const requireSharedDisksForHa: Rule = {
  name: "require-shared-disks-for-ha",
  description:
    "Every disk of an HA guest lies on storage that all nodes share on which the guest may run.",
  enforcementLevel: "mandatory",
  judge: (facts) => facts.haResources.flatMap((resource) => judgeResource(resource, facts)),
};

function judgeResource(resource: HaResourceFacts, facts: SiteFacts): Violation[] {
  const { sid, urn, name } = resource;
  if (sid === UNKNOWN) return [cannotJudge(urn, name, "its HA resource id is")];
  const guest = facts.guests.find(({ kind, vmid }) => `${kind}:${String(vmid)}` === sid);
  if (!guest) {
    const unknown = facts.guests.some(({ vmid }) => vmid === UNKNOWN);
    return [
      cannotJudge(urn, name, unknown ? "the VMIDs of all guests are" : `a guest for ${sid} is`),
    ];
  }
  const nodes = allowedNodes(facts, sid);
  if (nodes === UNKNOWN) return [cannotJudge(urn, name, "the cluster's nodes and HA rules are")];
  if (guest.disks === UNKNOWN) return [cannotJudge(guest.urn, guest.name, "they are")];
  return guest.disks.flatMap((disk) => judgeDisk(guest, disk, nodes, facts));
}

function judgeDisk(
  guest: GuestFacts,
  { slot, storage }: DiskFacts,
  nodes: string[],
  facts: SiteFacts,
): Violation[] {
  const reason = storage === UNKNOWN ? UNKNOWN : whyNotShared(facts, storage, nodes);
  if (reason === undefined) return [];
  if (storage === UNKNOWN || reason === UNKNOWN)
    return [cannotJudge(guest.urn, `${guest.name}, ${slot}`, "its storage is")];
  return [
    {
      urn: guest.urn,
      message:
        `HA guest ${guest.name}: ${slot} lies on ${storage}, but ${reason}. ` +
        `It may have to run on ${nodes.join(", ")}. Put the disk on a storage that all of them share, as NFS is, ` +
        "or take the guest out of HA.",
    },
  ];
}

function cannotJudge(urn: string, what: string, condition: string): Violation {
  return { urn, message: `cannot judge the disks of ${what} until ${condition} known.` };
}
