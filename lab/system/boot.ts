import type { HostState } from "../state/types";
import { ownServiceOf } from "./ownServices";
import { UNIT_FILES } from "./unitTable";

/** What a boot has not come to yet. */
export interface WaitingBoot {
  /** Services that somebody has put before others; they run once, and take their time. */
  first: string[];
  /** Units that come after them. */
  held: string[];
}

/** Of the units that a boot starts, those that have to wait for others; undefined where none has to. */
export function waitingBoot(host: HostState, wanted: readonly string[]): WaitingBoot | undefined {
  const first = wanted.filter((unit) => {
    const own = ownServiceOf(host, unit);
    return own?.once && own.before.some((other) => wanted.includes(other));
  });
  if (first.length === 0) return undefined;
  const named = first.flatMap((unit) => ownServiceOf(host, unit)?.before ?? []);
  const held = new Set(named.filter((unit) => wanted.includes(unit) && !first.includes(unit)));
  // Who comes after one that waits, waits too.
  for (let before = -1; before < held.size;) {
    before = held.size;
    for (const unit of wanted) {
      if (UNIT_FILES[unit]?.after?.some((other) => held.has(other))) held.add(unit);
    }
  }
  return { first, held: [...held] };
}
