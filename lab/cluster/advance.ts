import type { Corosync } from "../state/types";
import type { ClientRun, ClusterRun, Membership, NodeRun } from "./clusterRun";
import { chooseMembership } from "./qnetd";
import { partitions } from "./votes";

/**
 * Milliseconds between a cause and what corosync makes of it. Measured on real corosync 3.1.7 with a token of 3 s
 * (polled every 0.25 s; the mean of what was seen), or the mean of what its heartbeats allow.
 */
export const DELAYS = {
  memberLost: 6_500,
  memberLostWithDevice: 7_500,
  /** corosync that is stopped says so. */
  memberLeft: 500,
  memberBack: 2_300,
  /** A node asks its witness every 8 s, and gives up when an answer is missing by the next time. */
  witnessSilent: 12_000,
  /** The witness drops who was silent for 12 s, which began up to 8 s before the cut. */
  clientSilent: 8_000,
  deviceBack: 5_900,
  deviceStarted: 100,
  /** corosync waits no longer for its QDevice (sync_timeout). */
  answerLimit: 30_000,
} as const;

/** How a node's way to the witness is: it answers, its system says that nobody listens, or nothing comes back. */
export type WitnessAnswer = "answers" | "refuses" | "silent";

/** What is true now, whoever has noticed. */
export interface World {
  corosync: Corosync;
  /** The host has power and its corosync runs. */
  runs(node: string): boolean;
  /** The host has power, but its corosync was stopped and could say so. */
  left(node: string): boolean;
  /** Both run corosync and hear each other; the same both ways. */
  hears(a: string, b: string): boolean;
  /** corosync-qdevice runs on a node whose corosync runs. */
  hasDevice(node: string): boolean;
  qnetdRuns: boolean;
  witness(host: string): WitnessAnswer;
}

/**
 * Lets everything happen in `run` that is due at `now` (epoch milliseconds), causes before effects. Returns when
 * there will be something to do again, undefined when all know what is true.
 */
export function advance(run: ClusterRun, world: World, now: number): number | undefined {
  for (let before = ""; before !== JSON.stringify(run);) {
    before = JSON.stringify(run);
    followProcesses(run, world);
    gather(run, world, now);
    connect(run, world, now);
    serve(run, world, now);
    vote(run, world);
    stopWaiting(run, world, now);
  }
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

/** The connections to the witness, as the nodes know them. */
function connect(run: ClusterRun, world: World, now: number): void {
  for (const [name, node] of Object.entries(run.nodes)) {
    if (!world.hasDevice(name)) {
      dropLink(node);
      delete node.retries;
      continue;
    }
    const answer = world.witness(name);
    if (node.link) {
      if (answer === "silent") node.link.silentSince ??= now;
      else delete node.link.silentSince;
      const since = node.link.silentSince;
      const expired = since !== undefined && now >= since + DELAYS.witnessSilent;
      // A witness that does not know the connection any more ends it.
      const reset = answer === "refuses" || (answer === "answers" && !run.clients[name]);
      if (!expired && !reset) continue;
      dropLink(node);
      node.retries = true;
    }
    if (answer !== "answers") {
      delete node.connectsAt;
      node.retries = true;
      continue;
    }
    node.connectsAt ??= now + (node.retries ? DELAYS.deviceBack : DELAYS.deviceStarted);
    if (now < node.connectsAt) continue;
    delete node.connectsAt;
    node.link = {};
    run.clients[name] = { ...membershipOf(latest(node)), judged: false };
  }
}

/** The same connections as the witness knows them. */
function serve(run: ClusterRun, world: World, now: number): void {
  if (!world.qnetdRuns) run.clients = {};
  for (const [name, client] of Object.entries(run.clients)) {
    const node = run.nodes[name];
    if (world.witness(name) === "answers") {
      delete client.silentSince;
      if (node?.link) Object.assign(client, membershipOf(latest(node)));
      else delete run.clients[name];
    } else {
      client.silentSince ??= now;
      if (now >= client.silentSince + DELAYS.clientSilent) delete run.clients[name];
    }
  }
  if (Object.keys(run.clients).length === 0) delete run.favoured;
}

/** The witness votes. Those who lose its vote hear so first. */
function vote(run: ClusterRun, world: World): void {
  const { nodes, qdevice } = world.corosync;
  const clients = nodes.flatMap(({ name, nodeid }) => {
    const client = run.clients[name];
    return client ? [{ nodeid, ...client }] : [];
  });
  if (!qdevice || clients.length === 0) return;
  const chosen = chooseMembership(nodes, qdevice.algorithm, clients, run.favoured);
  if (chosen === "wait") return;
  if (chosen) run.favoured = chosen;
  else delete run.favoured;
  const heard = nodes.flatMap(({ name, nodeid }) => {
    const [client, node] = [run.clients[name], run.nodes[name]];
    if (!client || client.silentSince !== undefined || !node?.link) return [];
    return [{ client, node, wins: chosen?.includes(nodeid) ?? false }];
  });
  for (const { client, node, wins } of heard) {
    if (!wins) answer(client, node, false);
  }
  if (nodes.some(({ name, nodeid }) => !chosen?.includes(nodeid) && holdsOn(run, world, name)))
    return;
  for (const { client, node, wins } of heard) {
    if (wins) answer(client, node, true);
  }
}

/** Still counts the vote in a membership that is in force; two at once would have quorum with it. */
function holdsOn(run: ClusterRun, world: World, name: string): boolean {
  const node = run.nodes[name];
  return (node?.deviceVotes ?? false) && isSettled(run, world, name);
}

function answer(client: ClientRun, node: NodeRun, votes: boolean): void {
  client.judged = true;
  complete(node, votes);
}

function stopWaiting(run: ClusterRun, world: World, now: number): void {
  for (const [name, node] of Object.entries(run.nodes)) {
    if (!node.formed) continue;
    const late = now >= node.formed.since + DELAYS.answerLimit;
    if (late || !node.link || !world.hasDevice(name)) complete(node, false);
  }
}

/** Whether the membership of a node is in force: all its members hear each other and none waits for an answer. */
export function isSettled(run: ClusterRun, world: World, name: string): boolean {
  const node = run.nodes[name];
  if (!node || node.formed) return false;
  return world.corosync.nodes
    .filter(({ nodeid }) => node.members.includes(nodeid))
    .every((member) => world.hears(name, member.name));
}

function complete(node: NodeRun, votes: boolean): void {
  if (node.formed) Object.assign(node, membershipOf(node.formed));
  delete node.formed;
  node.deviceVotes = votes;
}

function dropLink(node: NodeRun): void {
  delete node.link;
  delete node.connectsAt;
  node.deviceVotes = false;
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

/** What a node tells others of its membership, whether it waits for an answer or not. */
export function latest(node: NodeRun): Membership {
  return node.formed ?? node;
}

function membershipOf({ members, ring }: Membership): Membership {
  return { members, ring };
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
