import { AUTHKEY, COROSYNC_CONF, openDatabase } from "../pmxcfs/database";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { waitingBoot } from "./boot";
import { isMounted } from "./nodes";
import { openWatchdog } from "./watchdog";
import { NEED_PMXCFS, UNIT_FILES, type UnitFile } from "./unitTable";

/** What somebody has made of a unit. */
export interface UnitState {
  enabled?: boolean;
  masked?: true;
  /** It could not start, or its process died. */
  failed?: true;
  /** Epoch milliseconds of its last start or stop. */
  since?: number;
  /** Of a timer: epoch milliseconds of the last run of its service. */
  fired?: number;
}

/** Where administrators' units and drop-ins are. */
export const UNIT_FOLDER = "/etc/systemd/system";
const SUFFIX = /\.(service|timer|socket|target|mount|path)$/;

export type Started = "started" | "failed" | "skipped";

/** systemd on every host: which units there are, which run, and what follows when one starts or stops. */
export class Units {
  private readonly listeners: ((host: string, unit: string) => void)[] = [];

  constructor(private readonly site: Site) {}

  /** Calls back when a unit was started or stopped. */
  onChange(listener: (host: string, unit: string) => void): void {
    this.listeners.push(listener);
  }

  isActive(host: HostState, name: string): boolean {
    return host.services.includes(nameOf(name));
  }

  isEnabled(host: HostState, name: string): boolean {
    const unit = nameOf(name);
    const { enabled, masked } = host.units?.[unit] ?? {};
    return !masked && (enabled ?? UNIT_FILES[unit]?.preset === true);
  }

  state(host: HostState, name: string): UnitState {
    return host.units?.[nameOf(name)] ?? {};
  }

  /** Starts a unit that exists; nothing happens to one that runs. */
  start(host: HostState, name: string): Started {
    const unit = nameOf(name);
    if (this.isActive(host, unit)) return "started";
    if (UNIT_FILES[unit]?.inCluster && !host.files[COROSYNC_CONF]) return "skipped";
    const good = this.canStart(host, unit);
    const state = this.edit(host, unit);
    state.since = this.site.clock.now();
    if (!good) {
      state.failed = true;
      this.site.store.touch();
      return "failed";
    }
    delete state.failed;
    if (!host.services.includes(unit)) host.services.push(unit);
    this.announce(host, unit);
    // pve-cluster.service wants it.
    if (unit === "pve-cluster") this.start(host, "corosync");
    return "started";
  }

  private canStart(host: HostState, unit: string): boolean {
    if (unit === "pve-cluster") {
      return this.site.nodes.canMount(host) && openDatabase(this.site.state, host);
    }
    // With secauth it ends where its key cannot be read (corosync: totemconfig.c).
    if (unit === "corosync") return host.files[AUTHKEY] !== undefined;
    if (unit === "watchdog-mux") return openWatchdog(host);
    return !NEED_PMXCFS.includes(unit) || isMounted(host);
  }

  stop(host: HostState, name: string): void {
    const unit = nameOf(name);
    const state = this.edit(host, unit);
    delete state.failed;
    if (!this.isActive(host, unit)) return;
    state.since = this.site.clock.now();
    host.services = host.services.filter((other) => other !== unit);
    this.announce(host, unit);
  }

  enable(host: HostState, name: string, enabled: boolean): void {
    this.edit(host, nameOf(name)).enabled = enabled;
    this.site.store.touch();
  }

  mask(host: HostState, name: string, masked: boolean): void {
    const state = this.edit(host, nameOf(name));
    if (masked) state.masked = true;
    else delete state.masked;
    this.site.store.touch();
  }

  /** What a boot starts: all that is enabled and can be started, the cluster file system first. */
  boot(host: HostState): void {
    host.services = [];
    for (const state of Object.values((host.units ??= {}))) delete state.failed;
    host.watchdogs = [];
    const wanted = this.all(host).filter((name) => this.startsAtBoot(host, name));
    const waiting = waitingBoot(host, wanted);
    if (waiting) host.waitingBoot = waiting;
    else delete host.waitingBoot;
    const later = [...(waiting?.first ?? []), ...(waiting?.held ?? [])];
    const now = wanted.filter((name) => !later.includes(name));
    for (const name of now.sort(byNeed)) this.start(host, name);
  }

  /** Those that a boot has put before others are done. */
  goOn(host: HostState): void {
    const held = host.waitingBoot?.held ?? [];
    delete host.waitingBoot;
    for (const name of held.sort(byNeed)) this.start(host, name);
  }

  /** A service that somebody has written has not come to a good end. */
  fail(host: HostState, name: string): void {
    const state = this.edit(host, nameOf(name));
    state.failed = true;
    state.since = this.site.clock.now();
    this.site.store.touch();
  }

  /** A service has come to its good end and is no longer active; or its timer is about to run it, at `fired`. */
  note(host: HostState, name: string, fired?: number): void {
    const state = this.edit(host, nameOf(name));
    delete state.failed;
    if (fired !== undefined) state.fired = fired;
    this.site.store.touch();
  }

  /** Names of all units of a host, in order: those of its packages and those that somebody has written. */
  all(host: HostState): string[] {
    const brought = Object.entries(UNIT_FILES)
      .filter(([, { package: owner }]) => host.packages.includes(owner))
      .map(([name]) => name);
    const written = Object.keys(host.files).flatMap((path) => {
      const [, name] = /^\/etc\/systemd\/system\/([^/]+)\.(?:service|timer)$/.exec(path) ?? [];
      return name === undefined ? [] : [name];
    });
    return [...new Set([...brought, ...host.services, ...written])].sort();
  }

  exists(host: HostState, name: string): boolean {
    return this.all(host).includes(nameOf(name));
  }

  /** The watchdog's multiplexer is nobody's to enable: the HA manager's daemons ask for it. */
  private startsAtBoot(host: HostState, name: string): boolean {
    if (this.isEnabled(host, name)) return true;
    return name === "watchdog-mux" && !host.units?.[name]?.masked;
  }

  private edit(host: HostState, unit: string): UnitState {
    return ((host.units ??= {})[unit] ??= {});
  }

  private announce(host: HostState, unit: string): void {
    this.site.store.touch();
    this.site.quorum.servicesChanged();
    for (const listener of this.listeners) listener(host.name, unit);
  }
}

/** A unit's name without what its kind adds, aliases resolved. */
export function nameOf(text: string): string {
  const bare = text.replace(SUFFIX, "");
  const found = Object.entries(UNIT_FILES).find(([, { aliases = [] }]) => aliases.includes(bare));
  return found?.[0] ?? bare;
}

export function fullName(text: string): string {
  const name = nameOf(text);
  const [suffix] = SUFFIX.exec(text) ?? [];
  return `${name}.${UNIT_FILES[name]?.type ?? suffix?.slice(1) ?? "service"}`;
}

export const unitFileOf = (name: string): UnitFile | undefined => UNIT_FILES[nameOf(name)];

/** The file that systemd takes a unit from: the administrator's goes before the package's. */
export function unitPath({ files }: HostState, unit: string): string {
  const own = `${UNIT_FOLDER}/${unit}`;
  return files[own] ? own : `/usr/lib/systemd/system/${unit}`;
}

const byNeed = (a: string, b: string): number =>
  Number(NEED_PMXCFS.includes(a)) - Number(NEED_PMXCFS.includes(b));
