import type {
  ClusterSeam,
  ConfigSeam,
  Daemon,
  FilesSeam,
  GuestTask,
  HaEnvironment,
  PowerSeam,
  SiteLoads,
} from "../../../../../lab/ha/core/environment";
import type { HaMemory } from "../../../../../lab/ha/core/memory";
import { HaStack } from "../../../../../lab/ha/core/stack";
import {
  clusterTiming,
  seededRandom,
  simulatorTiming,
  type Timing,
} from "../../../../../lab/ha/core/timing";
import {
  emptyFiles,
  type HaFiles,
  type LogLevel,
  type RequestState,
  type Resource,
} from "../../../../../lab/ha/core/types";
import type { Clock } from "../../../../../lab/seams/clock";
import { Cables } from "./cables";
import { SimulatedGuests } from "./guests";
import { DURATIONS, type Durations, type ResourceSpec, type SiteSpec } from "./siteSpec";

/** What pmxcfs holds. A node without quorum sees it as it was. */
export interface Store extends Required<
  Pick<SiteSpec, "rules" | "groups" | "settings" | "versions">
> {
  files: HaFiles;
  resources: Record<string, ResourceSpec>;
}

/** What a node believes about the cluster; reality is ahead of it by the time that corosync takes. */
interface Belief {
  members: string[];
  quorate: boolean;
}

type Sink = (level: string, source: string, message: string) => void;

/** A site of nodes, cables and guests in memory, under the real HA stack. */
export class SimulatedSite implements HaEnvironment {
  readonly shared: Store;
  readonly cables: Cables;
  readonly durations: Durations;
  stack: HaStack;
  readonly guests = new SimulatedGuests(this);
  /** Told before a node changes the manager's status, whether it may or not. */
  onManagerWrite: (node: string) => void = () => undefined;
  private readonly timing: Timing;
  private readonly views = new Map<string, Store>();
  private readonly beliefs = new Map<string, Belief>();
  private readonly goingDown = new Map<string, "reboot" | "shutdown">();
  private readonly broken = new Set<string>();
  private readonly boots = new Map<string, number>();
  /** Daemons that are to start again once they have ended. */
  private readonly restarting = new Set<string>();

  constructor(
    readonly spec: SiteSpec,
    readonly clock: Clock,
    private readonly sink: Sink,
  ) {
    this.durations = { ...DURATIONS[spec.timing], ...spec.durations };
    this.cables = new Cables([...spec.nodes].sort(), spec.witness ?? false);
    this.shared = structuredClone({
      files: emptyFiles(),
      resources: spec.resources,
      rules: spec.rules ?? {},
      groups: spec.groups ?? {},
      settings: spec.settings ?? {},
      versions: spec.versions ?? {},
    });
    Object.assign(this.shared.files.manager_status, spec.manager_status);
    this.timing =
      spec.timing === "simulator"
        ? simulatorTiming(spec.nodes, clock.now())
        : clusterTiming(seededRandom(spec.seed ?? 1));
    this.stack = new HaStack(this, this.timing);
  }

  log(node: string, source: string, level: LogLevel, message: string): void {
    if (level !== "debug") this.sink(level, `${node}/${source}`, message);
  }

  notify(node: string, subject: string): void {
    this.sink("email", `${node}/crm`, subject);
  }

  // What happens to the site.

  switchPower(node: string, on: boolean): void {
    if (on === this.cables.powered.has(node)) return;
    this.boots.set(node, (this.boots.get(node) ?? 0) + 1);
    this.goingDown.delete(node);
    if (on) {
      this.cables.powered.add(node);
      // The simulator's nodes come back with their cable plugged in again.
      if (this.spec.timing === "simulator") this.cables.plug(node, true);
      for (const what of ["rw", "update"]) this.broken.delete(`${node} ${what}`);
      this.stack.powerOn(node);
    } else {
      this.stack.powerOff(node);
      this.cables.powered.delete(node);
      this.guests.powerLost(node);
    }
    this.changed();
  }

  plug(node: string, connected: boolean): void {
    this.cables.plug(node, connected);
    this.changed();
  }

  setWitness(up: boolean): void {
    this.cables.setWitness(up);
    this.changed();
  }

  /** pmxcfs of one node stops or works: `rw` all access, `update` only seeing news. */
  setFilesystem(node: string, what: string, works: boolean): void {
    if (works) this.broken.delete(`${node} ${what}`);
    else this.broken.add(`${node} ${what}`);
  }

  shutDown(node: string, kind: "reboot" | "shutdown"): void {
    this.goingDown.set(node, kind);
    if (this.stack.isRunning(node, "lrm")) this.stack.stopDaemon(node, "lrm");
    else this.exited(node, "lrm");
  }

  restartDaemon(node: string, daemon: Daemon): void {
    this.restarting.add(`${node} ${daemon}`);
    this.stack.stopDaemon(node, daemon);
  }

  /** The lab's process ends and starts again; the site goes on as if nothing had happened. */
  restartLab(): void {
    this.stack.stop();
    const memory = JSON.parse(JSON.stringify(this.stack.memory)) as HaMemory;
    this.stack = new HaStack(this, this.timing, memory);
  }

  // What the HA stack asks. A node's own store is the shared one while it can write there.

  store(node: string): Store {
    return this.views.get(node) ?? this.shared;
  }

  mustWrite(node: string): void {
    if (this.broken.has(`${node} rw`)) throw new Error("cfs connection refused - not mounted?");
    // One that has come back writes nothing before it is a member again.
    if (!this.cables.isQuorate(node) || !this.belief(node).quorate) {
      throw new Error("Permission denied");
    }
  }

