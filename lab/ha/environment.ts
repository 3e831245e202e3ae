import { releaseOf, VERSIONS } from "../api/version";
import { shutDown, start } from "../guests/lifecycle";
import { stopGuest } from "../guests/power";
import { cpusOf, memoryOf } from "../guests/status";
import { migrateGuest } from "../migration/start";
import type { Clock } from "../seams/clock";
import type { Site } from "../site";
import type { Guest, HaRule, Pmxcfs } from "../state/types";
import type { TaskLog } from "../tasks/tasks";
import type {
  ClusterSeam,
  ConfigSeam,
  Daemon,
  FilesSeam,
  GuestSeam,
  GuestTask,
  HaEnvironment,
  PowerSeam,
} from "./core/environment";
import {
  emptyFiles,
  type GroupConfig,
  type HaFiles,
  type LogLevel,
  type Resource,
} from "./core/types";
import { resourcesOn } from "./resources";
import { settingsOf } from "./settings";
import { serviceId } from "./serviceId";

/** What a node that is cut off goes on seeing of the cluster's files. */
interface View {
  files: HaFiles;
  resources: Record<string, Resource>;
  rules: Record<string, HaRule>;
  groups: Record<string, GroupConfig>;
}

export interface LogLine {
  /** Epoch milliseconds. */
  time: number;
  node: string;
  source: string;
  level: LogLevel;
  message: string;
}

/** Lines that are kept, oldest first. */
const KEPT = 1000;

/** The site as the HA manager's daemons see it. */
export class SiteEnvironment implements HaEnvironment {
  readonly clock: Clock;
  readonly lines: LogLine[] = [];
  private readonly views = new Map<string, View>();

  constructor(private readonly site: Site) {
    this.clock = site.clock;
    site.quorum.onChange(() => this.keepViews());
  }

  log(node: string, source: Daemon | "watchdog-mux", level: LogLevel, message: string): void {
    if (level === "debug") return;
    this.lines.push({ time: this.clock.now(), node, source, level, message: message.trim() });
    if (this.lines.length > KEPT) this.lines.shift();
  }

  notify(node: string, subject: string): void {
    this.log(node, "crm", "notice", `mail to root: ${subject}`);
  }

  readonly cluster: ClusterSeam = {
    isQuorate: (node) => this.site.quorum.isQuorate(node),
    members: (node) =>
      Object.fromEntries(
        this.site
          .members(node)
          .map((other) => [other, other === node || this.site.quorum.sees(node, other)]),
      ),
    version: (_node, other) => VERSIONS[releaseOf(this.site.host(other))].version,
  };

  readonly files: FilesSeam = {
    refresh: () => true,
    read: (node) => this.viewOf(node).files,
    write: (node, change) => {
      if (!this.site.quorum.isQuorate(node)) throw new Error("Permission denied");
      const { ha } = this.site.pmxcfs(node);
      // A status is only ever replaced as a whole, so what a failed change has begun is thrown away.
      const files = filesOf(this.site, node);
      const copy: HaFiles = {
        manager_status: files.manager_status,
        lrm_status: { ...files.lrm_status },
        crm_commands: [...files.crm_commands],
        locks: structuredClone(files.locks),
      };
      change(copy);
      ha.files = copy;
      this.site.store.touch();
    },
  };

  readonly config: ConfigSeam = {
    resources: (node) => this.viewOf(node).resources,
    rules: (node) => this.viewOf(node).rules,
    groups: (node) => this.viewOf(node).groups,
    settings: (node) => settingsOf(this.site, node),
    request: (node, sid, state) => {
      this.change(node, ({ resources }) => {
        const resource = resources[sid];
        if (resource) resource.state = state;
      });
    },
    writeRules: (node, rules) => {
      this.change(node, (ha) => (ha.rules = rules as Record<string, HaRule>));
    },
    leaveGroups: (node, failback) => {
      this.change(node, ({ resources }) => {
        for (const [sid, back] of Object.entries(failback)) {
          const resource = resources[sid];
          if (!resource) continue;
          delete resource.group;
          if (!back) resource.failback = false;
        }
      });
    },
    deleteGroups: (node) => this.change(node, (ha) => delete ha.groups),
    loads: (node) => this.loads(node),
  };

