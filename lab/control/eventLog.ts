import type { LogLine } from "../ha/environment";
import type { LogLevel } from "../ha/core/types";
import type { Site } from "../site";
import type { TaskState } from "../state/types";

/** Something that happened in the lab. */
export interface LogEntry {
  /** Counts from 1 for as long as the lab runs; tells entries of one time apart. */
  id: number;
  /** Of the lab, in epoch milliseconds. */
  time: number;
  /** A host, or `lab`. */
  host: string;
  /** `crm`, `lrm`, `watchdog-mux`, `power`, `cable`, `corosync`, `service`, `task`, `notification`, or the switch that was used. */
  source: string;
  level: LogLevel;
  message: string;
}

/** Something that is so: told when it comes to be so, and with `gone` when it no longer is. */
interface Fact extends Omit<LogEntry, "id" | "time"> {
  gone?: string;
}

/** By host and kind. */
type Facts = Map<string, Fact>;

/** Entries that are kept, oldest first. */
const KEPT = 2000;

/**
 * What happens in the lab, in its order: the HA manager's lines, power, cables, services, quorum, tasks and the
 * switches of rehearsals. It goes on over a reset or restore of the site, and begins anew when the lab starts.
 */
export class EventLog {
  private entries: LogEntry[] = [];
  private next = 1;
  private site: Site | undefined;
  private facts: Facts = new Map();
  /** The HA manager's last line in here. */
  private seen: LogLine | undefined;

  /** Follows `site` from now on, and no other. */
  watch(site: Site): void {
    this.site = site;
    this.facts = factsOf(site);
    this.seen = site.ha.lines.at(-1);
    const look = (): void => {
      if (this.site === site) this.look(site);
    };
    site.hardware.onChange(look);
    site.quorum.onChange(look);
    site.messages.onMessage((node, message) => {
      if (this.site === site) this.note(node, "notification", message);
    });
    site.tasks.onChange((task) => {
      if (this.site === site) this.task(task);
    });
  }

  note(host: string, source: string, message: string, level: LogLevel = "info"): void {
    this.collect();
    const time = this.site?.clock.now() ?? 0;
    this.add({ time, host, source, level, message });
  }

  /** Entries from `time` on, that included. */
  since(time: number): LogEntry[] {
    this.collect();
    return this.entries.filter((entry) => entry.time >= time);
  }

  private look(site: Site): void {
    const facts = factsOf(site);
    for (const [key, { host, source, level, message }] of facts) {
      if (this.facts.get(key)?.message !== message) this.note(host, source, message, level);
    }
    for (const [key, { host, source, gone }] of this.facts) {
      if (gone !== undefined && !facts.has(key)) this.note(host, source, gone);
    }
    this.facts = facts;
  }

  private task({ node, type, id, user, exitstatus }: TaskState): void {
    const name = id === "" ? type : `${type} ${id}`;
    const failed = exitstatus !== undefined && !/^(OK$|WARNINGS: )/.test(exitstatus);
    const message =
      exitstatus === undefined ? `${name} starts, by ${user}` : `${name}: ${exitstatus}`;
    this.note(node, "task", message, failed ? "err" : "info");
  }

  /** The HA manager keeps its own lines; they come in before whatever comes after them. */
  private collect(): void {
    const lines = this.site?.ha.lines ?? [];
    const from = this.seen ? lines.lastIndexOf(this.seen) + 1 : 0;
    for (const { time, node, source, level, message } of lines.slice(from)) {
      this.add({ time, host: node, source, level, message });
    }
    this.seen = lines.at(-1) ?? this.seen;
  }

  private add(entry: Omit<LogEntry, "id">): void {
    this.entries.push({ id: this.next++, ...entry });
    if (this.entries.length > KEPT) this.entries.shift();
  }
}

function factsOf(site: Site): Facts {
  const facts: Facts = new Map();
  const add = (kind: string, good: boolean, fact: Omit<Fact, "level">): void => {
    const key = `${fact.host} ${fact.source} ${kind}`;
    facts.set(key, { ...fact, level: good ? "info" : "warning" });
  };
  for (const { name: host, node, services } of Object.values(site.state.hosts)) {
    const on = site.hardware.isOn(host);
    add("", on, { host, source: "power", message: on ? "power is on" : "power is off" });
    const plugged = site.hardware.isPlugged(host);
    add("", plugged, {
      host,
      source: "cable",
      message: plugged ? "the plug is in" : "the plug is out",
    });
    for (const unit of services) {
      add(unit, true, {
        host,
        source: "service",
        message: `${unit} runs`,
        gone: `${unit} is stopped`,
      });
    }
    if (!node || !on || !site.pmxcfs(host).corosync) continue;
    const quorate = site.quorum.isQuorate(host);
    add("", quorate, {
      host,
      source: "corosync",
      message: quorate ? "has quorum" : "has no quorum",
    });
  }
  for (const [host, other] of site.hardware.cuts()) {
    add(other, false, {
      host,
      source: "cable",
      message: `the way to ${other} is cut`,
      gone: `the way to ${other} is open again`,
    });
  }
  return facts;
}
