import type { Hosts } from "../hosts";
import type { ScaledClock } from "../seams/scaledClock";
import type { Site } from "../site";
import type { Snapshots } from "../snapshots";
import type { EventLog } from "./eventLog";

/** The lab as its control interface acts on it. Site and hosts are others once the lab was set back. */
export interface ControlledLab {
  readonly site: Site;
  readonly hosts: Hosts;
  readonly clock: ScaledClock;
  readonly events: EventLog;
  readonly snapshots: Snapshots;
  /** Puts the site back to how a snapshot found it; false without such a snapshot. */
  restore(name: string): Promise<boolean>;
  /** Another machine in the place of a node that is off, bare or with Proxmox VE. */
  replaceHost(name: string, bare: boolean): Promise<void>;
  /** Puts the site back to how it was installed; false in a lab that does not know any more. */
  reset(): Promise<boolean>;
}
