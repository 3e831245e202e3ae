import type { ClientRun, ClusterRun, NodeRun } from "./clusterRun";
import { DELAYS } from "./delays";
import { complete, isSettled, latest, membershipOf } from "./nodeRun";
import { chooseMembership } from "./qnetd";
import type { World } from "./world";

/** The connections to the witness, as the nodes know them. */
export function connect(run: ClusterRun, world: World, now: number): void {
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
export function serve(run: ClusterRun, world: World, now: number): void {
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
export function vote(run: ClusterRun, world: World): void {
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
  const losers = nodes.filter(({ nodeid }) => !chosen?.includes(nodeid));
  if (losers.some(({ name }) => holdsOn(run, world, name))) return;
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

function dropLink(node: NodeRun): void {
  delete node.link;
  delete node.connectsAt;
  node.deviceVotes = false;
}
