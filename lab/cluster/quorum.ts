import type { Clock } from "../seams/clock";
import type { Hardware } from "../seams/hardware";
import type { Corosync, LabState } from "../state/types";
import {
  countVotes,
  groupWithDeviceVote,
  majority,
  partitions,
  type View,
  type Votes,
} from "./votes";

/**
 * Milliseconds between a cause and the membership that corosync forms from it, measured on real corosync 3.1.7 with
 * a token of 3 s (polled every 0.25 s; the mean of what was seen).
 */
export const DELAYS = {
  memberLost: 6_500,
  memberLostWithDevice: 7_500,
  /** A node that is cut off waits for the QDevice's answer before it forms a membership of its own. */
  cutOffWithDevice: 12_000,
  memberBack: 2_300,
  deviceLost: 0,
  deviceBack: 5_900,
  deviceStarted: 100,
} as const;

/**
 * corosync on every node: forms memberships from who can hear whom, with corosync's delays, and tells who has
 * quorum. A node outside any cluster is always quorate, as pmxcfs in local mode is.
 */
export class Quorum {
  private readonly views = new Map<string, View>();
  private readonly pending = new Map<string, () => void>();
  private readonly expected = new Map<string, number>();
  private readonly listeners: (() => void)[] = [];
  private ring = 4;

  constructor(
    private readonly state: LabState,
    private readonly hardware: Hardware,
    private readonly clock: Clock,
  ) {
    for (const name of this.clusteredNodes()) this.settle(name);
    hardware.onChange((host) => this.powerChanged(host));
  }

  isQuorate(node: string): boolean {
    const corosync = this.corosync(node);
    return corosync === undefined || this.votes(node).quorate;
  }

  votes(node: string): Votes {
    const corosync = this.corosync(node);
    if (!corosync) return { expected: 1, total: 1, quorum: 1, quorate: true };
    return countVotes(corosync, this.view(node), this.expected.get(node));
  }

  view(node: string): View {
    return this.views.get(node) ?? { members: [], deviceVotes: false, ring: 0 };
  }

  /** Whether `other` is in the membership that `node` sees. */
  sees(node: string, other: string): boolean {
    const corosync = this.corosync(node);
    if (!corosync) return node === other;
    const id = corosync.nodes.find((member) => member.name === other)?.nodeid;
    return id !== undefined && this.view(node).members.includes(id);
  }

  /** Whether corosync-qdevice runs on `node` and has told corosync so; that says nothing of the witness. */
  deviceRegistered(node: string): boolean {
    const services = this.state.hosts[node]?.services ?? [];
    return this.corosync(node)?.qdevice !== undefined && services.includes("corosync-qdevice");
  }

  /** Whether the witness answers `node`'s corosync-qdevice. */
  deviceConnected(node: string): boolean {
    const device = this.corosync(node)?.qdevice;
    return device !== undefined && this.witnessAnswers(node, device.host);
  }

  /**
   * `pvecm expected N`: for this run of corosync on `node` and every node it hears. False when votequorum refuses:
   * fewer than the votes in sight, or so many that a quorate partition would lose quorum.
   */
  setExpected(node: string, votes: number): boolean {
    const { total, quorate } = this.votes(node);
    if (votes < total || (quorate && majority(votes) > total)) return false;
    for (const name of this.clusteredNodes()) {
      if (this.sees(node, name)) this.expected.set(name, votes);
    }
    this.announce();
    return true;
  }

  /** A service that takes part in voting was started or stopped on some host. */
  servicesChanged(): void {
    for (const name of this.clusteredNodes()) this.schedule(name);
    this.announce();
  }

