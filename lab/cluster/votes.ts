import type { Corosync } from "../state/types";

/** What one node's corosync believes: who is in its membership and whether the QDevice votes for it. */
export interface View {
  /** Node ids, ascending. */
  members: number[];
  deviceVotes: boolean;
  /** Sequence number of the membership, as `Ring ID` shows it. */
  ring: number;
}

export interface Votes {
  expected: number;
  total: number;
  quorum: number;
  quorate: boolean;
}

/** votequorum(5): quorum is a majority of the expected votes. */
export function countVotes(corosync: Corosync, view: View, expectedOverride?: number): Votes {
  const nodeVotes = corosync.nodes
    .filter((node) => view.members.includes(node.nodeid))
    .reduce((sum, node) => sum + node.votes, 0);
  const device = corosync.qdevice?.votes ?? 0;
  const configured = corosync.nodes.reduce((sum, node) => sum + node.votes, 0) + device;
  const total = nodeVotes + (view.deviceVotes ? device : 0);
  const expected = Math.max(expectedOverride ?? configured, expectedOverride ? total : 0);
  const quorum = majority(expected);
  return { expected, total, quorum, quorate: total >= quorum };
}

export function majority(votes: number): number {
  return Math.floor(votes / 2) + 1;
}

/**
 * The groups of running nodes that hear each other; each node id is in exactly one. Where cables leave a choice, nodes
 * with low ids find each other first.
 */
export function partitions(
  nodes: Corosync["nodes"],
  hears: (a: string, b: string) => boolean,
): number[][] {
  const groups: { id: number; name: string }[][] = [];
  for (const node of nodes) {
    if (!hears(node.name, node.name)) continue;
    const group = groups.find((members) => members.every((other) => hears(node.name, other.name)));
    if (group) group.push({ id: node.nodeid, name: node.name });
    else groups.push([{ id: node.nodeid, name: node.name }]);
  }
  return groups.map((group) => group.map((member) => member.id).sort((a, b) => a - b));
}
