import type { NodeFacts } from "./site";

export interface Loss {
  node: string;
  /** Votes that are left without the node. */
  left: number;
}

export interface Majority {
  votes: number;
  quorum: number;
  /** Losses of a single node after which the rest has no majority. */
  fatal: Loss[];
}

/** Whether the cluster goes on after losing any one node (votequorum(5): a majority of all votes). */
export function majorityAfterNodeLoss(nodes: NodeFacts[], deviceVotes: number): Majority {
  const votes = nodes.reduce((sum, node) => sum + node.votes, 0) + deviceVotes;
  const quorum = Math.floor(votes / 2) + 1;
  const fatal = nodes
    .map((node) => ({ node: node.name, left: votes - node.votes }))
    .filter(({ left }) => left < quorum);
  return { votes, quorum, fatal };
}

/**
 * Votes that `pvecm qdevice setup` gives a QDevice: one beside an even number of nodes, and beside an odd number one
 * less than there are nodes (algorithms ffsplit and lms, PVE::CLI::pvecm).
 */
export function deviceVotes(nodes: NodeFacts[]): number {
  return nodes.length % 2 === 0 ? 1 : nodes.length - 1;
}
