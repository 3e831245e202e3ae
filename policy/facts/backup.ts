import { asFarAsKnown, type Known, need } from "./known";
import { managedResources, sidOf } from "./placement";
import type {
  BackupJobFacts,
  DiskFacts,
  GuestFacts,
  Retention,
  SiteFacts,
  StorageFacts,
} from "./site";

/** Tells whether a job takes a guest along, wherever it runs. */
export function coverage(
  facts: SiteFacts,
): (job: BackupJobFacts, guest: GuestFacts) => Known<boolean> {
  const inHa = new Set(managedResources(facts).map(({ sid }) => sid));
  return (job, guest) => asFarAsKnown(() => covers(job, guest, inHa.has(sidOf(guest))));
}

function covers(job: BackupJobFacts, guest: GuestFacts, moves: boolean): boolean {
  if (!need(job.enabled, "it is")) return false;
  const node = need(job.node, "its node is");
  // A job of one node passes over what has moved away.
  if (node !== undefined && (moves || node !== need(guest.node, "its node is"))) return false;
  const pool = need(job.pool, "its pool is");
  if (pool !== undefined && pool === need(guest.pool, "its pool is")) return true;
  const all = need(job.all, "it is");
  const named = need(all ? job.excluded : job.guests, "its guests are");
  if (named.length === 0) return all;
  return named.includes(String(need(guest.vmid, "its VMID is"))) !== all;
}

/** The disks of a guest that are to be backed up; none for a template and for one that its tag excepts. Throws `NotKnown`. */
export function disksToKeep(guest: GuestFacts, exceptTag: string): DiskFacts[] {
  if (need(guest.template, "whether it is a template is")) return [];
  if (need(guest.tags, "its tags are").includes(exceptTag)) return [];
  return need(guest.disks, "its disks are").filter(({ data }) => data);
}

/** Jobs that are not switched off; one of which that is unknown is among them. */
export function enabledJobs({ backupJobs }: SiteFacts): BackupJobFacts[] {
  return backupJobs.filter(({ enabled }) => enabled !== false);
}

/**
 * What a job keeps: its own retention, else that of its storage (PVE::VZDump). Undefined where neither says, and then
 * Proxmox VE keeps all. Throws `NotKnown`.
 */
export function retentionOf(
  job: BackupJobFacts,
  storages: Map<string, StorageFacts>,
): Retention | undefined {
  const own = need(job.retention, "its retention is");
  if (own) return own;
  const storage = storages.get(need(job.storage, "its storage is"));
  return storage && need(storage.retention, `the retention of ${storage.name} is`);
}

/** Backups that a retention keeps at most; what one period keeps, another does not count (PVE::Storage, prune). */
export function keptPoints(retention: Retention): number {
  return Object.values(retention).reduce((sum, count) => sum + count, 0);
}
