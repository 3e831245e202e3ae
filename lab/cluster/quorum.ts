import type { Clock } from "../seams/clock";
import type { Hardware } from "../seams/hardware";
import { clusterOf, followCorosyncConf } from "../pmxcfs/database";
import type { Store } from "../seams/store";
import type { Corosync, LabState } from "../state/types";
import { advance } from "./advance";
import type { ClusterRun, NodeRun } from "./clusterRun";
import { isSettled, latest } from "./nodeRun";
import { trustEachOther } from "./qdevice";
import { countVotes, majority, type View, type Votes } from "./votes";
import type { WitnessAnswer, World } from "./world";

/** UDP of corosync's first link, TCP of corosync-qnetd. */
const PORTS = { corosync: 5405, qnetd: 5403 };

const NOBODY: View = { members: [], deviceVotes: false, ring: 0 };

/**
 * corosync on every node: forms memberships from who can hear whom, with corosync's delays, and tells who has
 * quorum. A node outside any cluster is always quorate, as pmxcfs in local mode is.
 */
export class Quorum {
  private readonly listeners: (() => void)[] = [];
  private cancel: (() => void) | undefined;

  constructor(
    private readonly store: Store<LabState>,
    private readonly hardware: Hardware,
    private readonly clock: Clock,
  ) {
    for (const [id, corosync] of this.clusters()) {
      // A state without it: everybody knows what is true.
      if (!this.state.corosync?.[id]) this.settle(id, corosync);
    }
    this.advance();
    hardware.onChange(() => this.changed());
  }

  /** Ends the timer, for a lab that goes down; what it waits for is in the state. */
  stop(): void {
    this.cancel?.();
  }

  /** Never where pmxcfs does not run: nobody there can ask. */
  isQuorate(node: string): boolean {
    const host = this.state.hosts[node];
    if (host?.node && !host.services.includes("pve-cluster")) return false;
    // pmxcfs may be in no cluster while corosync is, half way through a join.
    const mounted = this.state.pmxcfs[host?.node?.pmxcfs ?? ""];
    return mounted?.corosync === undefined || this.votes(node).quorate;
  }

  votes(node: string): Votes {
    const corosync = this.corosync(node);
    if (!corosync) return { expected: 1, total: 1, quorum: 1, quorate: true };
    return countVotes(corosync, this.view(node), this.run(node)?.expected);
  }

  view(node: string): View {
    const run = this.run(node);
    if (!run) return NOBODY;
    const { members, deviceVotes, ring } = run;
    return { members, deviceVotes, ring };
  }

  /** Whether `other` is in the membership that `node` sees. */
  sees(node: string, other: string): boolean {
    const corosync = this.corosync(node);
    if (!corosync) return node === other;
    const id = corosync.nodes.find((member) => member.name === other)?.nodeid;
    return id !== undefined && this.view(node).members.includes(id);
  }

  /**
   * Whether the membership that `node` sees is in force. Until it is, a node that was cut off still calls itself
   * quorate, but nothing that it says reaches the others. Without corosync nothing is on its way.
   */
  isSettled(node: string): boolean {
    const corosync = this.corosync(node);
    const cluster = this.cluster(node);
    if (!corosync || !this.runs(node)) return true;
    return cluster !== undefined && isSettled(cluster, this.world(corosync), node);
  }

  /** Whether corosync runs on `node`. */
  runs(node: string): boolean {
    const host = this.state.hosts[node];
    return this.hardware.isOn(node) && (host?.services.includes("corosync") ?? false);
  }

  /** Whether corosync-qdevice runs on `node` and has told corosync so; that says nothing of the witness. */
  deviceRegistered(node: string): boolean {
    const services = this.state.hosts[node]?.services ?? [];
    return this.corosync(node)?.qdevice !== undefined && services.includes("corosync-qdevice");
  }

  /** Whether `node`'s corosync-qdevice has a connection to the witness, as far as it knows. */
  deviceConnected(node: string): boolean {
    return this.run(node)?.link !== undefined;
  }

  /** Node ids that `node`'s corosync-qdevice names to the witness: of the membership that is to come, if one is. */
  reportedMembers(node: string): number[] {
    const run = this.run(node);
    return run ? latest(run).members : [];
  }

  /** Whether the witness has a connection of `node`, as far as the witness knows. */
  deviceServed(node: string): boolean {
    return this.cluster(node)?.clients[node] !== undefined;
  }

