import { seconds } from "../../seams/clock";
import { Crm } from "./crm";
import type { Daemon, HaEnvironment } from "./environment";
import { Locks } from "./locks";
import { Loop, type Round } from "./loop";
import { Lrm } from "./lrm/lrm";
import { type HaMemory, newCrm, newLrm, type NodeMemory } from "./memory";
import { errorText } from "./text";
import type { Timing } from "./timing";
import { Watchdog } from "./watchdog";

interface Running {
  watchdog: Watchdog;
  crm?: { daemon: Crm; loop: Loop };
  lrm?: { daemon: Lrm; loop: Loop };
}

/**
 * The HA daemons of all nodes of a site. The site tells what happens to its nodes; everything else the daemons find
 * out by themselves. `memory` is theirs: kept with the site's state, it lets them go on after a restart of the lab.
 */
export class HaStack {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly env: HaEnvironment,
    private readonly timing: Timing,
    readonly memory: HaMemory = { nodes: {} },
  ) {
    for (const node of Object.keys(memory.nodes).sort()) this.resume(node);
  }

  /** The node has booted, and started these. */
  powerOn(node: string, daemons: readonly Daemon[] = ["crm", "lrm"]): void {
    this.powerOff(node);
    this.memory.nodes[node] = {
      ...(daemons.includes("crm") ? { crm: newCrm() } : {}),
      ...(daemons.includes("lrm") ? { lrm: newLrm(seconds(this.env.clock)) } : {}),
      watchdog: { clients: {} },
    };
    this.resume(node);
  }

  /** The node lost power, was reset, or is down after a shutdown. */
  powerOff(node: string): void {
    const running = this.running.get(node);
    for (const daemon of ["crm", "lrm"] as const) {
      if (!running?.[daemon]) continue;
      this.env.log(node, daemon, "info", "killed by poweroff");
      running[daemon].loop.stop();
    }
    running?.watchdog.stop();
    this.running.delete(node);
    delete this.memory.nodes[node];
  }

  /** Stops or starts one service, as `systemctl` does; the CRM of a node that goes down comes after its LRM. */
  stopDaemon(node: string, daemon: Daemon): void {
    this.running.get(node)?.[daemon]?.daemon.requestShutdown();
  }

  startDaemon(node: string, daemon: Daemon): void {
    const memory = this.memory.nodes[node];
    const running = this.running.get(node);
    if (!memory || !running || running[daemon]) return;
    if (daemon === "crm") memory.crm = newCrm();
    else memory.lrm = newLrm(seconds(this.env.clock));
    this.run(node, daemon, memory, running);
  }

  isRunning(node: string, daemon: Daemon): boolean {
    return this.running.get(node)?.[daemon] !== undefined;
  }

  /** Ends all timers, for a lab that goes down. The memory stays as it is. */
  stop(): void {
    for (const { watchdog, crm, lrm } of this.running.values()) {
      watchdog.stop();
      crm?.loop.stop();
      lrm?.loop.stop();
    }
    this.running.clear();
  }

  private resume(node: string): void {
    const memory = this.memory.nodes[node];
    if (!memory) return;
    const watchdog = new Watchdog(this.env, this.timing, node, memory.watchdog);
    const running: Running = { watchdog };
    this.running.set(node, running);
    for (const daemon of ["crm", "lrm"] as const) this.run(node, daemon, memory, running);
  }

  private run(node: string, daemon: Daemon, memory: NodeMemory, running: Running): void {
    const { env, timing } = this;
    const drive = (round: () => Round): Loop =>
      new Loop(env.clock, timing, {
        node,
        daemon,
        round,
        exited: () => this.exited(node, daemon),
        failed: (error) =>
          env.log(node, daemon, "err", `got unexpected error - ${errorText(error)}`),
      });
    const { watchdog } = running;
    if (daemon === "crm" && memory.crm) {
      const locks = new Locks(env, timing, node, daemon, memory.crm.leases, watchdog);
      const crm = new Crm(env, node, memory.crm, locks, watchdog);
      running.crm = { daemon: crm, loop: drive(() => crm.round()) };
    }
    if (daemon === "lrm" && memory.lrm) {
      const locks = new Locks(env, timing, node, daemon, memory.lrm.leases, watchdog);
      const lrm = new Lrm(env, node, memory.lrm, locks, watchdog, timing);
      running.lrm = { daemon: lrm, loop: drive(() => lrm.round()) };
    }
  }

  private exited(node: string, daemon: Daemon): void {
    delete this.running.get(node)?.[daemon];
    delete this.memory.nodes[node]?.[daemon];
    this.env.log(node, daemon, "info", "exit (loop end)");
    this.env.power.exited(node, daemon);
  }
}
