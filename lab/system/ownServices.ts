import type { HostState } from "../state/types";
import { nameOf, UNIT_FOLDER } from "./units";

/** A service that somebody has written, as far as a boot obeys it. */
export interface OwnService {
  /** Type=oneshot: whoever comes after waits for its end. */
  once: boolean;
  /** Units that it stands before. */
  before: string[];
  /** RemainAfterExit: it is active when it is done. */
  remains: boolean;
  commands: string[];
  /** TimeoutStartSec, where there is one. */
  limitMs?: number;
}

const UNITS: Record<string, number> = { "": 1, s: 1, sec: 1, min: 60, m: 60, h: 3600 };

export function ownServiceOf({ files }: HostState, unit: string): OwnService | undefined {
  const text = files[`${UNIT_FOLDER}/${unit}.service`]?.content;
  if (text === undefined) return undefined;
  const values = (key: string): string[] =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value.trim());
  const [limit = ""] = values("TimeoutStartSec");
  const [, count = "", name = ""] = /^(\d+) *([a-z]*)$/.exec(limit) ?? [];
  const seconds = Number(count) * (UNITS[name] ?? 1);
  return {
    once: values("Type").includes("oneshot"),
    remains: values("RemainAfterExit").some((value) => /^(yes|true|on|1)$/.test(value)),
    before: values("Before").flatMap((line) => line.split(/\s+/).map(nameOf)),
    commands: values("ExecStart").map((line) => {
      // In front of a command, `-` lets it fail.
      const [, mayFail, command = ""] = /^(-?)(.*)$/.exec(line) ?? [];
      const [program = ""] = command.split(" ");
      // just-bash hands a script that is called by its path nine words at most.
      const script = /^#! *\/bin\/(ba)?sh\b/.test(files[program]?.content ?? "");
      return `${script ? "bash " : ""}${command}${mayFail ? " || true" : ""}`;
    }),
    ...(seconds > 0 ? { limitMs: seconds * 1000 } : {}),
  };
}

/** When a timer that somebody has written runs its service. */
export function ownTimerOf(
  { files }: HostState,
  unit: string,
): { event: string; persistent: boolean } | undefined {
  const text = files[`${UNIT_FOLDER}/${unit}.timer`]?.content ?? "";
  const [, event] = /^OnCalendar=(.*)$/m.exec(text) ?? [];
  if (event === undefined) return undefined;
  return { event: event.trim(), persistent: /^Persistent=(yes|true|on|1)$/m.test(text) };
}

/** A service that runs to its end each time that it is started, as those of timers do. */
export function runsToEnd(host: HostState, name: string): boolean {
  if (name.endsWith(".timer")) return false;
  const own = ownServiceOf(host, nameOf(name));
  return own !== undefined && own.once && !own.remains;
}
