import { shutDown, start } from "./guests/lifecycle";
import { dropRunning, isRunning } from "./guests/power";
import { applyInterfaces } from "./network/files";
import { hostTraits } from "./node/hostTraits";
import { sleep } from "./seams/clock";
import type { Site } from "./site";
import type { Guest, HostState } from "./state/types";
import { isManaged } from "./ha/serviceId";
import { kernelsOf } from "./system/kernels";
import { type HostRunner, runService } from "./system/runService";
import { Timers } from "./system/timers";

/** Until a watchdog that nobody updates any more resets its machine (pve-ha-manager, watchdog-mux). */
const WATCHDOG_MS = 10_000;

type Down = NonNullable<HostState["goingDown"]>;

/** Power of the site's hosts, by a switch, a watchdog or the system itself, and what follows from it. */
export class Machines {
  private readonly boots = new Map<string, () => void>();
  /** Ends what runs on a host before its boot goes on. */
  private readonly waits = new Map<string, AbortController>();
  private runner: HostRunner = () => Promise.resolve({ stdout: "", exitCode: 0 });
  private readonly timers: Timers;
  /** Services that run by their timers, or because somebody asked. */
  private readonly runs = new Set<AbortController>();

  constructor(private readonly site: Site) {
    site.units.onChange((host, unit) => this.followWatchdog(host, unit));
    this.timers = new Timers(site, (host, unit) => void this.runOwn(host, unit));
  }

  /** Goes on with what was under way when the lab went down; the HA manager's daemons run already. */
  start(): void {
    for (const host of Object.values(this.site.state.hosts)) {
      const { name, bootsAt, goingDown, startsGuests, waitingBoot } = host;
      if (bootsAt !== undefined) this.bootAt(name, bootsAt);
      if (goingDown) this.goOn(name, goingDown);
      if (startsGuests) void this.startGuests(name);
      if (waitingBoot) void this.finishBoot(host);
    }
    this.timers.start();
  }

  /** Runs a service that somebody has written, to its end; false where that is a bad one. */
  async runOwn(host: HostState, unit: string): Promise<boolean> {
    const power = new AbortController();
    this.runs.add(power);
    try {
      return await runService(this.site, this.runner, host, unit, power.signal);
    } finally {
      this.runs.delete(power);
    }
  }

  /** By which services that somebody has written run. */
  runWith(runner: HostRunner): void {
    this.runner = runner;
  }

  stop(): void {
    this.timers.stop();
    for (const wait of [...this.waits.values(), ...this.runs]) wait.abort();
    this.waits.clear();
    for (const cancel of this.boots.values()) cancel();
    this.boots.clear();
  }

  /** The switch: the system is there at once, or gone at once. */
  switch(name: string, on: boolean): void {
    const { site } = this;
    const host = site.host(name);
    this.boots.get(name)?.();
    this.boots.delete(name);
    delete host.bootsAt;
    if (host.power === on) return;
    delete host.goingDown;
    delete host.startsGuests;
    delete host.waitingBoot;
    this.waits.get(name)?.abort();
    this.waits.delete(name);
    if (on && !this.boot(host)) return;
    site.hardware.switchPower(name, on);
    if (!on) dropRunning(site, name);
    else if (host.waitingBoot) void this.finishBoot(host);
    else if (site.units.isActive(host, "pve-guests")) void this.startGuests(name);
    site.store.touch();
  }

  /** Runs what somebody has put before guests or HA agent, and then starts these, however it ended. */
  private async finishBoot(host: HostState): Promise<void> {
    const { site } = this;
    const wait = new AbortController();
    this.waits.set(host.name, wait);
    const first = host.waitingBoot?.first ?? [];
    await Promise.all(first.map((unit) => runService(site, this.runner, host, unit, wait.signal)));
    if (wait.signal.aborted) return;
    this.waits.delete(host.name);
    site.units.goOn(host);
    if (site.units.isActive(host, "pve-guests")) void this.startGuests(host.name);
  }

  /** GRUB starts the newest kernel, the kernel systemd. False: there is none, and the machine waits at GRUB's prompt. */
  private boot(host: HostState): boolean {
    const { site } = this;
    const [kernel] = kernelsOf(host);
    if (kernel === undefined) {
      site.store.touch();
      return false;
    }
    host.bootedAt = site.clock.now();
    host.kernel = kernel;
    if (host.node) applyInterfaces(site, host.name);
    site.units.boot(host);
    return true;
  }

