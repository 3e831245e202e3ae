import type { Corosync } from "../state/types";

/** A node's connection at the witness, and what the node last said there. */
export interface Client {
  nodeid: number;
  /** Node ids of its membership, ascending. */
  members: number[];
  ring: number;
  /** It has had an answer since it connected. */
  judged: boolean;
}

/**
 * Which of its clients' memberships corosync-qnetd votes for (corosync-qdevice(8), without heuristics). `favoured` is
 * the one that it voted for last. Undefined: nobody gets the vote; "wait": clients that name each other do not agree
 * on their membership yet, and hear nothing.
 */
export function chooseMembership(
  nodes: Corosync["nodes"],
  algorithm: "ffsplit" | "lms",
  clients: Client[],
  favoured: number[] = [],
): number[] | undefined | "wait" {
  if (clients.some((client) => clients.some((other) => disagree(client, other)))) return "wait";
  return algorithm === "ffsplit"
    ? fiftyFifty(nodes, clients, favoured)
    : lastManStanding(clients, favoured);
}

function disagree(client: Client, other: Client): boolean {
  const named = client.members.includes(other.nodeid) || other.members.includes(client.nodeid);
  return named && !isSame(client, other);
}

function isSame(a: Client, b: Client): boolean {
  return a.ring === b.ring && a.members.join() === b.members.join();
}

/**
 * More than half of all nodes win; of two halves the one with more clients, then the one that had the vote, then the
 * one with the lowest node id. Less than half never gets the vote.
 */
function fiftyFifty(
  nodes: Corosync["nodes"],
  clients: Client[],
  favoured: number[],
): number[] | undefined {
  const lowest = Math.min(...nodes.map(({ nodeid }) => nodeid));
  const count = (members: number[]): number =>
    clients.filter(({ nodeid }) => members.includes(nodeid)).length;
  const rank = (client: Client): number[] => [
    client.members.length,
    count(client.members),
    Number(favoured.includes(client.nodeid)),
    Number(client.members.includes(lowest)),
  ];
  const able = clients.filter(({ members }) => members.length * 2 >= nodes.length);
  return highest(able, rank)?.members;
}

/** The membership with most clients, then the one with the lowest client; newcomers alone never take it over. */
function lastManStanding(clients: Client[], favoured: number[]): number[] | undefined {
  const inside = (client: Client): Client[] => clients.filter((other) => isSame(client, other));
  const best = highest(clients, (client) => [
    inside(client).length,
    -Math.min(...inside(client).map(({ nodeid }) => nodeid)),
  ]);
  const holder = clients.find(({ nodeid, judged }) => judged && favoured.includes(nodeid));
  if (!best || !holder) return best?.members;
  return inside(best).some(({ judged }) => judged) ? best.members : holder.members;
}

function highest<T>(items: T[], rank: (item: T) => number[]): T | undefined {
  return [...items].sort((a, b) => compare(rank(b), rank(a)))[0];
}

function compare(a: number[], b: number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
