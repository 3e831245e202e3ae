import { NotKnown, need, UNKNOWN } from "./known";
import { allowedNodes, managedResources, sidOf } from "./placement";
import type { GuestFacts, HaResourceFacts, SiteFacts } from "./site";

export interface Violation {
  /** The fact, with names and numbers, then what to do. */
  message: string;
  /** The resource at fault. */
  urn: string;
}

/** What `judge` finds about `subject`; that it cannot be judged, when it needs what is not known yet. */
export function attempt(urn: string, subject: string, judge: () => Violation[]): Violation[] {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return [{ urn, message: `cannot judge ${subject} until ${error.message} known.` }];
  }
}

/**
 * Judges each guest in HA once; `subject` is what the rule is about, as in `the disks`. Those that HA keeps stopped or
 * disabled are judged too: what is wrong with them shows when they are started, and then nobody judges.
 */
export function judgeHaGuests(
  facts: SiteFacts,
  subject: string,
  judge: (guest: GuestFacts, resource: HaResourceFacts) => Violation[],
): Violation[] {
  const find = guestFinder(facts);
  return managedResources(facts).flatMap((resource) =>
    attempt(resource.urn, `${subject} of ${resource.name}`, () => {
      const guest = find(resource);
      return attempt(guest.urn, `${subject} of ${guest.name}`, () => judge(guest, resource));
    }),
  );
}

/** Finds the guest of an HA resource. What it returns throws `NotKnown` where preview cannot tell. */
export function guestFinder(facts: SiteFacts): (resource: HaResourceFacts) => GuestFacts {
  const guests = new Map(facts.guests.map((guest) => [sidOf(guest), guest]));
  const unknownVmid = facts.guests.some(({ vmid }) => vmid === UNKNOWN);
  return ({ sid }) => {
    const id = need(sid, "its HA resource id is");
    const missing = unknownVmid ? "the VMIDs of all guests are" : `a guest for ${id} is`;
    return need(guests.get(id) ?? UNKNOWN, missing);
  };
}

/** Nodes that the HA manager may put the guest on. Throws `NotKnown`. */
export function nodesFor(facts: SiteFacts, guest: GuestFacts): string[] {
  return need(allowedNodes(facts, sidOf(guest)), "the cluster's nodes and HA rules are");
}
