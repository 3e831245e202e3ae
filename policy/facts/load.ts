import { type Host, type Load, VM_OVERHEAD } from "./failover";
import { need, UNKNOWN } from "./known";
import { allowedNodes, sidOf } from "./placement";
import { guestFinder } from "./judge";
import type { ClusterFacts, GuestFacts, HaResourceFacts, SiteFacts } from "./site";

const MIB = 1024 ** 2;

/** Nodes with the room that guests have: what a node reports, less `reserve` MiB. Throws `NotKnown`. */
export function hostsOf({ nodes }: ClusterFacts, reserve: number): Host[] {
  return need(nodes, "its nodes are").map(({ name, memory }) => {
    const bytes = need(memory ?? UNKNOWN, `the memory of ${name} is`);
    return { name, room: bytes / MIB - reserve };
  });
}

export interface RunningGuest {
  guest: GuestFacts;
  home: string;
  /** Nodes that HA may put it on; undefined where it stays at home whatever happens. */
  allowed: string[] | undefined;
}

/** Guests that run, and where they may. Throws `NotKnown`. */
export function runningGuests(facts: SiteFacts): RunningGuest[] {
  const find = guestFinder(facts);
  const inHa = new Map(facts.haResources.map((resource) => [find(resource), resource]));
  return facts.guests
    .filter((guest) => runs(guest, inHa.get(guest)))
    .map((guest) => {
      const state = inHa.get(guest)?.state;
      const allowed =
        state === undefined || state === "ignored"
          ? undefined
          : need(allowedNodes(facts, sidOf(guest)), "the cluster's nodes and HA rules are");
      return { guest, home: need(guest.node, `the node of ${guest.name} is`), allowed };
    });
}

/** Guests that run, with what each needs. Throws `NotKnown`. */
export function loadsOf(facts: SiteFacts, balloonTag: string): Load[] {
  return runningGuests(facts).map(({ guest, home, allowed }) => ({
    name: guest.name,
    need: needOf(guest, balloonTag),
    home,
    allowed,
  }));
}

/** MiB. A balloon gives memory back only where a driver in the guest lets it; a tag says so. */
function needOf(guest: GuestFacts, balloonTag: string): number {
  const memory = need(guest.memory, `the memory of ${guest.name} is`);
  if (guest.kind === "ct") return memory;
  const balloon = need(guest.balloon, `the balloon of ${guest.name} is`);
  const tags = balloon > 0 ? need(guest.tags, `the tags of ${guest.name} are`) : [];
  return (tags.includes(balloonTag) ? Math.min(balloon, memory) : memory) + VM_OVERHEAD;
}

function runs(guest: GuestFacts, resource: HaResourceFacts | undefined): boolean {
  if (need(guest.template, `whether ${guest.name} is a template is`)) return false;
  const state = resource && need(resource.state, `the HA state of ${guest.name} is`);
  if (state === undefined || state === "ignored")
    return need(guest.running, `whether ${guest.name} runs is`);
  return state === "started" || state === "enabled";
}
