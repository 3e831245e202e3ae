import { die } from "../api/errors";
import { nextEvent, parseCalendarEvent } from "../backup/calendar";
import { eachMinute, seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Section } from "../state/settings";
import type { Guest, ReplicationState } from "../state/types";
import { findVolume, free, parseVolumeId, volumesOfGuest } from "../storage/volumes";
import { guestOf, jobsOf, switchTarget } from "./jobs";
import { replicatedVolumes } from "./volumes";

const SCHEDULE = "*/15";

export interface JobStatus {
  id: string;
  job: Section;
  guest: Guest;
  state: ReplicationState;
  /** Epoch seconds; 0 for a job that waits for its target. */
  next: number;
}

/** pvescheduler's other half: every minute each node runs the jobs of its own guests that are due (PVE::ReplicationState). */
export class Replications {
  constructor(private readonly site: Site) {
    eachMinute(site.clock, () => this.round());
  }

  round(): void {
    for (const { name, power, node } of Object.values(this.site.state.hosts)) {
      if (!node || !power || !this.site.quorum.isQuorate(name)) continue;
      if (Object.keys(jobsOf(this.site, name)).length > 0) this.runJobs(name);
    }
  }

  /** The jobs of the guests on a node. One whose guest has come from elsewhere is turned round first. */
  status(node: string): JobStatus[] {
    const { site } = this;
    const jobs = jobsOf(site, node);
    return Object.keys(jobs)
      .sort()
      .flatMap((id): JobStatus[] => {
        const guest = site.pmxcfs(node).guests[guestOf(id)];
        const job = jobs[id];
        if (guest?.node !== node || !job) return [];
        const source = job.source ?? node;
        if (source !== node) switchTarget(site, node, guest.vmid, node, source);
        if (!job.remove_job && job.target === node) return [];
        const state = this.stateOf(node, guest, job);
        return [{ id, job, guest, state, next: this.nextRun(node, job, state) }];
      });
  }

  private stateOf(node: string, { vmid }: Guest, { target = "" }: Section): ReplicationState {
    const ofNode = (this.site.nodeState(node).replication ??= {});
    const ofGuest = (ofNode[String(vmid)] ??= {});
    return (ofGuest[target] ??= { lastTry: 0, lastSync: 0, failCount: 0 });
  }

  private nextRun(node: string, job: Section, state: ReplicationState): number {
    if (job.remove_job) return 1;
    const { failCount: failed, lastTry } = state;
    if (failed > 0) {
      const there = this.site.isOnline(node, job.target ?? "");
      return there ? lastTry + 60 * (failed <= 3 ? 5 * failed : 30) : 0;
    }
    return nextEvent(parseCalendarEvent(job.schedule ?? SCHEDULE), lastTry) ?? 0;
  }

  private runJobs(node: string): void {
    const now = seconds(this.site.clock);
    const jobs = this.status(node);
    this.forget(node, jobs);
    for (const { id, job, guest, state, next } of jobs) {
      if (next === 0 || next > now || (job.disable === "1" && !job.remove_job)) continue;
      this.run(node, id, job, guest, state);
    }
    this.site.store.touch();
  }

  /** What is known of jobs that are gone, or whose guest is (purge_old_states). */
  private forget(node: string, jobs: JobStatus[]): void {
    const kept: NonNullable<ReturnType<Site["nodeState"]>["replication"]> = {};
    for (const { job, guest, state } of jobs) {
      (kept[String(guest.vmid)] ??= {})[job.target ?? ""] = state;
    }
    this.site.nodeState(node).replication = kept;
  }

  private run(node: string, id: string, job: Section, guest: Guest, state: ReplicationState): void {
    const now = seconds(this.site.clock);
    state.lastTry = now;
    state.duration = 0;
    try {
      if (job.remove_job) this.remove(node, id, job, guest);
      else this.copy(guest, job.target ?? "");
      state.lastSync = now;
      state.failCount = 0;
      delete state.error;
    } catch (error) {
      state.failCount += 1;
      state.error = (error as Error).message;
    }
  }

  /** Brings the copies of a guest's volumes up to date, and returns them. */
  copy(guest: Guest, target: string): string[] {
    const { site } = this;
    const volids = replicatedVolumes(site, guest);
    this.requireTarget(guest.node, target);
    for (const volid of volids) {
      const source = findVolume(site, guest.node, volid);
      if (!source) throw die(`zfs error: cannot open '${volid}': dataset does not exist`);
      const { storage } = parseVolumeId(volid);
      site.storages.requireUsable(target, storage);
      free(site, target, volid);
      site.storages.volumes(target, storage).push(structuredClone(source));
    }
    return volids;
  }

  private remove(node: string, id: string, job: Section, guest: Guest): void {
    const { site } = this;
    const { target = "" } = job;
    if (job.remove_job === "full" && target !== node) {
      this.requireTarget(node, target);
      for (const volid of volumesOfGuest(site, target, guest.vmid)) {
        const { type } = site.storages.config(target, parseVolumeId(volid).storage);
        if (type === "zfspool") free(site, target, volid);
      }
    }
    delete jobsOf(site, node)[id];
  }

  private requireTarget(node: string, target: string): void {
    if (this.site.isOnline(node, target)) return;
    const { address } = this.site.host(target);
    throw die(
      `command '/usr/bin/ssh -e none -o 'BatchMode=yes' -o 'HostKeyAlias=${target}' root@${address} -- pvesr prepare-local-job' failed: exit code 255`,
    );
  }
}