  /**
   * The configuration changed (a node or the QDevice came or went): corosync reloads it at once, and with it the
   * expected votes.
   */
  reconfigured(): void {
    for (const name of this.clusteredNodes()) {
      this.expected.delete(name);
      if (!this.views.has(name)) this.views.set(name, this.alone(name));
      this.schedule(name, DELAYS.deviceStarted);
    }
    this.announce();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private powerChanged(host: string): void {
    if (this.state.hosts[host]?.node) {
      this.expected.delete(host);
      if (!this.hardware.isOn(host)) this.views.delete(host);
      else if (this.corosync(host) && !this.views.has(host)) this.views.set(host, this.alone(host));
    }
    for (const name of this.clusteredNodes()) this.schedule(name);
    this.announce();
  }

  private schedule(name: string, deviceBack: number = DELAYS.deviceBack): void {
    this.pending.get(name)?.();
    this.pending.delete(name);
    const corosync = this.corosync(name);
    if (!corosync || !this.hardware.isOn(name)) return;
    const delay = this.delayTo(name, corosync, deviceBack);
    if (delay === undefined) return;
    const apply = (): void => {
      this.pending.delete(name);
      this.settle(name);
      this.announce();
    };
    if (delay === 0) apply();
    else this.pending.set(name, this.clock.after(delay, apply));
  }

  /** How long until `name` believes what is true now; undefined when it already does. */
  private delayTo(name: string, corosync: Corosync, deviceBack: number): number | undefined {
    const now = this.view(name);
    const truth = this.truth(name, corosync);
    const lost = now.members.filter((id) => !truth.members.includes(id));
    const back = truth.members.filter((id) => !now.members.includes(id));
    if (lost.length > 0) {
      if (!corosync.qdevice) return DELAYS.memberLost;
      // Only a node that had the QDevice's vote until now waits for an answer that does not come.
      const waits = now.deviceVotes && !this.witnessAnswers(name, corosync.qdevice.host);
      return waits ? DELAYS.cutOffWithDevice : DELAYS.memberLostWithDevice;
    }
    if (back.length > 0) return DELAYS.memberBack;
    if (now.deviceVotes && !truth.deviceVotes) return DELAYS.deviceLost;
    if (!now.deviceVotes && truth.deviceVotes) return deviceBack;
    return undefined;
  }

  private settle(name: string): void {
    const corosync = this.corosync(name);
    if (!corosync || !this.hardware.isOn(name)) return;
    const truth = this.truth(name, corosync);
    this.views.set(name, { ...truth, ring: this.ringOf(name, corosync, truth.members) });
  }

  /** All members of one membership know it by the same number. */
  private ringOf(name: string, corosync: Corosync, members: number[]): number {
    const same = (view: View | undefined): boolean => view?.members.join() === members.join();
    const own = this.views.get(name);
    if (own && same(own)) return own.ring;
    const peer = corosync.nodes.find(
      (node) => members.includes(node.nodeid) && same(this.views.get(node.name)),
    );
    return (peer && this.views.get(peer.name)?.ring) ?? this.nextRing();
  }

  private truth(name: string, corosync: Corosync): Omit<View, "ring"> {
    const groups = partitions(corosync.nodes, (a, b) => this.corosyncHears(a, b));
    const own = corosync.nodes.find((node) => node.name === name)?.nodeid ?? 0;
    const members = groups.find((group) => group.includes(own)) ?? [own];
    const device = corosync.qdevice;
    const connected = corosync.nodes
      .filter((node) => device && this.witnessAnswers(node.name, device.host))
      .map((node) => node.nodeid);
    const favoured = device ? groupWithDeviceVote(groups, connected) : undefined;
    // Each node counts the vote that its own corosync-qdevice casts.
    const deviceVotes = (favoured?.includes(own) ?? false) && connected.includes(own);
    return { members, deviceVotes };
  }

  /** A configured node whose corosync has not started yet (a join under way) is not heard. */
  private corosyncHears(a: string, b: string): boolean {
    const [mine, theirs] = [this.corosync(a), this.corosync(b)];
    return mine !== undefined && mine === theirs && this.hardware.canReach(a, b);
  }

  private witnessAnswers(node: string, address: string): boolean {
    if (!this.deviceRegistered(node)) return false;
    const witness = Object.values(this.state.hosts).find((host) => host.address === address);
    if (!witness?.services.includes("corosync-qnetd")) return false;
    return this.hardware.canReach(node, witness.name);
  }

  private alone(name: string): View {
    const id = this.corosync(name)?.nodes.find((node) => node.name === name)?.nodeid ?? 0;
    return { members: [id], deviceVotes: false, ring: this.nextRing() };
  }

  private nextRing(): number {
    this.ring += 4;
    return this.ring;
  }

  private announce(): void {
    for (const listener of this.listeners) listener();
  }

  private corosync(node: string): Corosync | undefined {
    const mounted = this.state.hosts[node]?.node?.pmxcfs;
    return mounted === undefined ? undefined : this.state.pmxcfs[mounted]?.corosync;
  }

  private clusteredNodes(): string[] {
    return Object.keys(this.state.hosts).filter((name) => this.corosync(name) !== undefined);
  }
}
