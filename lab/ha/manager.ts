import { isRunning, startGuest, stopGuest } from "../guests/power";
import type { Site } from "../site";
import type { Guest, HaResource, Pmxcfs } from "../state/types";

/** Milliseconds between two rounds of the manager. */
const ROUND = 2_000;

export type ServiceState =
  "started" | "stopped" | "disabled" | "ignored" | "error" | "starting" | "stopping";

/**
 * The HA manager, first form: brings resources to their requested state on the node where they are. It does not
 * fence and does not recover yet, so a guest of a dead node waits for its node.
 */
export class HaManager {
  constructor(private readonly site: Site) {
    this.nextRound();
  }

  /** One round for every cluster that has a quorate node. */
  round(): void {
    for (const config of Object.values(this.site.state.pmxcfs)) {
      for (const [sid, resource] of Object.entries(config.ha.resources)) {
        const guest = config.guests[sid.split(":")[1] ?? ""];
        if (guest && this.active(guest.node)) this.serve(guest, resource);
      }
    }
  }

  serviceState(config: Pmxcfs, sid: string): { state: ServiceState; node: string } {
    const resource = config.ha.resources[sid];
    const guest = config.guests[sid.split(":")[1] ?? ""];
    if (!resource || !guest) return { state: "error", node: "" };
    const running = isRunning(this.site, guest);
    const { node } = guest;
    switch (resource.state) {
      case "ignored":
        return { state: "ignored", node };
      case "started":
        // Of a node that does not answer the manager only knows what it last heard.
        return { state: running || !this.active(node) ? "started" : "starting", node };
      case "stopped":
      case "disabled":
        return { state: running ? "stopping" : resource.state, node };
      default: {
        const never: never = resource.state;
        return never;
      }
    }
  }

  /** The node whose manager has the lock: the first that is quorate, "" when none is or nothing is managed. */
  master(config: Pmxcfs): string {
    if (Object.keys(config.ha.resources).length === 0) return "";
    const members = config.corosync?.nodes.map((node) => node.name) ?? [];
    return members.find((name) => this.active(name)) ?? "";
  }

  active(node: string): boolean {
    return this.site.hardware.isOn(node) && this.site.quorum.isQuorate(node);
  }

  private serve(guest: Guest, resource: HaResource): void {
    const running = isRunning(this.site, guest);
    if (resource.state === "started" && !running) {
      try {
        startGuest(this.site, guest);
        this.site.store.touch();
      } catch {
        // Tried again in the next round; the service shows as starting until then.
      }
    }
    const unwanted = resource.state === "stopped" || resource.state === "disabled";
    if (unwanted && running) {
      stopGuest(this.site, guest);
      this.site.store.touch();
    }
  }

  private nextRound(): void {
    this.site.clock.after(ROUND, () => {
      this.round();
      this.nextRound();
    });
  }
}