  readonly cluster: ClusterSeam = {
    isQuorate: (node) => this.belief(node).quorate,
    members: (node) =>
      Object.fromEntries(
        this.cables.nodes.map((other) => [other, this.belief(node).members.includes(other)]),
      ),
    version: (node, other) => this.store(node).versions[other] ?? "9.1.3",
  };

  readonly files: FilesSeam = {
    refresh: (node) => !this.broken.has(`${node} update`),
    read: (node) => this.readable(node).files,
    write: (node, change) => {
      const { files } = this.shared;
      // What a refused write has changed is thrown away; a status is only ever replaced as a whole.
      const copy = {
        manager_status: files.manager_status,
        lrm_status: { ...files.lrm_status },
        crm_commands: [...files.crm_commands],
        locks: structuredClone(files.locks),
      };
      change(copy);
      if (copy.manager_status !== files.manager_status) this.onManagerWrite(node);
      this.mustWrite(node);
      this.shared.files = copy;
    },
  };

  readonly config: ConfigSeam = {
    resources: (node) =>
      Object.fromEntries(
        Object.entries(this.readable(node).resources).map(([sid, spec]) => [sid, resource(spec)]),
      ),
    rules: (node) => this.readable(node).rules,
    groups: (node) => this.readable(node).groups,
    settings: (node) => this.readable(node).settings,
    request: (node, sid, state) => {
      this.mustWrite(node);
      this.request(sid, state);
    },
    writeRules: (node, rules) => {
      this.mustWrite(node);
      this.shared.rules = rules;
    },
    leaveGroups: (node, failback) => {
      this.mustWrite(node);
      for (const [sid, back] of Object.entries(failback)) this.leaveGroup(sid, back);
    },
    deleteGroups: (node) => {
      this.mustWrite(node);
      this.shared.groups = {};
    },
    loads: () => this.loads(),
  };

  readonly power: PowerSeam = {
    goingDown: (node) => this.goingDown.get(node),
    reset: (node) => {
      this.sink("info", "hardware", `server '${node}' stopped by poweroff (watchdog)`);
      this.switchPower(node, false);
      if (this.spec.timing === "cluster") this.boot(node);
    },
    exited: (node, daemon) => this.exited(node, daemon),
  };

  request(sid: string, state: RequestState): void {
    const spec = this.shared.resources[sid];
    if (spec) spec.state = state;
  }

  private leaveGroup(sid: string, failback: boolean): void {
    const spec = this.shared.resources[sid];
    delete spec?.group;
    if (spec && !failback) spec.failback = false;
  }

  /** Runs `effect` on a node after some seconds, unless the node loses power before. */
  task(node: string, duration: number, effect: () => void): GuestTask {
    const task = { done: false };
    const boot = this.boots.get(node);
    const finish = (): void => {
      if (this.boots.get(node) !== boot) return;
      effect();
      task.done = true;
    };
    if (duration === 0) finish();
    else this.clock.after(duration * 1000, finish);
    return task;
  }

  private readable(node: string): Store {
    if (this.broken.has(`${node} rw`)) throw new Error("cfs connection refused - not mounted?");
    return this.store(node);
  }

  private belief(node: string): Belief {
    return this.beliefs.get(node) ?? { members: [], quorate: false };
  }

  private loads(): SiteLoads {
    const { resources } = this.shared;
    return {
      nodes: this.spec.loads ?? {},
      guests: Object.fromEntries(
        Object.entries(resources)
          .filter(([, spec]) => spec.load)
          .map(([sid, { node, load }]) => [
            sid,
            {
              ...(load ?? { maxcpu: 0, maxmem: 0 }),
              node,
              running: this.guests.isRunning(node, sid),
            },
          ]),
      ),
    };
  }

  /** Views follow reality at once, beliefs when corosync has noticed. */
  private changed(): void {
    for (const node of this.cables.nodes) {
      const quorate = this.cables.isQuorate(node);
      if (quorate) this.views.delete(node);
      else if (!this.views.has(node)) this.views.set(node, structuredClone(this.shared));
      const { membership, lonely } = this.durations;
      const delay = quorate ? membership : lonely;
      const believe = (): void => {
        this.beliefs.set(node, {
          members: this.cables.partition(node),
          quorate: this.cables.isQuorate(node),
        });
      };
      if (delay === 0) believe();
      else this.clock.after(delay * 1000, believe);
    }
  }

  private exited(node: string, daemon: Daemon): void {
    const kind = this.goingDown.get(node);
    if (this.restarting.delete(`${node} ${daemon}`)) return this.stack.startDaemon(node, daemon);
    if (!kind) return;
    if (daemon === "lrm" && this.stack.isRunning(node, "crm")) {
      this.stack.stopDaemon(node, "crm");
      return;
    }
    this.sink("info", "hardware", `server '${node}' is down (${kind})`);
    this.switchPower(node, false);
    if (kind === "reboot") this.boot(node);
  }

  private boot(node: string): void {
    const boot = this.boots.get(node);
    this.clock.after(this.durations.boot * 1000, () => {
      if (this.boots.get(node) !== boot) return;
      this.sink("info", "hardware", `server '${node}' boots`);
      this.switchPower(node, true);
    });
  }
}

function resource(spec: ResourceSpec): Resource {
  const { node, state = "started", max_restart = 1, max_relocate = 1, failback = true } = spec;
  const group = spec.group === undefined ? {} : { group: spec.group };
  return { node, state, max_restart, max_relocate, failback, ...group };
}
