import type { Site } from "../../../../lab/site";
import type { Guest, LabState, Pmxcfs } from "../../../../lab/state/types";

/** Nodes with power on which each guest runs, by VMID. */
function whereGuestsRun(state: LabState): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, power, node } of Object.values(state.hosts)) {
    if (!power || !node) continue;
    for (const vmid of Object.keys(node.running)) {
      found.set(vmid, [...(found.get(vmid) ?? []), name]);
    }
  }
  return found;
}

/** Each guest runs on one node at most, and that is the node where its file lies. */
export function runningTwice(state: LabState): string[] {
  const problems: string[] = [];
  for (const [vmid, nodes] of whereGuestsRun(state)) {
    if (nodes.length > 1) problems.push(`guest ${vmid} runs on ${nodes.join(" and ")}`);
    for (const name of nodes) {
      const { pmxcfs = "" } = state.hosts[name]?.node ?? {};
      const file = state.pmxcfs[pmxcfs]?.guests[vmid]?.node;
      if (file === name) continue;
      problems.push(`guest ${vmid} runs on ${name}, but its file is on ${file ?? "no node"}`);
    }
  }
  return problems;
}

/** No disk on shared storage is in two guests' configurations. */
export function disksShared(state: LabState): string[] {
  const problems: string[] = [];
  for (const { guests } of Object.values(state.pmxcfs)) {
    const owners = new Map<string, number>();
    for (const { vmid, config } of Object.values(guests)) {
      for (const value of Object.values(config)) {
        const volid = /^(Data:[^,]*(?:disk|subvol)-\d[^,]*)/.exec(value)?.[1];
        if (volid === undefined) continue;
        const owner = owners.get(volid);
        if (owner !== undefined && owner !== vmid) {
          problems.push(`disk ${volid} belongs to guests ${owner} and ${vmid}`);
        }
        owners.set(volid, vmid);
      }
    }
  }
  return problems;
}

/** Nodes that have quorum are in one membership, as soon as memberships are in force. */
export function quorumTwice({ quorum, state }: Site): string[] {
  const nodes = Object.values(state.hosts).filter(({ node, power }) => node && power);
  const quorate = nodes
    .map(({ name }) => name)
    .filter((name) => quorum.isQuorate(name) && quorum.isSettled(name));
  const strangers = quorate.flatMap((a) =>
    quorate.filter((b) => a < b && !quorum.sees(a, b)).map((b) => `${a} and ${b}`),
  );
  return strangers.map((pair) => `${pair} have quorum, each without the other`);
}

/**
 * Sees what is written where it cannot be: anything while no node has quorum, and a guest's file on a node without it,
 * where only a recovery by the others changes it, which takes it away. It has to be asked whenever something may have
 * happened.
 */
export class QuorumWatch {
  private sealed = new Map<string, string>();

  look(site: Site): string[] {
    const before = this.sealed;
    this.sealed = new Map(
      Object.values(site.state.pmxcfs).flatMap((config) => [...sealedIn(site, config)]),
    );
    return [...this.sealed].flatMap(([what, now]) => {
      const then = before.get(what);
      if (then === undefined || then === now) return [];
      return [`${what} changed without quorum: ${difference(then, now)}`];
    });
  }
}

/** Texts that cannot change now, by what they are. */
function* sealedIn(site: Site, config: Pmxcfs): Generator<[string, string]> {
  const nodes = config.corosync?.nodes.map(({ name }) => name) ?? [];
  const running = nodes.filter((name) => site.hardware.isOn(name));
  const silent = running.filter((name) => !site.quorum.isQuorate(name));
  if (nodes.length === 0 || silent.length === 0) return;
  for (const guest of Object.values(config.guests)) {
    if (silent.includes(guest.node)) yield [`guest ${guest.vmid} on ${guest.node}`, fileOf(guest)];
  }
  if (silent.length < running.length) return;
  const guests = Object.values(config.guests).map(fileOf);
  yield ["the cluster's files", JSON.stringify({ ...config, guests })];
}

/** What the cluster's file system holds of a guest, without what the lab notes there for itself. */
function fileOf({ port: _port, traits: _traits, ...guest }: Guest): string {
  return JSON.stringify(guest);
}

/** The first place in which two texts differ, with some of what is around it. */
function difference(before: string, now: string): string {
  let at = 0;
  while (before[at] === now[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 60), at + 60);
  return `…${around(before)}… → …${around(now)}…`;
}