  /**
   * `pvecm expected N`: for this run of corosync on `node` and every node it hears. False when votequorum refuses:
   * fewer than the votes in sight, or so many that a quorate partition would lose quorum.
   */
  setExpected(node: string, votes: number): boolean {
    const { total, quorate } = this.votes(node);
    if (votes < total || (quorate && majority(votes) > total)) return false;
    for (const { name } of this.corosync(node)?.nodes ?? []) {
      const run = this.run(name);
      if (run && this.sees(node, name)) run.expected = votes;
    }
    this.changed();
    return true;
  }

  /** A service that takes part in voting was started or stopped on some host. */
  servicesChanged(): void {
    this.changed();
  }

  /**
   * The configuration changed (a node or the QDevice came or went): corosync reloads it at once, and with it the
   * expected votes.
   */
  reconfigured(): void {
    for (const { nodes } of Object.values(this.state.corosync ?? {})) {
      for (const run of Object.values(nodes)) delete run.expected;
    }
    this.changed();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private changed(): void {
    this.advance();
    this.synchronize();
    this.announce();
  }

  /** pmxcfs takes over what its cluster has. */
  private synchronize(): void {
    for (const host of Object.values(this.state.hosts)) {
      if (!host.node || !this.runs(host.name) || !this.isQuorate(host.name)) continue;
      if (host.node.joining === "blank") host.node.joining = "synced";
      followCorosyncConf(this.state, host);
    }
  }

  /** Everything that is due happens, and a timer waits for the next. */
  private advance(): void {
    this.cancel?.();
    this.cancel = undefined;
    const now = this.clock.now();
    const runs = (this.state.corosync ??= {});
    const clusters = this.clusters();
    for (const id of Object.keys(runs)) if (!clusters.has(id)) delete runs[id];
    const dues = [...clusters].map(([id, corosync]) =>
      advance((runs[id] ??= empty()), this.world(corosync), now),
    );
    const next = Math.min(...dues.map((due) => due ?? Infinity));
    this.store.touch();
    if (next === Infinity) return;
    this.cancel = this.clock.after(Math.max(0, next - now), () => {
      this.changed();
      void this.store.flush();
    });
  }

  /** The end of all that would happen if nothing else did. */
  private settle(id: string, corosync: Corosync): void {
    const run = empty();
    (this.state.corosync ??= {})[id] = run;
    const world = this.world(corosync);
    for (let now: number | undefined = this.clock.now(); now !== undefined;) {
      now = advance(run, world, now);
    }
  }

  private world(corosync: Corosync): World {
    const { hardware } = this;
    const witness = Object.values(this.state.hosts).find(
      ({ address }) => address === corosync.qdevice?.host,
    );
    const runs = (node: string): boolean => this.corosync(node) === corosync && this.runs(node);
    const qnetdRuns =
      witness !== undefined &&
      hardware.isOn(witness.name) &&
      witness.services.includes("corosync-qnetd");
    return {
      corosync,
      runs,
      left: (node) =>
        !runs(node) && corosync.nodes.some(({ name }) => hardware.canReach(name, node)),
      hears: (a, b) => runs(a) && runs(b) && hardware.canReachPort(a, b, PORTS.corosync),
      hasDevice: (node) => runs(node) && this.deviceRegistered(node),
      qnetdRuns,
      witness: (node): WitnessAnswer => {
        const host = this.state.hosts[node];
        if (!host || !witness) return "silent";
        if (!hardware.canReachPort(node, witness.name, PORTS.qnetd)) return "silent";
        return qnetdRuns && trustEachOther(host, witness) ? "answers" : "refuses";
      },
    };
  }

  private announce(): void {
    for (const listener of this.listeners) listener();
  }

  private get state(): LabState {
    return this.store.state;
  }

  private clusters(): Map<string, Corosync> {
    return new Map(
      Object.entries(this.state.pmxcfs).flatMap(([id, { corosync }]) =>
        corosync ? [[id, corosync] as const] : [],
      ),
    );
  }

  private corosync(node: string): Corosync | undefined {
    return this.state.pmxcfs[this.clusterId(node)]?.corosync;
  }

  private cluster(node: string): ClusterRun | undefined {
    return this.state.corosync?.[this.clusterId(node)];
  }

  /** The cluster that a node's corosync is in: its file system's, but for a join that was cut short. */
  private clusterId(node: string): string {
    const host = this.state.hosts[node];
    const mounted = host?.node?.pmxcfs ?? "";
    if (!host?.services.includes("corosync") || this.state.pmxcfs[mounted]?.corosync)
      return mounted;
    return clusterOf(this.state, host)?.id ?? mounted;
  }

  private run(node: string): NodeRun | undefined {
    return this.cluster(node)?.nodes[node];
  }
}

function empty(): ClusterRun {
  return { nodes: {}, gathering: {}, clients: {} };
}
