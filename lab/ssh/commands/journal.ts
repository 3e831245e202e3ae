import { hostTraits } from "../../node/hostTraits";
import type { Site } from "../../site";
import type { HostState } from "../../state/types";
import { type Commands, ok } from "../command";
import { strftime } from "./time";

/** Lines that `logger` has left on a host, as many as are kept. */
const KEPT = 500;

interface Line {
  /** Epoch milliseconds of the site. */
  time: number;
  unit: string;
  pid: number;
  message: string;
}

const UNITS: Record<string, string> = { crm: "pve-ha-crm", lrm: "pve-ha-lrm" };

/** The journal: the HA manager's and the watchdog's lines, beginnings and ends of tasks, and what `logger` was told. */
export const journalCommands: Commands = {
  journalctl: (args, { site, host }) => {
    const values = (short: string, long: string): string[] =>
      args.flatMap((arg, index) =>
        arg === `-${short}` || arg === `--${long}`
          ? [args[index + 1] ?? ""]
          : arg.startsWith(`--${long}=`)
            ? [arg.slice(long.length + 3)]
            : arg.startsWith(`-${short}`) && arg.length > 2 && !arg.startsWith("--")
              ? [arg.slice(2)]
              : [],
      );
    const units = [...values("u", "unit"), ...values("t", "identifier")].map((unit) =>
      unit.replace(/\.service$/, ""),
    );
    const [since] = values("S", "since");
    const [pattern] = values("g", "grep");
    const [count] = values("n", "lines");
    const [format = "short"] = values("o", "output");
    const from = Math.max(
      args.some((arg) => /^(-b0?|--boot)$/.test(arg)) ? host.bootedAt : 0,
      since === undefined ? 0 : sinceOf(since, site.clock.now()),
    );
    const found = linesOf(site, host)
      .filter(({ unit }) => units.length === 0 || units.includes(unit))
      .filter(({ time }) => time >= from)
      .filter(({ message }) => pattern === undefined || new RegExp(pattern).test(message))
      .sort((a, b) => a.time - b.time);
    const last = count === undefined || count === "all" ? found : found.slice(-Number(count));
    if (last.length === 0) {
      return { ...ok("-- No entries --\n"), exitCode: pattern === undefined ? 0 : 1 };
    }
    const shown = args.includes("-r") ? [...last].reverse() : last;
    return ok(shown.map((line) => `${printed(line, host, format)}\n`).join(""));
  },
  logger: (args, { site, host, stdin }) => {
    const tag = args.findIndex((arg) => arg === "-t" || arg === "--tag");
    const priority = args.findIndex((arg) => arg === "-p" || arg === "--priority");
    const taken = [tag, priority].flatMap((at) => (at < 0 ? [] : [at, at + 1]));
    const words = args.filter((arg, index) => !taken.includes(index) && !/^-[is]$|^--$/.test(arg));
    const unit = tag < 0 ? "root" : (args[tag + 1] ?? "root");
    const messages = words.length > 0 ? [words.join(" ")] : stdin.trimEnd().split("\n");
    const journal = (host.journal ??= []);
    for (const message of messages) journal.push({ time: site.clock.now(), unit, message });
    journal.splice(0, Math.max(0, journal.length - KEPT));
    return ok();
  },
};

function linesOf(site: Site, host: HostState): Line[] {
  const ha = site.ha.lines
    .filter(({ node }) => node === host.name)
    .map(({ time, source, message }) => ({
      time,
      unit: UNITS[source] ?? source,
      pid: 1200,
      message,
    }));
  const tasks = (host.node?.tasks ?? []).flatMap((task): Line[] => {
    const { upid, user, pid, starttime, endtime, exitstatus } = task;
    const line = (time: number, message: string): Line => ({
      time: time * 1000,
      unit: "pvedaemon",
      pid,
      message: `<${user}> ${message}`,
    });
    const begun = line(starttime, `starting task ${upid}`);
    return exitstatus === undefined
      ? [begun]
      : [begun, line(endtime ?? starttime, `end task ${upid} ${exitstatus}`)];
  });
  const told = (host.journal ?? []).map((line) => ({ ...line, pid: 1000 }));
  return [...ha, ...tasks, ...told];
}

function printed({ time, unit, pid, message }: Line, host: HostState, format: string): string {
  if (format === "cat") return message;
  const own = time + hostTraits(host).clockOffsetMs;
  const stamp = format.startsWith("short-iso") ? "%FT%T+00:00" : "%b %d %T";
  return `${strftime(own, stamp)} ${host.name} ${unit}[${pid}]: ${message}`;
}

/** `@SECONDS`, a date and time, or `-1h` and the like. */
function sinceOf(text: string, now: number): number {
  const seconds = /^@(\d+)$/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  const [, count = "", unit = ""] =
    /^-?(\d+) *(s|m|min|h|d|second|minute|hour|day)s?(?: ago)?$/.exec(text) ?? [];
  if (count !== "") {
    const length = { s: 1, m: 60, h: 3600, d: 86_400 }[unit[0] ?? "s"] ?? 1;
    return now - Number(count) * length * 1000;
  }
  const parsed = Date.parse(`${text.replace(" ", "T")}${text.includes(":") ? "Z" : ""}`);
  return Number.isNaN(parsed) ? 0 : parsed;
}
