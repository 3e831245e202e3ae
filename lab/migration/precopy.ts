/** What decides how long the memory of a running VM takes to cross. Sizes in bytes, times in seconds. */
export interface Memory {
  /** All that the VM has, devices included. */
  total: number;
  /** Of that, what the system uses; the rest is zeros, which are only named. */
  used: number;
  /** Changed in a second. */
  dirtyRate: number;
}

/** One pass over what has changed since the pass before. */
export interface Round {
  bytes: number;
  seconds: number;
}

export interface Precopy {
  rounds: Round[];
  /** Milliseconds in which the VM answers nowhere: the last pass, and the state of its devices. */
  downtime: number;
  /** Bytes on the wire. */
  transferred: number;
  /** Milliseconds of the limits that PVE set on the way, the first one aside. */
  raised: { beforeRound: number; limit: number }[];
}

/** Bytes on the wire for a page of zeros: its address and what it is. */
const ZERO_PAGE = 9;
const PAGE = 4096;
/** Milliseconds that the state of the devices takes. */
const DEVICES = 8;
/** Rounds that end with more to send than before until PVE doubles the limit (QemuMigrate.pm). */
const PATIENCE = 6;
/** Milliseconds; QEMU's own maximum. */
const LONGEST = 2_000_000;

/**
 * Passes over the memory until what is left fits into the downtime that is allowed; `bandwidth` in bytes a second,
 * `limit` in milliseconds. A VM that changes its memory faster than the link carries it gets more and more downtime,
 * doubled each time.
 */
export function precopy(memory: Memory, bandwidth: number, limit: number): Precopy {
  const zeros = ((memory.total - memory.used) / PAGE) * ZERO_PAGE;
  const rounds: Round[] = [];
  const raised: Precopy["raised"] = [];
  let left = memory.used + zeros;
  let allowed = limit;
  let grown = 0;
  for (;;) {
    const seconds = left / bandwidth;
    if (rounds.length > 0 && seconds * 1000 <= allowed) break;
    rounds.push({ bytes: left, seconds });
    left = Math.min(memory.used, memory.dirtyRate * seconds);
    if (++grown < PATIENCE || allowed >= LONGEST) continue;
    grown = 0;
    allowed = Math.min(LONGEST, allowed * 2);
    raised.push({ beforeRound: rounds.length, limit: allowed });
  }
  const sent = rounds.reduce((sum, round) => sum + round.bytes, 0);
  return {
    rounds,
    downtime: Math.round((left / bandwidth) * 1000) + DEVICES,
    transferred: Math.round(sent + left),
    raised,
  };
}

/** Bytes a second that a link of so many Mbit/s carries, without what TCP and SSH need for themselves. */
export function bandwidthOf(mbit: number): number {
  return (mbit * 1_000_000 * 0.93) / 8;
}
