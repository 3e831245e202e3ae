import type { BlockedPort, Cables } from "../state/types";

/**
 * Power and cables of the lab's hosts. Everything that depends on whether a host runs, or can hear another, asks
 * here; nothing else in the lab knows why a host is silent.
 */
export interface Hardware {
  isOn(host: string): boolean;
  /**
   * Both hosts run, both are plugged in and the way between them is not cut. A running host always reaches itself.
   * It is the same both ways, but need not be transitive.
   */
  canReach(from: string, to: string): boolean;
  /** The same for one port, which a firewall in between may close. */
  canReachPort(from: string, to: string, port: number): boolean;
  /** Mbit/s between two hosts: the slower of their cards. Infinite where no speed is set. */
  linkMbit(from: string, to: string): number;
  /** Tells of every host whose power or cables have changed, once the whole change is made. */
  onChange(listener: (host: string) => void): void;
}

/** The part of the lab's state that hardware is: what was off or cut is still so after a restart of the lab. */
interface Wiring {
  hosts: Record<string, { power: boolean; linkMbit?: number }>;
  cables?: Cables;
}

export class SimulatedHardware implements Hardware {
  private readonly listeners: ((host: string) => void)[] = [];

  constructor(private readonly wiring: Wiring) {}

  isOn(host: string): boolean {
    return this.wiring.hosts[host]?.power ?? false;
  }

  canReach(from: string, to: string): boolean {
    if (!this.isOn(from) || !this.isOn(to)) return false;
    if (from === to) return true;
    return this.isPlugged(from) && this.isPlugged(to) && !this.isCut(from, to);
  }

  canReachPort(from: string, to: string, port: number): boolean {
    return this.canReach(from, to) && !this.isBlocked(from, to, port);
  }

  linkMbit(from: string, to: string): number {
    const speeds = [from, to].map((host) => this.wiring.hosts[host]?.linkMbit ?? Infinity);
    return Math.min(...speeds);
  }

  switchPower(host: string, on: boolean): void {
    const record = this.wiring.hosts[host];
    if (!record || record.power === on) return;
    record.power = on;
    this.changed([host]);
  }

  /** The host's own plug: without it, it hears nobody. */
  plug(host: string, connected: boolean): void {
    if (connected === this.isPlugged(host)) return;
    const others = this.unplugged().filter((name) => name !== host);
    this.rewire(connected ? others : [...others, host], this.cuts());
  }

  isPlugged(host: string): boolean {
    return !this.unplugged().includes(host);
  }

  /** The way between two hosts, whichever is named first; their ways to others stay as they are. */
  connect(a: string, b: string, connected: boolean): void {
    if (a === b || connected === !this.isCut(a, b)) return;
    const others = this.cuts().filter((pair) => !isPair(pair, a, b));
    this.rewire(this.unplugged(), connected ? others : [...others, pairOf(a, b)]);
  }

  /**
   * Cuts every way between hosts that are in no group together, and mends every other; plugs stay as they are. A host
   * may be in several groups. Hosts that no group names are one more group.
   */
  partition(groups: string[][]): void {
    const hosts = Object.keys(this.wiring.hosts);
    const named = new Set(groups.flat());
    const all = [...groups, hosts.filter((host) => !named.has(host))];
    const together = (a: string, b: string): boolean =>
      all.some((group) => group.includes(a) && group.includes(b));
    const pairs = hosts.flatMap((a, index) => hosts.slice(index + 1).map((b) => pairOf(a, b)));
    this.rewire(
      this.unplugged(),
      pairs.filter(([a, b]) => !together(a, b)),
    );
  }

  /** A firewall between two hosts closes or opens a port; all others stay as they are. */
  block(a: string, b: string, port: number, blocked: boolean): void {
    if (a === b || blocked === this.isBlocked(a, b, port)) return;
    const others = this.blocked().filter((one) => !isSamePort(one, a, b, port));
    this.wire(
      this.unplugged(),
      this.cuts(),
      blocked ? [...others, { hosts: pairOf(a, b), port }] : others,
    );
    this.changed(pairOf(a, b));
  }

  /** Every cable and every plug is in again, and no firewall in between. */
  heal(): void {
    const freed = this.blocked().flatMap(({ hosts }) => hosts);
    this.wire(this.unplugged(), this.cuts(), []);
    this.rewire([], []);
    this.changed([...new Set(freed)].sort());
  }

  /** Pairs of hosts whose way is cut, in order of their names; what a host's own plug cuts is not among them. */
  cuts(): [string, string][] {
    return [...(this.wiring.cables?.cut ?? [])];
  }

  onChange(listener: (host: string) => void): void {
    this.listeners.push(listener);
  }

  private unplugged(): string[] {
    return this.wiring.cables?.unplugged ?? [];
  }

  private isCut(a: string, b: string): boolean {
    return this.wiring.cables?.cut.some((pair) => isPair(pair, a, b)) ?? false;
  }

  private rewire(unplugged: string[], cut: [string, string][]): void {
    const touched = [
      ...difference(this.unplugged(), unplugged),
      ...difference(this.cuts().map(join), cut.map(join)).flatMap((pair) => pair.split(" ")),
    ];
    this.wire(unplugged, cut, this.blocked());
    this.changed([...new Set(touched)].sort());
  }

  private wire(unplugged: string[], cut: [string, string][], blocked: BlockedPort[]): void {
    delete this.wiring.cables;
    if (unplugged.length + cut.length + blocked.length === 0) return;
    this.wiring.cables = {
      unplugged: [...unplugged].sort(),
      cut: cut.sort(byName),
      ...(blocked.length > 0 ? { blocked } : {}),
    };
  }

  private blocked(): BlockedPort[] {
    return this.wiring.cables?.blocked ?? [];
  }

  private isBlocked(a: string, b: string, port: number): boolean {
    return this.blocked().some((one) => isSamePort(one, a, b, port));
  }

  private changed(hosts: string[]): void {
    for (const host of hosts) for (const listener of this.listeners) listener(host);
  }
}

function pairOf(a: string, b: string): [string, string] {
  return a < b ? [a, b] : [b, a];
}

function isPair([first, second]: [string, string], a: string, b: string): boolean {
  return (first === a && second === b) || (first === b && second === a);
}

function isSamePort(one: BlockedPort, a: string, b: string, port: number): boolean {
  return one.port === port && isPair(one.hosts, a, b);
}

function byName(a: [string, string], b: [string, string]): number {
  return join(a) < join(b) ? -1 : 1;
}

function join(pair: [string, string]): string {
  return pair.join(" ");
}

/** What is in one of the two lists alone. */
function difference(a: string[], b: string[]): string[] {
  return [...a.filter((item) => !b.includes(item)), ...b.filter((item) => !a.includes(item))];
}
