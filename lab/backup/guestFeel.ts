import { setPaused, startGuest } from "../guests/power";
import { traitsOf } from "../guests/traits";
import type { Site } from "../site";
import type { Guest } from "../state/types";

/** Stops a guest in its tracks, or lets it go on. */
export function pauseGuest(site: Site, guest: Guest, paused: boolean): void {
  setPaused(site, guest, paused ? "user" : undefined);
}

/** Starts a guest in spite of the backup's own lock. */
export function startLocked(site: Site, guest: Guest): void {
  const { lock } = guest.config;
  delete guest.config.lock;
  try {
    startGuest(site, guest);
  } finally {
    if (lock !== undefined) guest.config.lock = lock;
  }
}

/**
 * Seconds until a guest that is asked to shut down is down, or is made to be: it does not hear, or takes longer than
 * the backup waits.
 */
export function shutdownTime(site: Site, guest: Guest, stopwait: number): number {
  const { obeys, shutdown } = traitsOf(site, guest);
  return obeys ? Math.min(shutdown, stopwait * 60) : stopwait * 60;
}
