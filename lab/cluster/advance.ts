import type { ClusterRun, Membership, NodeRun } from "./clusterRun";
import { DELAYS } from "./delays";
import { complete, latest } from "./nodeRun";
import { partitions } from "./votes";
import { connect, serve, vote } from "./witness";
import type { World } from "./world";

/**
 * Lets everything happen in `run` that is due at `now` (epoch milliseconds), causes before effects. Returns when
 * there will be something to do again, undefined when all know what is true.
 */
export function advance(run: ClusterRun, world: World, now: number): number | undefined {
  let before: string;
  do {
    before = JSON.stringify(run);
    followProcesses(run, world);
    gather(run, world, now);
    connect(run, world, now);
    serve(run, world, now);
    vote(run, world);
    stopWaiting(run, world, now);
  } while (before !== JSON.stringify(run));
  return earliest(run);
}

function followProcesses(run: ClusterRun, { corosync, runs }: World): void {
  for (const name of Object.keys(run.nodes)) {
    if (!runs(name) || !corosync.nodes.some((node) => node.name === name)) delete run.nodes[name];
  }
  for (const { name, nodeid } of corosync.nodes) {
    if (!runs(name)) continue;
    run.nodes[name] ??= { members: [nodeid], ring: nextRing(run), deviceVotes: false };
  }
}

/** Nodes that hear each other form one membership, all at the same time. */
function gather(run: ClusterRun, world: World, now: number): void {
  const before = run.gathering;
  run.gathering = {};
  for (const group of partitions(world.corosync.nodes, world.hears)) {
    const members = nodesOf(run, world, group);
    const ring = members[0] && latest(members[0][1]).ring;
    if (ring === undefined) continue;
    if (members.every(([, node]) => isSame(latest(node), { members: group, ring }))) continue;
    const due = before[group.join()] ?? now + delayOf(group, members, world);
    if (due > now) run.gathering[group.join()] = due;
    else form(world, group, members, now);
  }
}

function delayOf(group: number[], members: [string, NodeRun][], world: World): number {
  const lost = new Set(
    members.flatMap(([, node]) => latest(node).members).filter((id) => !group.includes(id)),
  );
  if (lost.size === 0) return DELAYS.memberBack;
  const names = world.corosync.nodes.filter(({ nodeid }) => lost.has(nodeid));
  if (names.every(({ name }) => world.left(name))) return DELAYS.memberLeft;
  return world.corosync.qdevice ? DELAYS.memberLostWithDevice : DELAYS.memberLost;
}

function form(world: World, group: number[], members: [string, NodeRun][], now: number): void {
  const ring = Math.max(...members.map(([, node]) => latest(node).ring)) + 4;
  // Whoever was not told of other expected votes brings the configured ones along.
  const told = members.map(([, node]) => node.expected);
  const expected = told.includes(undefined) ? undefined : Math.max(...told.map(Number));
  for (const [name, node] of members) {
    if (expected === undefined) delete node.expected;
    else node.expected = expected;
    node.formed = { members: group, ring, since: now };
    if (!world.hasDevice(name)) complete(node, false);
  }
}

function stopWaiting(run: ClusterRun, world: World, now: number): void {
  for (const [name, node] of Object.entries(run.nodes)) {
    if (!node.formed) continue;
    const late = now >= node.formed.since + DELAYS.answerLimit;
    if (late || !node.link || !world.hasDevice(name)) complete(node, false);
  }
}

function earliest(run: ClusterRun): number | undefined {
  const times = [
    ...Object.values(run.gathering),
    ...Object.values(run.clients).map(({ silentSince }) => after(silentSince, DELAYS.clientSilent)),
    ...Object.values(run.nodes).flatMap((node) => [
      node.connectsAt,
      after(node.link?.silentSince, DELAYS.witnessSilent),
      after(node.formed?.since, DELAYS.answerLimit),
    ]),
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

function after(time: number | undefined, delay: number): number | undefined {
  return time === undefined ? undefined : time + delay;
}

function isSame(a: Membership, b: Membership): boolean {
  return a.ring === b.ring && a.members.join() === b.members.join();
}

function nodesOf(run: ClusterRun, { corosync }: World, ids: number[]): [string, NodeRun][] {
  return corosync.nodes.flatMap(({ name, nodeid }): [string, NodeRun][] => {
    const node = run.nodes[name];
    return node && ids.includes(nodeid) ? [[name, node]] : [];
  });
}

function nextRing(run: ClusterRun): number {
  return Math.max(4, ...Object.values(run.nodes).map((node) => latest(node).ring)) + 4;
}
