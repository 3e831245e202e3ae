import { need } from "./known";
import { type RunningGuest, runningGuests } from "./load";
import { whyNotThere } from "./replication";
import type { ClusterFacts, GuestFacts, NodeFacts, SiteFacts, StorageFacts } from "./site";
import { serverOf, storagesById } from "./storage";
import { deviceVotes, majorityAfterNodeLoss } from "./votes";

/** One thing that breaks. */
export type Failure =
  | { kind: "node"; name: string }
  | { kind: "witness"; name: string }
  /** A host that serves storages and is no node; `witness` where it is that as well. */
  | { kind: "server"; name: string; host: string; storages: string[]; witness: boolean }
  /** What all hosts are plugged into; second links go another way. */
  | { kind: "switch" }
  | { kind: "cable"; name: string };

/** Nodes that see each other, and the votes that they hold together. */
export interface Part {
  nodes: string[];
  votes: number;
  quorate: boolean;
}

/** How a failure ends, until what broke is back. Guests and nodes by name. */
export interface Ending {
  failure: Failure;
  parts: Part[];
  /** Nodes with HA guests that lose their majority: the watchdog resets them. */
  reset: string[];
  /** Nodes without a majority and without HA guests: their guests go on, nothing can be changed. */
  readOnly: string[];
  /** HA guests that start again on another node. */
  recovered: string[];
  /** Guests that are away. */
  stopped: string[];
  /** Guests that are where they were, and wait for their disks. */
  hanging: string[];
  /** Any one more vote may be lost. */
  tolerant: boolean;
}

export interface Endings {
  votes: number;
  quorum: number;
  endings: Ending[];
}

/** How each single failure ends. Throws `NotKnown`. */
export function endingsOf(facts: SiteFacts, cluster: ClusterFacts): Endings {
  const nodes = need(cluster.nodes, "its nodes are");
  const witness = need(cluster.witness, "its witness is");
  const device = need(cluster.qdevice, "its QDevice is") && witness ? deviceVotes(nodes) : 0;
  const { votes, quorum } = majorityAfterNodeLoss(nodes, device);
  const guests = runningGuests(facts).filter(({ home }) => nodes.some(({ name }) => name === home));
  const storages = storagesById(facts);
  const servers = serversOf(guests, storages);
  const site: Site = { facts, nodes, guests, device, quorum, witness, storages, servers };
  const failures: Failure[] = [
    ...nodes.map(({ name }): Failure => ({ kind: "node", name })),
    ...(device > 0 && witness ? [{ kind: "witness", name: witness.name } as const] : []),
    ...serverFailures(site),
    ...(nodes.length > 1 ? [{ kind: "switch" } as const] : []),
    ...(nodes.length > 1 ? nodes.map(({ name }): Failure => ({ kind: "cable", name })) : []),
  ];
  return { votes, quorum, endings: failures.map((failure) => endingOf(site, failure)) };
}

type Fate = "recovered" | "stopped" | "hanging";

interface Site {
  facts: SiteFacts;
  nodes: NodeFacts[];
  guests: RunningGuest[];
  /** Votes of the QDevice. */
  device: number;
  quorum: number;
  witness: { name: string; address: string } | undefined;
  storages: Map<string, StorageFacts>;
  /** Ids of the storages that guests use, by the host that serves them. */
  servers: Map<string, Set<string>>;
}

function serversOf(
  guests: RunningGuest[],
  storages: Map<string, StorageFacts>,
): Map<string, Set<string>> {
  const servers = new Map<string, Set<string>>();
  for (const { guest } of guests)
    for (const id of storagesOf(guest)) {
      const server = serverOf(storages.get(id));
      if (server === undefined) continue;
      const others = servers.get(server);
      if (others) others.add(id);
      else servers.set(server, new Set([id]));
    }
  return servers;
}

function storagesOf({ disks, name }: RunningGuest["guest"]): string[] {
  return need(disks, `the disks of ${name} are`).map(({ slot, storage }) =>
    need(storage, `the storage of ${name}, ${slot} is`),
  );
}

function serverFailures({ nodes, servers, witness, device }: Site): Failure[] {
  return [...servers]
    .filter(([host]) => !nodes.some((node) => isHost(node, host)))
    .map(([host, storages]) => {
      const both = device > 0 && witness !== undefined && isHost(witness, host);
      const name = witness && isHost(witness, host) ? witness.name : host;
      return { kind: "server", name, host, storages: [...storages].sort(), witness: both };
    });
}

function isHost({ name, address }: { name: string; address: string }, host: string): boolean {
  return [name, address].some((own) => own.toLowerCase() === host.toLowerCase());
}

/** What the failure leaves: groups of nodes that see each other, and who sees the hosts that are no nodes. */
interface Left {
  groups: NodeFacts[][];
  /** Whether nodes of a group reach a host. */
  reaches(group: NodeFacts[], host: string): boolean;
  /** A node that hears the others by its second link alone, a network of its own without any host. */
  stranded?: NodeFacts;
}

