import type { GuestPorts } from "../seams/guestPorts";
import type { Site } from "../site";
import type { Guest, RunState } from "../state/types";

/** Keeps a port open for every guest that answers, and for no other. */
export class GuestNetwork {
  private readonly open = new Set<string>();
  /** Guests that boot, and the time for which each has a timer. */
  private readonly booting = new WeakMap<RunState, number>();

  constructor(
    private readonly site: Site,
    private readonly ports: GuestPorts,
  ) {
    site.hardware.onChange(() => this.refresh());
    // A migration does not survive the lab's own end; the guest goes on where it was.
    for (const { run } of this.running()) if (run.paused === "migration") delete run.paused;
    this.refresh();
  }

  /** To be called when a guest has started, stopped, paused or moved. */
  refresh(): void {
    const answering = new Map<string, Guest>();
    const silent = new Set<string>();
    for (const { key, guest, run } of this.running()) {
      if (this.answers(guest, run)) answering.set(key, guest);
      else if (run.paused === "migration") silent.add(key);
    }
    for (const key of this.open) {
      if (answering.has(key)) continue;
      this.open.delete(key);
      this.ports.close(key, silent.has(key));
    }
    for (const [key, guest] of answering) {
      if (this.open.has(key)) continue;
      this.open.add(key);
      this.ports.open(key, guest.port, (port) => {
        if (guest.port === port) return;
        guest.port = port;
        void this.site.commit();
      });
    }
  }

  /** Whether the guest answers on the network now. */
  isAnswering(guest: Guest): boolean {
    return this.answering().has(guest);
  }

  /** All guests that answer on the network now. */
  answering(): Set<Guest> {
    const found = [...this.running()].filter(({ key }) => this.open.has(key));
    return new Set(found.map(({ guest }) => guest));
  }

  private *running(): Generator<{ key: string; guest: Guest; run: RunState }> {
    for (const host of Object.values(this.site.state.hosts)) {
      if (!host.node) continue;
      const config = this.site.state.pmxcfs[host.node.pmxcfs];
      for (const [vmid, run] of Object.entries(host.node.running)) {
        const guest = config?.guests[vmid];
        if (config && guest?.node === host.name) yield { key: `${config.id}/${vmid}`, guest, run };
      }
    }
  }

  private answers(guest: Guest, run: RunState): boolean {
    if (run.paused !== undefined || !this.onNetwork(guest.node)) return false;
    const { answersAt = 0 } = run;
    const wait = answersAt - this.site.clock.now();
    if (wait <= 0) return true;
    if (this.booting.get(run) !== answersAt) {
      this.booting.set(run, answersAt);
      this.site.clock.after(wait, () => this.refresh());
    }
    return false;
  }

  /** A node that hears no other host that has power is off the network. */
  private onNetwork(node: string): boolean {
    const { hardware, state } = this.site;
    if (!hardware.isOn(node)) return false;
    const others = Object.keys(state.hosts).filter((name) => name !== node && hardware.isOn(name));
    return others.length === 0 || others.some((name) => hardware.canReach(node, name));
  }
}
