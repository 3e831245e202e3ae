/**
 * Power and cables of the lab's hosts. Everything that depends on whether a host runs, or can hear another, asks
 * here; nothing else in the lab knows why a host is silent.
 */
export interface Hardware {
  isOn(host: string): boolean;
  /** Both hosts run and their cables are plugged in. A running host always reaches itself. */
  canReach(from: string, to: string): boolean;
  /** Mbit/s between two hosts: the slower of their cards. Infinite where no speed is set. */
  linkMbit(from: string, to: string): number;
  onChange(listener: (host: string) => void): void;
}

export class SimulatedHardware implements Hardware {
  private readonly listeners: ((host: string) => void)[] = [];
  private readonly unplugged = new Set<string>();

  /** `power` is the lab's own record, so that a host that was off is still off after a restart of the lab. */
  constructor(private readonly power: Record<string, { power: boolean; linkMbit?: number }>) {}

  isOn(host: string): boolean {
    return this.power[host]?.power ?? false;
  }

  canReach(from: string, to: string): boolean {
    if (!this.isOn(from) || !this.isOn(to)) return false;
    return from === to || !(this.unplugged.has(from) || this.unplugged.has(to));
  }

  linkMbit(from: string, to: string): number {
    const speeds = [from, to].map((host) => this.power[host]?.linkMbit ?? Infinity);
    return Math.min(...speeds);
  }

  switchPower(host: string, on: boolean): void {
    const record = this.power[host];
    if (!record || record.power === on) return;
    record.power = on;
    this.changed(host);
  }

  plug(host: string, connected: boolean): void {
    if (connected === !this.unplugged.has(host)) return;
    if (connected) this.unplugged.delete(host);
    else this.unplugged.add(host);
    this.changed(host);
  }

  onChange(listener: (host: string) => void): void {
    this.listeners.push(listener);
  }

  private changed(host: string): void {
    for (const listener of this.listeners) listener(host);
  }
}
