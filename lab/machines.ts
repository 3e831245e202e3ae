import { shutDown, start } from "./guests/lifecycle";
import { dropRunning, isRunning } from "./guests/power";
import type { Daemon } from "./ha/core/environment";
import type { Site } from "./site";
import type { Guest } from "./state/types";
import { isManaged } from "./ha/serviceId";

/** Milliseconds from power-on to a running system: an old PC with its self-test. */
const BOOT_MS = 60_000;

type Down = "reboot" | "shutdown";

/** Power of the site's hosts, by a switch, a watchdog or the system itself, and what follows from it. */
export class Machines {
  private readonly leaving = new Map<string, Down>();
  private readonly boots = new Map<string, () => void>();

  constructor(private readonly site: Site) {}

  /** Goes on with boots that were under way when the lab went down. */
  start(): void {
    for (const { name, bootsAt } of Object.values(this.site.state.hosts)) {
      if (bootsAt !== undefined) this.bootAt(name, bootsAt);
    }
  }

  stop(): void {
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
    this.leaving.delete(name);
    if (host.power === on) return;
    if (on) host.bootedAt = site.clock.now();
    site.hardware.switchPower(name, on);
    if (!on) dropRunning(site, name);
    else if (host.node) void this.startGuests(name);
    site.store.touch();
  }

  /** What a watchdog does: power off and on again. */
  reset(name: string): void {
    this.switch(name, false);
    this.bootAt(name, this.site.clock.now() + BOOT_MS);
  }

  /** `reboot` or `poweroff` on the host: services stop first, the HA manager's before all others. */
  shutDown(name: string, kind: Down): void {
    if (this.leaving.has(name)) return;
    this.leaving.set(name, kind);
    if (this.site.ha.isRunning(name, "lrm")) this.site.ha.stopDaemon(name, "lrm");
    else void this.goDown(name, kind);
  }

  goingDown(name: string): Down | undefined {
    return this.leaving.get(name);
  }

  /** The LRM has let its guests go, then the CRM its lock. */
  exited(name: string, daemon: Daemon): void {
    const kind = this.leaving.get(name);
    if (!kind) return;
    const crm = daemon === "lrm" && this.site.ha.isRunning(name, "crm");
    if (crm) this.site.ha.stopDaemon(name, "crm");
    else void this.goDown(name, kind);
  }

  private async goDown(name: string, kind: Down): Promise<void> {
    const { site } = this;
    const { bootedAt, node } = site.host(name);
    const running = node ? this.guestsOf(name).filter((guest) => isRunning(site, guest)) : [];
    // pve-guests gives each 180 s.
    await Promise.all(running.map((guest) => this.stopGuest(guest)));
    if (!site.hardware.isOn(name) || site.host(name).bootedAt !== bootedAt) return;
    this.switch(name, false);
    if (kind === "reboot") this.bootAt(name, site.clock.now() + BOOT_MS);
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
    const { bootedAt } = site.host(name);
    const alive = (): boolean => site.hardware.isOn(name) && site.host(name).bootedAt === bootedAt;
    while (alive() && !site.quorum.isQuorate(name)) {
      await new Promise<void>((resolve) => void site.clock.after(1000, resolve));
    }
    if (!alive()) return;
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
