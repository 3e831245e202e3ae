import type { HostState } from "../state/types";
import { nameOf, UNIT_FOLDER } from "./units";

/** A service that somebody has written, as far as a boot obeys it. */
export interface OwnService {
  /** Type=oneshot: whoever comes after waits for its end. */
  once: boolean;
  /** Units that it stands before. */
  before: string[];
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
    before: values("Before").flatMap((line) => line.split(/\s+/).map(nameOf)),
    // In front of a command, `-` lets it fail.
    commands: values("ExecStart").map((line) => line.replace(/^-(.*)$/, "$1 || true")),
    ...(seconds > 0 ? { limitMs: seconds * 1000 } : {}),
  };
}
