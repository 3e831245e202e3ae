import type { GuestSeam, GuestTask } from "../../../../../lab/ha/core/environment";
import type { SimulatedSite } from "./site";

/** Guests of a simulated site. */
export class SimulatedGuests implements GuestSeam {
  /** Every time that a guest ran on more than one node: what must never be. */
  readonly doubled: string[] = [];
  private readonly running = new Map<string, Set<string>>();
  private readonly failures = new Map<string, number>();

  constructor(private readonly site: SimulatedSite) {}

  isRunning(node: string, sid: string): boolean {
    return this.running.get(sid)?.has(node) ?? false;
  }

  nodesOf(sid: string): string[] {
    return [...(this.running.get(sid) ?? [])];
  }

  /** The guest ends by itself. */
  crash(sid: string): void {
    this.running.delete(sid);
  }

  powerLost(node: string): void {
    for (const nodes of this.running.values()) nodes.delete(node);
  }

  run(node: string, sid: string): void {
    const nodes = this.running.get(sid) ?? new Set();
    this.running.set(sid, nodes.add(node));
    if (nodes.size > 1) this.doubled.push(`${sid} runs on ${[...nodes].join(" and ")}`);
  }

  start(node: string, sid: string): GuestTask {
    return this.site.task(node, this.site.durations.start, () => {
      if (this.isLocked(node, sid, "start") || this.fails(node, sid, "failingStarts")) return;
      if (this.site.store(node).resources[sid]?.node === node) this.run(node, sid);
    });
  }

  stop(node: string, sid: string, timeout: number): GuestTask {
    const duration = Math.min(timeout, this.site.durations.stop);
    return this.site.task(node, duration, () => this.halt(node, sid, "shutdown"));
  }

  migrate(node: string, sid: string, target: string, online: boolean): GuestTask {
    const name = online ? "migrate" : "relocate";
    const say = (text: string): void => this.site.log(node, "lrm", "info", text);
    say(`service ${sid} - start ${name} to node '${target}'`);
    return this.site.task(node, this.site.durations.migrate, () => {
      if (this.isLocked(node, sid, name) || this.fails(node, sid, "failingMigrations")) return;
      const wasRunning = this.isRunning(node, sid);
      if (!online && wasRunning) {
        say(`stopping service ${sid} (relocate)`);
        if (!this.halt(node, sid, name)) return;
        say(`service status ${sid} stopped`);
      }
      if (!this.site.cables.partition(node).includes(target)) return;
      if (!this.site.cables.isQuorate(node)) return;
      if (this.site.shared.resources[sid]?.node !== node) return;
      this.move(sid, target);
      say(`service ${sid} - end ${name} to node '${target}'`);
    });
  }

  /** The guest's config goes to another node and, if it runs, so does it. */
  move(sid: string, target: string): void {
    const resource = this.site.shared.resources[sid];
    if (!resource) return;
    const wasRunning = this.isRunning(resource.node, sid);
    this.running.get(sid)?.delete(resource.node);
    resource.node = target;
    if (wasRunning) this.run(target, sid);
  }

  steal(node: string, sid: string, from: string, to: string): void {
    this.site.mustWrite(node);
    const resource = this.site.shared.resources[sid];
    if (resource?.node !== from) throw new Error(`rename of ${sid} from ${from} failed`);
    resource.node = to;
  }

  unlock(node: string, sid: string, locks: readonly string[]): string | undefined {
    this.site.mustWrite(node);
    const { lock } = this.site.shared.resources[sid] ?? {};
    if (lock === undefined || !locks.includes(lock)) return undefined;
    delete this.site.shared.resources[sid]?.lock;
    return lock;
  }

  private halt(node: string, sid: string, verb: string): boolean {
    const stuck = this.site.shared.resources[sid]?.unstoppable;
    if (this.isLocked(node, sid, verb) || stuck) return false;
    this.running.get(sid)?.delete(node);
    return true;
  }

  private isLocked(node: string, sid: string, verb: string): boolean {
    const { lock } = this.site.store(node).resources[sid] ?? {};
    if (lock === undefined) return false;
    this.site.log(node, "lrm", "err", `service '${sid}' locked (${lock}), unable to ${verb}!`);
    return true;
  }

  private fails(node: string, sid: string, kind: "failingStarts" | "failingMigrations"): boolean {
    const guest = this.site.shared.resources[sid];
    const limit = guest?.[kind] ?? 0;
    if (guest?.failsOn !== undefined && guest.failsOn !== node) return false;
    const key = `${kind} ${sid}`;
    const failed = this.failures.get(key) ?? 0;
    this.failures.set(key, failed >= limit ? 0 : failed + 1);
    return failed < limit;
  }
}