  /** Stopped while somebody counts on it, the multiplexer leaves the device armed. */
  private followWatchdog(name: string, unit: string): void {
    const { site } = this;
    const host = site.host(name);
    const clients = site.state.haMemory?.nodes[name]?.watchdog.clients ?? {};
    if (unit !== "watchdog-mux" || site.units.isActive(host, unit) || !host.power) return;
    if (Object.keys(clients).length === 0) return;
    const { bootedAt } = host;
    site.clock.after(WATCHDOG_MS, () => {
      if (host.power && host.bootedAt === bootedAt) this.reset(name);
    });
  }

  /** What a watchdog does: power off and on again. */
  reset(name: string): void {
    this.switch(name, false);
    this.bootAt(name, this.site.clock.now() + this.bootTime(name));
  }

  private bootTime(name: string): number {
    return hostTraits(this.site.host(name)).bootMs;
  }

  /** `reboot` or `poweroff` on the host: services stop first, the HA manager's before all others. */
  shutDown(name: string, kind: Down): void {
    const host = this.site.host(name);
    if (host.goingDown) return;
    host.goingDown = kind;
    this.site.store.touch();
    this.goOn(name, kind);
  }

  goingDown(name: string): Down | undefined {
    return this.site.host(name).goingDown;
  }

  /** The next that has to stop; the LRM is asked first. */
  private goOn(name: string, kind: Down): void {
    const { ha } = this.site;
    const daemon = (["lrm", "crm"] as const).find((one) => ha.isRunning(name, one));
    if (daemon) ha.stopDaemon(name, daemon);
    else void this.goDown(name, kind);
  }

  /** The LRM has let its guests go, then the CRM its lock. */
  exited(name: string): void {
    const kind = this.goingDown(name);
    if (kind) this.goOn(name, kind);
  }

  private async goDown(name: string, kind: Down): Promise<void> {
    const { site } = this;
    const { bootedAt, node } = site.host(name);
    const running = node ? this.guestsOf(name).filter((guest) => isRunning(site, guest)) : [];
    // pve-guests gives each 180 s.
    await Promise.all(running.map((guest) => this.stopGuest(guest)));
    await sleep(site.clock, hostTraits(site.host(name)).stopMs);
    if (!site.hardware.isOn(name) || site.host(name).bootedAt !== bootedAt) return;
    this.switch(name, false);
    if (kind === "reboot") this.bootAt(name, site.clock.now() + this.bootTime(name));
  }

  private stopGuest(guest: Guest): Promise<void> {
    const nobody = { info: () => undefined, warn: () => undefined };
    return shutDown(this.site, guest, { timeout: 180, force: true }, nobody).catch(() => undefined);
  }

  private bootAt(name: string, time: number): void {
    const { site } = this;
    site.host(name).bootsAt = time;
    site.store.touch();
    this.boots.get(name)?.();
    const left = Math.max(0, time - site.clock.now());
    this.boots.set(
      name,
      site.clock.after(left, () => this.switch(name, true)),
    );
  }

  /** `pvesh create /nodes/localhost/startall`, which a node does once it has quorum: guests with `onboot`. */
  private async startGuests(name: string): Promise<void> {
    const { site } = this;
    const host = site.host(name);
    const { bootedAt } = host;
    const alive = (): boolean => site.hardware.isOn(name) && site.host(name).bootedAt === bootedAt;
    host.startsGuests = true;
    while (alive() && !site.quorum.isQuorate(name)) {
      await new Promise<void>((resolve) => void site.clock.after(1000, resolve));
    }
    if (!alive()) return;
    delete host.startsGuests;
    for (const guest of this.guestsOf(name)) {
      if (guest.config.onboot !== "1" || isManaged(site, guest) || isRunning(site, guest)) continue;
      const type = guest.type === "qemu" ? "qmstart" : "vzstart";
      site.tasks.start(name, type, String(guest.vmid), "root@pam", (log) =>
        start(site, guest, log),
      );
    }
  }

  private guestsOf(node: string): Guest[] {
    return Object.values(this.site.pmxcfs(node).guests)
      .filter((guest) => guest.node === node)
      .sort((a, b) => startOrder(a) - startOrder(b) || a.vmid - b.vmid);
  }
}

/** `startup: order=2,up=30` → 2; guests without an order come last. */
function startOrder({ config }: Guest): number {
  return Number(/(?:^|,)order=(\d+)/.exec(config.startup ?? "")?.[1] ?? Infinity);
}
