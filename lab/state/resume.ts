import type { Leases, NodeMemory } from "../ha/core/memory";
import type { HaFiles } from "../ha/core/types";
import type { ClusterRun } from "../cluster/clusterRun";
import type { HostState, LabState } from "./types";

/**
 * The site goes on at `now` as it was when `state` was written: whatever waits has as long to wait as it had then, and
 * no watchdog, lock or daemon takes the time in between for silence. Time of day and what records it do not change.
 */
export function resumeAt(state: LabState, now: number): void {
  const { writtenAt } = state;
  if (writtenAt === undefined) return;
  // Whole seconds, so that times in seconds and in milliseconds keep their distance.
  const gap = Math.round((now - writtenAt) / 1000);
  for (const memory of Object.values(state.haMemory?.nodes ?? {})) moveMemory(memory, gap);
  for (const { ha } of Object.values(state.pmxcfs)) if (ha.files) moveFiles(ha.files, gap);
  for (const run of Object.values(state.corosync ?? {})) moveCluster(run, gap * 1000);
  for (const host of Object.values(state.hosts)) moveHost(host, gap * 1000);
  state.writtenAt = now;
}

function move<Key extends string>(
  holder: { [key in Key]?: number } | undefined,
  key: Key,
  by: number,
): void {
  const time = holder?.[key];
  if (holder && time !== undefined) holder[key] = time + by;
}

function moveAll(times: Record<string, number>, by: number): void {
  for (const key of Object.keys(times)) move(times, key, by);
}

function moveLeases(leases: Leases, by: number): void {
  for (const lease of Object.values(leases)) move(lease, "time", by);
}

/** `by` is seconds, here and below. */
function moveMemory({ crm, lrm, watchdog }: NodeMemory, by: number): void {
  moveAll(watchdog.clients, by * 1000);
  move(watchdog, "expiredAt", by * 1000);
  if (crm) {
    moveLeases(crm.leases, by);
    move(crm.manager?.status, "timestamp", by);
    moveAll(crm.manager?.lastOnline ?? {}, by);
  }
  if (lrm) {
    moveLeases(lrm.leases, by);
    move(lrm, "since", by);
  }
}

function moveFiles({ manager_status, lrm_status, locks }: HaFiles, by: number): void {
  move(manager_status, "timestamp", by);
  for (const status of Object.values(lrm_status)) move(status, "timestamp", by);
  for (const lock of Object.values(locks)) {
    move(lock, "time", by);
    move(lock, "released", by * 1000);
  }
}

function moveCluster({ nodes, gathering, clients }: ClusterRun, by: number): void {
  moveAll(gathering, by);
  for (const client of Object.values(clients)) move(client, "silentSince", by);
  for (const node of Object.values(nodes)) {
    move(node, "connectsAt", by);
    move(node.link, "silentSince", by);
    move(node.formed, "since", by);
  }
}

function moveHost(host: HostState, by: number): void {
  move(host, "bootsAt", by);
  for (const guest of Object.values(host.node?.running ?? {})) move(guest, "answersAt", by);
}
