import { routerOf } from "../../network/router";
import { hostTraits } from "../../node/hostTraits";
import type { Site } from "../../site";
import type { HostState } from "../../state/types";
import { type Commands, fail, ok } from "../command";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

const TIMEZONE = "/etc/timezone";

function isZone(name: string): boolean {
  try {
    return name !== "" && new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Epoch milliseconds by the host's own clock. */
export const hostNow = (site: Site, host: HostState): number =>
  site.clock.now() + hostTraits(host).clockOffsetMs;

/** Clocks are kept right by a time server, unless they are off or it does not answer. */
const isSynchronized = (host: HostState): boolean => {
  const { timeServer, clockOffsetMs } = hostTraits(host);
  return timeServer && Math.abs(clockOffsetMs) < 1000;
};

/**
 * What chrony asks, as its files name it. The lab's router stands for every pool of the internet, and one that asks
 * nobody is a source itself where it serves others.
 */
function timeSources(host: HostState): string[] {
  const texts = Object.entries(host.files)
    .filter(([path]) =>
      /^\/etc\/chrony\/(chrony\.conf|conf\.d\/.*\.conf|sources\.d\/.*\.sources)$/.test(path),
    )
    .map(([, { content }]) => content);
  return texts.flatMap((text) =>
    [...text.matchAll(/^(server|pool|peer)\s+(\S+)/gm)].map(([, kind = "", name = ""]) =>
      kind === "pool" ? routerOf(host.address) : name,
    ),
  );
}

/** Clock and time synchronization. All hosts of the lab go by UTC, whatever their zone. */
export const timeCommands: Commands = {
  date: (args, { site, host }) => {
    let time = hostNow(site, host);
    let format = "%a %b %e %H:%M:%S %Z %Y";
    for (let index = 0; index < args.length; index++) {
      const arg = args[index] ?? "";
      const [, inline] = /^(?:--date=|-d)(.+)$/s.exec(arg) ?? [];
      if (arg.startsWith("+")) format = arg.slice(1);
      else if (arg === "-d" || arg === "--date" || inline !== undefined) {
        const given = inline ?? args[++index] ?? "";
        const parsed = parseDate(given, time);
        if (parsed === undefined) return fail(`date: invalid date ‘${given}’`);
        time = parsed;
      } else if (/^(-R|--rfc-email)$/.test(arg)) format = "%a, %d %b %Y %H:%M:%S %z";
      else if (/^(-I|--iso-8601)$/.test(arg)) format = "%F";
      else if (/^(-Is|-Iseconds|--iso-8601=seconds)$/.test(arg)) format = "%FT%T+00:00";
      else if (arg === "-s" || arg.startsWith("--set")) {
        const parsed = parseDate(
          arg.startsWith("--set=") ? arg.slice(6) : (args[++index] ?? ""),
          time,
        );
        if (parsed === undefined) return fail("date: invalid date");
        host.traits = { ...host.traits, clockOffsetMs: parsed - site.clock.now() };
        time = parsed;
      }
    }
    return ok(`${strftime(time, format)}\n`);
  },
  timedatectl: (args, { site, host }) => {
    const zone = host.files[TIMEZONE]?.content.trim() || "Etc/UTC";
    if (args[0] === "set-timezone") {
      const [, name = ""] = args;
      if (!isZone(name))
        return fail(`Failed to set time zone: Invalid or not installed time zone '${name}'`);
      host.files[TIMEZONE] = { content: `${name}\n`, mode: 0o644 };
      return ok();
    }
    const now = hostNow(site, host);
    const time = strftime(now, "%a %F %T");
    const yes = isSynchronized(host) ? "yes" : "no";
    if (args[0] !== "show") {
      return ok(
        `               Local time: ${time} UTC\n           Universal time: ${time} UTC\n                 RTC time: ${time}\n                Time zone: ${zone} (UTC, +0000)\nSystem clock synchronized: ${yes}\n              NTP service: active\n          RTC in local TZ: no\n`,
      );
    }
    const all = {
      Timezone: zone,
      LocalRTC: "no",
      CanNTP: "yes",
      NTP: "yes",
      NTPSynchronized: yes,
      TimeUSec: `${time} UTC`,
      RTCTimeUSec: `${time} UTC`,
    };
    const wanted = args.flatMap((arg, index) =>
      arg === "-p" || arg === "--property"
        ? (args[index + 1] ?? "").split(",")
        : arg.startsWith("--property=")
          ? arg.slice(11).split(",")
          : arg.startsWith("-p") && arg.length > 2
            ? [arg.slice(2)]
            : [],
    );
    const shown = Object.entries(all).filter(
      ([key]) => wanted.length === 0 || wanted.includes(key),
    );
    const bare = args.includes("--value");
    return ok(shown.map(([key, value]) => (bare ? `${value}\n` : `${key}=${value}\n`)).join(""));
  },
  chronyc: (args, { site, host }) => {
    const synchronized = isSynchronized(host);
    const offset = hostTraits(host).clockOffsetMs / 1000;
    const [verb = ""] = args.filter((arg) => !arg.startsWith("-"));
    const server = routerOf(host.address);
    switch (verb) {
      case "tracking":
        return ok(
          synchronized
            ? `Reference ID    : C0A81201 (${server})\nStratum         : 3\nRef time (UTC)  : ${strftime(site.clock.now(), "%a %b %d %T %Y")}\nSystem time     : ${Math.abs(offset).toFixed(9)} seconds ${offset < 0 ? "slow" : "fast"} of NTP time\nLast offset     : +0.000012000 seconds\nRMS offset      : 0.000030000 seconds\nLeap status     : Normal\n`
            : `Reference ID    : 00000000 ()\nStratum         : 0\nRef time (UTC)  : Thu Jan 01 00:00:00 1970\nSystem time     : ${Math.abs(offset).toFixed(9)} seconds ${offset < 0 ? "slow" : "fast"} of NTP time\nLeap status     : Not synchronised\n`,
        );
      case "sources":
        return ok(
          `MS Name/IP address         Stratum Poll Reach LastRx Last sample               \n===============================================================================\n${timeSources(
            host,
          )
            .map((name, index) =>
              hostTraits(host).timeServer
                ? `^${index === 0 ? "*" : "+"} ${name.padEnd(27)}   2   6   377    20    +12us[  +15us] +/-   10ms\n`
                : `^? ${name.padEnd(27)}   0   6     0     -     +0ns[   +0ns] +/-    0ns\n`,
            )
            .join("")}`,
        );
      case "waitsync":
        return synchronized ? ok() : fail("");
      case "makestep":
        if (hostTraits(host).timeServer) host.traits = { ...host.traits, clockOffsetMs: 0 };
        return ok("200 OK\n");
      default:
        return fail("Unrecognized command");
    }
  },
};

/** `@SECONDS`, an ISO date or time, `now`, and `[+-]N UNIT [ago]`. */
function parseDate(text: string, now: number): number | undefined {
  const seconds = /^@(-?\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1000;
  if (/^(now|today|)$/.test(text)) return now;
  const [, sign = "", count = "", unit = "", ago] =
    /^([+-]?)\s*(\d+)\s*(second|minute|hour|day|week)s?( ago)?$/.exec(text) ?? [];
  const length = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }[unit];
  if (length !== undefined) {
    const back = (sign === "-") !== (ago !== undefined);
    return now + Number(count) * length * (back ? -1000 : 1000);
  }
  const zoned = /Z$|[+-]\d\d:?\d\d$|UTC$/.test(text) ? text : `${text}Z`;
  const parsed = Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? text : zoned.replace(/ UTC$/, "Z"));
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** strftime(3) in UTC and English. */
export function strftime(ms: number, format: string): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const part = (letter: string): string => {
    switch (letter) {
      case "s":
        return String(Math.floor(ms / 1000));
      case "N":
        return String(Math.round(ms % 1000))
          .padStart(3, "0")
          .padEnd(9, "0");
      case "Y":
        return String(date.getUTCFullYear());
      case "y":
        return two(date.getUTCFullYear() % 100);
      case "m":
        return two(date.getUTCMonth() + 1);
      case "d":
        return two(date.getUTCDate());
      case "e":
        return String(date.getUTCDate()).padStart(2, " ");
      case "H":
        return two(date.getUTCHours());
      case "M":
        return two(date.getUTCMinutes());
      case "S":
        return two(date.getUTCSeconds());
      case "F":
        return strftime(ms, "%Y-%m-%d");
      case "T":
        return strftime(ms, "%H:%M:%S");
      case "R":
        return strftime(ms, "%H:%M");
      case "a":
        return (DAYS[date.getUTCDay()] ?? "").slice(0, 3);
      case "A":
        return DAYS[date.getUTCDay()] ?? "";
      case "b":
        return (MONTHS[date.getUTCMonth()] ?? "").slice(0, 3);
      case "B":
        return MONTHS[date.getUTCMonth()] ?? "";
      case "u":
        return String(date.getUTCDay() || 7);
      case "j": {
        const first = Date.UTC(date.getUTCFullYear(), 0, 1);
        return String(Math.floor((ms - first) / 86_400_000) + 1).padStart(3, "0");
      }
      case "Z":
        return "UTC";
      case "z":
        return "+0000";
      case "n":
        return "\n";
      case "t":
        return "\t";
      case "%":
        return "%";
      default:
        return `%${letter}`;
    }
  };
  return format.replace(/%([369])N|%(.)/gs, (_all, digits: string | undefined, letter: string) =>
    digits === undefined ? part(letter) : part("N").slice(0, Number(digits)),
  );
}
