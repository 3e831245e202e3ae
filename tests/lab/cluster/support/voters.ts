import { Quorum } from "../../../../lab/cluster/quorum";
import { VirtualClock } from "../../../../lab/seams/clock";
import { SimulatedHardware } from "../../../../lab/seams/hardware";
import { MemoryStore } from "../../../../lab/seams/store";
import type { Corosync, HostState, LabState } from "../../../../lab/state/types";

export type Device = "none" | "ffsplit" | "lms";

/** Nodes `n1` … and a witness `w`, with nothing but what votes: power, cables, services and corosync.conf. */
export class Voters {
  readonly clock = new VirtualClock();
  readonly names: string[];
  hardware: SimulatedHardware;
  quorum: Quorum;
  private readonly listeners: (() => void)[] = [];

  constructor(
    count: number,
    device: Device = "none",
    private state: LabState = stateOf(count, device),
  ) {
    this.names = Array.from({ length: count }, (_, index) => `n${index + 1}`);
    [this.hardware, this.quorum] = this.begin();
  }

  /** As when the lab's process ends and another reads what is on disk, `seconds` later. */
  async restart(seconds = 0): Promise<void> {
    this.quorum.stop();
    this.state = JSON.parse(JSON.stringify(this.state)) as LabState;
    await this.clock.advance(seconds * 1000);
    [this.hardware, this.quorum] = this.begin();
    for (const listener of this.listeners) this.quorum.onChange(listener);
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
    this.quorum.onChange(listener);
  }

  advance(seconds: number): Promise<void> {
    return this.clock.advance(seconds * 1000);
  }

  service(host: string, name: string, running: boolean): void {
    const { services } = this.host(host);
    const others = services.filter((service) => service !== name);
    this.host(host).services = running ? [...others, name] : others;
    this.quorum.servicesChanged();
  }

  /** `votes/expected`, and the members of those who are quorate: `3/3 n1,n2`. */
  seen(node: string): string {
    const { total, expected, quorate } = this.quorum.votes(node);
    const members = this.names.filter((other) => this.quorum.sees(node, other));
    return `${total}/${expected} ${quorate ? members.join() : "blocked"}`;
  }

  all(): string[] {
    return this.names.map((name) => this.seen(name));
  }

  healAll(): void {
    for (const name of [...this.names, "w"]) {
      this.hardware.switchPower(name, true);
      this.service(name, name === "w" ? "corosync-qnetd" : "corosync", true);
    }
    this.hardware.heal();
  }

  private host(name: string): HostState {
    const host = this.state.hosts[name];
    if (!host) throw new Error(`there is no host ${name}`);
    return host;
  }

  private begin(): [SimulatedHardware, Quorum] {
    const hardware = new SimulatedHardware(this.state);
    return [hardware, new Quorum(new MemoryStore(this.state), hardware, this.clock)];
  }
}

function stateOf(count: number, device: Device): LabState {
  const nodes = Array.from({ length: count }, (_, index) => ({
    name: `n${index + 1}`,
    nodeid: index + 1,
    votes: 1,
    address: `10.0.0.${index + 1}`,
  }));
  const votes = device === "lms" ? count - 1 : 1;
  const corosync: Corosync = { clusterName: "c", configVersion: 1, nodes };
  if (device !== "none") corosync.qdevice = { host: "10.0.0.99", algorithm: device, votes };
  const hosts = [
    ...nodes.map(({ name, address }) => ({
      name,
      address,
      power: true,
      services: ["corosync", "corosync-qdevice"],
      files: {},
      node: { pmxcfs: "c" },
    })),
    { name: "w", address: "10.0.0.99", power: true, services: ["corosync-qnetd"], files: {} },
  ];
  // Quorum asks for nothing else of a lab's state.
  return {
    format: 1,
    hosts: Object.fromEntries(hosts.map((host) => [host.name, host])),
    pmxcfs: { c: { corosync } },
  } as unknown as LabState;
}