function leftBy({ nodes, witness }: Site, failure: Failure): Left {
  const own = (group: NodeFacts[], host: string): boolean =>
    group.some((node) => isHost(node, host));
  const outside = (host: string): boolean => !nodes.some((node) => isHost(node, host));
  switch (failure.kind) {
    case "node": {
      const groups = [nodes.filter(({ name }) => name !== failure.name)];
      return { groups, reaches: (group, host) => own(group, host) || outside(host) };
    }
    case "witness":
      return {
        groups: [nodes],
        reaches: (_, host) => !(witness && isHost(witness, host)),
      };
    case "server":
      return {
        groups: [nodes],
        reaches: (_, host) =>
          host !== failure.host && !(failure.witness && witness && isHost(witness, host)),
      };
    case "switch": {
      const linked = nodes.filter((node) => linksOf(node) > 1);
      const alone = nodes.filter((node) => linksOf(node) <= 1).map((node) => [node]);
      return { groups: linked.length > 0 ? [linked, ...alone] : alone, reaches: own };
    }
    case "cable": {
      const [node] = nodes.filter(({ name }) => name === failure.name);
      if (!node) return { groups: [nodes], reaches: () => true };
      if (linksOf(node) > 1) {
        const reaches = (group: NodeFacts[], host: string): boolean =>
          own(group, host) || group.some((one) => one !== node);
        return { groups: [nodes], reaches, stranded: node };
      }
      const others = nodes.filter((other) => other !== node);
      const reaches = (group: NodeFacts[], host: string): boolean =>
        own(group, host) || (group === others && outside(host));
      return { groups: [others, [node]], reaches };
    }
    default:
      return failure satisfies never;
  }
}

function linksOf({ name, links }: NodeFacts): number {
  return need(links, `the links of ${name} are`);
}

interface Group extends Part {
  members: NodeFacts[];
  tolerant: boolean;
}

function endingOf(site: Site, failure: Failure): Ending {
  const left = leftBy(site, failure);
  const groups = left.groups.map((members) => judged(site, left, members));
  const groupOf = new Map(groups.flatMap((group) => group.nodes.map((name) => [name, group])));
  const resetting = new Set(
    site.guests.flatMap(({ allowed, home }) =>
      allowed !== undefined && groupOf.get(home)?.quorate === false ? [home] : [],
    ),
  );
  // The witness's service is gone, its host is not.
  const reaches = failure.kind === "witness" ? () => true : left.reaches;
  const becomes = ({ guest, home, allowed }: RunningGuest): "goes on" | Fate => {
    const used = storagesOf(guest);
    const reached = ({ members }: Pick<Group, "members">): boolean =>
      used.every((id) => {
        const server = serverOf(site.storages.get(id));
        return server === undefined || reaches(members, server);
      });
    const at = groupOf.get(home);
    if (at && !resetting.has(home)) {
      const { stranded } = left;
      const from = stranded?.name === home ? { members: [stranded] } : at;
      return reached(from) ? "goes on" : "hanging";
    }
    const takes = (name: string): boolean =>
      allowed?.includes(name) === true && isThere(site.facts, guest, name);
    const goes = groups.some((group) => group.quorate && reached(group) && group.nodes.some(takes));
    return goes ? "recovered" : "stopped";
  };
  const fates: Record<Fate, string[]> = { recovered: [], stopped: [], hanging: [] };
  for (const one of site.guests) {
    const fate = becomes(one);
    if (fate !== "goes on") fates[fate].push(one.guest.name);
  }
  const weak = groups.filter(({ quorate }) => !quorate).flatMap(({ nodes }) => nodes);
  return {
    failure,
    parts: groups.map(({ nodes, votes, quorate }) => ({ nodes, votes, quorate })),
    reset: weak.filter((name) => resetting.has(name)),
    readOnly: weak.filter((name) => !resetting.has(name)),
    ...fates,
    tolerant: groups.some(({ tolerant }) => tolerant),
  };
}

function judged({ witness, device, quorum }: Site, left: Left, members: NodeFacts[]): Group {
  const seen = device > 0 && witness !== undefined && left.reaches(members, witness.address);
  const held = [...members.map((node) => node.votes), ...(seen ? [device] : [])];
  const votes = held.reduce((sum, one) => sum + one, 0);
  return {
    members,
    nodes: members.map(({ name }) => name),
    votes,
    quorate: votes >= quorum,
    tolerant: members.length > 1 && held.every((lost) => votes - lost >= quorum),
  };
}

function isThere(facts: SiteFacts, guest: GuestFacts, node: string): boolean {
  const disks = need(guest.disks, `the disks of ${guest.name} are`);
  return disks.every((disk) => whyNotThere(facts, guest, disk, [node]) === undefined);
}
