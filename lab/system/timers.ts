import { nextEvent, parseCalendarEvent } from "../backup/calendar";
import { eachMinute, seconds } from "../seams/clock";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { ownTimerOf } from "./ownServices";

/** Timers that somebody has written: every minute systemd looks which are due, and `run` runs their services. */
export class Timers {
  private cancel: (() => void) | undefined;

  constructor(
    private readonly site: Site,
    private readonly run: (host: HostState, unit: string) => void,
  ) {}

  start(): void {
    this.cancel = eachMinute(this.site.clock, () => this.round());
  }

  stop(): void {
    this.cancel?.();
  }

  private round(): void {
    const { clock, state, units } = this.site;
    for (const host of Object.values(state.hosts)) {
      if (!host.power) continue;
      for (const unit of units.all(host)) {
        const timer = ownTimerOf(host, unit);
        if (!timer || !units.isActive(host, unit)) continue;
        if (!this.isDue(host, unit, timer)) continue;
        units.note(host, unit, clock.now());
        this.run(host, unit);
      }
    }
  }

  /** What came while it was not active is made up for only where it says Persistent=. */
  private isDue(
    host: HostState,
    unit: string,
    { event, persistent }: { event: string; persistent: boolean },
  ): boolean {
    const { since = 0, fired = 0 } = this.site.units.state(host, unit);
    const last = persistent && fired > 0 ? fired : Math.max(since, fired);
    try {
      const next = nextEvent(parseCalendarEvent(event), Math.floor(last / 1000));
      return next !== undefined && next <= seconds(this.site.clock);
    } catch {
      return false;
    }
  }
}
