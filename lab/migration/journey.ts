import { die, PveError } from "../api/errors";
import { requireWritable } from "../guests/config";
import { runState } from "../guests/power";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { Guest, RunState } from "../state/types";
import type { TaskLog } from "../tasks/tasks";
import { bandwidthOf } from "./precopy";
import { duration, MigrationLog } from "./log";
import type { StorageMap } from "./storageMap";

/** A request to move a guest, as the API or the HA manager makes it. */
export interface MigrationRequest {
  node: string;
  type: Guest["type"];
  vmid: number;
  target: string;
  /** Keep a running VM running. */
  online: boolean;
  /** Containers: stop, move, start. */
  restart?: boolean;
  /** Seconds that a container has to stop. */
  timeout?: number;
  withLocalDisks?: boolean;
  storages?: StorageMap;
  /** KiB/s. */
  bwlimit?: number;
  /** Go without the host's devices. */
  force?: boolean;
}

/** The node that did the work is gone, and its task with it; what it had begun stays as it is. */
export class NodeLost extends PveError {
  constructor() {
    super(500, "unexpected status");
  }
}

/** One migration on its way: its log, its link, and whether both ends are still there. */
export class Journey {
  readonly log: MigrationLog;
  readonly started: number;
  /** The guest's process at the start, undefined if it did not run. */
  readonly process: RunState | undefined;
  private readonly bootedAt: number;

  constructor(
    readonly site: Site,
    readonly guest: Guest,
    readonly request: MigrationRequest,
    task: TaskLog,
  ) {
    this.log = new MigrationLog(task, site.clock);
    this.started = site.clock.now();
    this.process = runState(site, guest);
    this.bootedAt = site.host(request.node).bootedAt;
  }

  get address(): string {
    return this.site.host(this.request.target).address;
  }

  /** Bytes a second between the two nodes, not counting any limit that was asked for. */
  get link(): number {
    return bandwidthOf(this.site.hardware.linkMbit(this.request.node, this.request.target));
  }

  /** Bytes a second with the limits of the request and the VM (`migrate_speed`, MB/s). */
  bandwidth(migrateSpeed = 0): number {
    const limits = [(this.request.bwlimit ?? 0) * 1024, migrateSpeed * 1024 ** 2];
    return Math.min(this.link, ...limits.filter((limit) => limit > 0));
  }

  /** What takes time on real hardware takes none where the lab's link has no speed. */
  async steps(seconds: number): Promise<void> {
    if (Number.isFinite(this.link)) await this.pass(seconds);
  }

  /** Lets time pass. @throws NodeLost when the node that does the work has lost its power meanwhile. */
  async pass(seconds: number): Promise<void> {
    if (seconds > 0) await sleep(this.site.clock, seconds * 1000);
    const { node } = this.request;
    const alive = this.site.hardware.isOn(node) && this.site.host(node).bootedAt === this.bootedAt;
    if (!alive) throw new NodeLost();
  }

  /** Sends bytes, and fails when the target goes away. */
  async send(bytes: number, bandwidth: number): Promise<void> {
    const seconds = bytes / bandwidth;
    for (let left = seconds; left > 0; left -= 1) {
      await this.pass(Math.min(1, left));
      this.requireTarget();
    }
  }

  requireTarget(): void {
    const { node, target } = this.request;
    if (!this.site.hardware.canReach(node, target)) {
      throw die(`command '/usr/bin/ssh root@${this.address}' failed: exit code 255`);
    }
  }

  /** PVE tries SSH to the target before anything else. */
  requireConnection(): void {
    const { node, target } = this.request;
    if (this.site.isOnline(node, target)) return;
    throw die("Can't connect to destination address using public key");
  }

  /** Takes the migration's lock off the guest. Without quorum its file cannot be written, and the lock stays. */
  unlock(): void {
    const { site, guest, log } = this;
    if (guest.config.lock !== "migrate") return;
    try {
      requireWritable(site, guest);
      delete guest.config.lock;
    } catch (error) {
      log.error((error as Error).message);
    }
  }

  /** The last line, and how the task ends (PVE::AbstractMigrate::migrate). */
  async finish(work: () => Promise<void>): Promise<void> {
    const took = (): string => duration((this.site.clock.now() - this.started) / 1000);
    try {
      await work();
    } catch (error) {
      if (error instanceof NodeLost || !(error instanceof PveError)) throw error;
      this.log.error(`migration aborted (duration ${took()}): ${error.message}`);
      throw die("migration aborted");
    }
    if (this.log.errors) {
      this.log.error(`migration finished with problems (duration ${took()})`);
      throw die("migration problems");
    }
    this.log.info(`migration finished successfully (duration ${took()})`);
  }
}
