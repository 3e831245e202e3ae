import { seededRandom } from "../ha/core/timing";
import { sleep } from "../seams/clock";
import type { Site } from "../site";

/** What a node's API is like instead of well. */
export interface ApiFault {
  delayMs: number;
  /** Share of the requests that fail, 0 to 1. */
  failRate: number;
  /** Of the dice that say which. */
  seed: number;
}

/** How a request fails: its connection ends, before it is done or when only its answer is missing, or a status. */
export type ApiFailure = { cut: "before" | "after" } | { status: number; reason: string };

/**
 * What clients of a pveproxy that is dying, overloaded or cut off from pvedaemon have seen (AnyEvent::HTTP's statuses
 * 595 to 599, and PVE::APIServer::AnyEvent).
 */
const FAILURES: ApiFailure[] = [
  { cut: "before" },
  { cut: "after" },
  { status: 595, reason: "Connection refused" },
  { status: 596, reason: "Broken pipe" },
  { status: 596, reason: "Connection timed out" },
  { status: 599, reason: "Too many redirections" },
  { status: 500, reason: "got timeout" },
  { status: 503, reason: "Service Unavailable" },
];

/** Makes the API of single nodes slow and flaky. The same seed fails the same requests in the same way. */
export class ApiFaults {
  private readonly dice = new Map<string, () => number>();

  constructor(private readonly site: Site) {}

  set(node: string, fault: ApiFault): void {
    this.site.state.apiFaults = { ...this.site.state.apiFaults, [node]: fault };
    this.dice.delete(node);
  }

  clear(): void {
    delete this.site.state.apiFaults;
    this.dice.clear();
  }

  /** Lets a request to `node` wait, and says how it fails if it does. */
  async meet(node: string): Promise<ApiFailure | undefined> {
    const fault = this.site.state.apiFaults?.[node];
    if (!fault) return undefined;
    const dice = this.dice.get(node) ?? seededRandom(fault.seed);
    this.dice.set(node, dice);
    const failure =
      dice() < fault.failRate ? FAILURES[Math.floor(dice() * FAILURES.length)] : undefined;
    if (fault.delayMs > 0) await sleep(this.site.clock, fault.delayMs);
    return failure;
  }
}
