import type { ClusterRun, Membership, NodeRun } from "./clusterRun";
import type { World } from "./world";

/** What a node tells others of its membership, whether it waits for an answer or not. */
export function latest(node: NodeRun): Membership {
  return node.formed ?? node;
}

/**
 * Whether the membership of a node is in force: all its members hear each other, none waits for an answer, and none has
 * started anew since.
 */
export function isSettled(run: ClusterRun, world: World, name: string): boolean {
  const node = run.nodes[name];
  if (!node || node.formed) return false;
  return world.corosync.nodes
    .filter(({ nodeid }) => node.members.includes(nodeid))
    .every(
      (member) => world.hears(name, member.name) && run.nodes[member.name]?.ring === node.ring,
    );
}

/** The membership that waited takes the place of the old one; `votes`: the QDevice does. */
export function complete(node: NodeRun, votes: boolean): void {
  if (node.formed) Object.assign(node, membershipOf(node.formed));
  delete node.formed;
  node.deviceVotes = votes;
}

export function membershipOf({ members, ring }: Membership): Membership {
  return { members, ring };
}
