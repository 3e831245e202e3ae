import type { Daemon, HaEnvironment } from "./environment";
import type { WatchdogMemory } from "./memory";
import { SECONDS, type Timing } from "./timing";

/**
 * `watchdog-mux` of one node. A daemon that holds it open and is silent for more than 60 s stops the updates of the
 * device for good, and the device resets the node; nobody can avert that any more, not even by closing.
 */
export class Watchdog {
  private timers: Partial<Record<Daemon, () => void>> = {};
  private stopDevice: () => void = () => undefined;

  constructor(
    private readonly env: HaEnvironment,
    private readonly timing: Timing,
    private readonly node: string,
    private readonly memory: WatchdogMemory,
  ) {
    for (const client of Object.keys(memory.clients) as Daemon[]) this.watch(client);
    if (memory.expiredAt !== undefined) this.startDevice(memory.expiredAt);
  }

  isOpen(client: Daemon): boolean {
    return this.memory.clients[client] !== undefined;
  }

  /** Opens the watchdog for the daemon, or tells it that the daemon is alive. */
  update(client: Daemon): void {
    if (!this.isOpen(client)) this.env.log(this.node, client, "info", "watchdog active");
    this.memory.clients[client] = this.env.clock.now();
    this.watch(client);
  }

  close(client: Daemon): void {
    if (!this.isOpen(client)) return;
    delete this.memory.clients[client];
    this.timers[client]?.();
    this.env.log(this.node, client, "info", "watchdog closed (disabled)");
  }

  /** The node lost power, or the lab goes down. */
  stop(): void {
    for (const cancel of Object.values(this.timers)) cancel();
    this.stopDevice();
  }

  private watch(client: Daemon): void {
    this.timers[client]?.();
    const updated = this.memory.clients[client] ?? 0;
    // "More than" the timeout, looked at once a second.
    const after = (seconds: number): number => updated + (seconds + 1) * 1000;
    this.timers[client] = this.at(after(SECONDS.watchdogWarning), () => {
      this.say("warning", `client (${client}) watchdog is about to expire`);
      this.timers[client] = this.at(after(SECONDS.watchdogClient), () => this.expire(client));
    });
  }

  private expire(client: Daemon): void {
    if (this.memory.expiredAt !== undefined) return;
    this.say("err", `client (${client}) watchdog expired - disable watchdog updates`);
    this.memory.expiredAt = this.env.clock.now();
    this.startDevice(this.memory.expiredAt);
  }

  private startDevice(expiredAt: number): void {
    const reset = (): void => this.env.power.reset(this.node);
    this.stopDevice = this.at(expiredAt + this.timing.watchdogDevice * 1000, reset);
  }

  private at(time: number, action: () => void): () => void {
    return this.env.clock.after(time - this.env.clock.now(), action);
  }

  private say(level: "warning" | "err", message: string): void {
    this.env.log(this.node, "watchdog-mux", level, message);
  }
}