  readonly guests: GuestSeam = {
    isRunning: (node, sid) =>
      this.site.hardware.isOn(node) &&
      this.site.nodeState(node).running[numberOf(sid)] !== undefined,
    start: (node, sid) =>
      this.task(node, sid, "start", (guest, log) => start(this.site, guest, log)),
    stop: (node, sid, timeout) =>
      timeout === 0
        ? this.task(node, sid, "stop", (guest) => stopGuest(this.site, guest))
        : this.task(node, sid, "shutdown", (guest, log) => this.shutDown(guest, timeout, log)),
    migrate: (node, sid, target, online) =>
      this.task(node, sid, "migrate", (guest, log) => this.migrate(guest, target, online, log)),
    steal: (node, sid, from, to) => {
      const guest = this.guest(node, sid);
      if (guest.node !== from) throw new Error(`no config file of '${sid}' on node '${from}'`);
      guest.node = to;
      this.site.store.touch();
    },
    unlock: (node, sid, locks) => {
      const { config } = this.guest(node, sid);
      const { lock } = config;
      if (lock === undefined || !locks.includes(lock)) return undefined;
      delete config.lock;
      this.site.store.touch();
      return lock;
    },
  };

  readonly power: PowerSeam = {
    goingDown: (node) => this.site.machines.goingDown(node),
    reset: (node) => this.site.machines.reset(node),
    exited: (node) => this.site.machines.exited(node),
  };

  /** The HA manager lets a container that does not listen run; a VM is ended by force. */
  private shutDown(guest: Guest, timeout: number, log: TaskLog): Promise<void> {
    return shutDown(this.site, guest, { timeout, force: guest.type === "qemu" }, log);
  }

  private async migrate(
    guest: Guest,
    target: string,
    online: boolean,
    log: TaskLog,
  ): Promise<void> {
    const live = online && guest.type === "qemu";
    if (!live) await shutDown(this.site, guest, { force: true }, log);
    const { node, type, vmid } = guest;
    const request = { node, type, vmid, target, online: live };
    // PVE::HA::Resources::PVEVM: local disks come along, and local devices are taken to be alike on both nodes.
    const brave = type === "qemu" ? { withLocalDisks: true, force: true } : {};
    await migrateGuest(this.site, { ...request, ...brave }, log);
  }

  /** A task that its node's power loss ends without an end. */
  private task(
    node: string,
    sid: string,
    verb: "start" | "stop" | "shutdown" | "migrate",
    work: (guest: Guest, log: TaskLog) => void | Promise<void>,
  ): GuestTask {
    const task = { done: false };
    const { bootedAt } = this.site.host(node);
    const type = sid.startsWith("vm:") ? "qm" : "vz";
    const name = verb === "migrate" && type === "qm" ? "qmigrate" : `${type}${verb}`;
    this.site.tasks.start(node, name, numberOf(sid), "root@pam", async (log) => {
      try {
        await work(this.guest(node, sid), log);
      } finally {
        task.done = this.site.hardware.isOn(node) && this.site.host(node).bootedAt === bootedAt;
      }
    });
    return task;
  }

  private guest(node: string, sid: string): Guest {
    const guest = this.site.pmxcfs(node).guests[numberOf(sid)];
    if (!guest) throw new Error(`there is no guest for '${sid}'`);
    return guest;
  }

  private viewOf(node: string): View {
    return this.views.get(node) ?? this.currentView(node);
  }

  private currentView(node: string): View {
    const { ha } = this.site.pmxcfs(node);
    return {
      files: filesOf(this.site, node),
      resources: resourcesOn(this.site, node),
      rules: ha.rules,
      groups: ha.groups ?? {},
    };
  }

  /** Changes what users write, too; @throws without quorum. */
  private change(node: string, work: (ha: Pmxcfs["ha"]) => void): void {
    if (!this.site.quorum.isQuorate(node)) throw new Error("Permission denied");
    work(this.site.pmxcfs(node).ha);
    this.site.store.touch();
  }

  private keepViews(): void {
    for (const [name, { node }] of Object.entries(this.site.state.hosts)) {
      if (!node || this.site.quorum.isQuorate(name)) this.views.delete(name);
      else if (!this.views.has(name)) this.views.set(name, structuredClone(this.currentView(name)));
    }
  }

  private loads(node: string): ReturnType<ConfigSeam["loads"]> {
    const cpus = (name: string): number => this.site.nodeState(name).cpus;
    const nodes = this.site.members(node).map((name) => {
      const { cpus, memory } = this.site.nodeState(name);
      return [name, { maxcpu: cpus, maxmem: memory }] as const;
    });
    const guests = Object.values(this.site.pmxcfs(node).guests).map((guest) => {
      const sid = serviceId(guest);
      const running = this.guests.isRunning(guest.node, sid);
      const load = { maxcpu: cpusOf(guest, cpus(guest.node)), maxmem: memoryOf(guest) };
      return [sid, { ...load, node: guest.node, running }] as const;
    });
    return { nodes: Object.fromEntries(nodes), guests: Object.fromEntries(guests) };
  }
}

/** The HA manager's files in the cluster file system that `node` has mounted. */
export function filesOf(site: Site, node: string): HaFiles {
  return (site.pmxcfs(node).ha.files ??= emptyFiles());
}

function numberOf(sid: string): string {
  return sid.split(":")[1] ?? "";
}
