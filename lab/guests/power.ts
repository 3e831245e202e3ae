import { die } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import { bridgesOf } from "../network/files";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest, RunState } from "../state/types";
import { findVolume, free, parseVolumeId } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { regenerate } from "./cloudInit";
import { GUEST_WORD, requireUnlocked } from "./config";
import { hasCpu } from "./cpu";
import { CT_NET } from "./ctOptions";
import { applyPending } from "./pending";
import { traitsOf } from "./traits";
import { NET } from "./vmOptions";
import { storageIn, volumesIn } from "./volumes";

let nextPid = 2_000;

export function runState(site: Site, guest: Guest): RunState | undefined {
  return site.nodeState(guest.node).running[String(guest.vmid)];
}

export function isRunning(site: Site, guest: Guest): boolean {
  return site.hardware.isOn(guest.node) && runState(site, guest) !== undefined;
}

/**
 * Starts a guest where its file is, with all that was pending. Its disks must be reachable there, the bridges of its
 * cards exist, and the node's processor must have what the VM's CPU type promises.
 */
export function startGuest(
  site: Site,
  guest: Guest,
  log?: TaskLog,
  { skipLock = false } = {},
): void {
  const word = GUEST_WORD[guest.type];
  if (guest.config.template === "1") {
    throw die(`you can't start a ${guest.type === "qemu" ? "vm" : "CT"} if it's a template`);
  }
  const hibernates = guest.config.lock === "suspended";
  if (!hibernates && !skipLock) requireUnlocked(guest);
  if (isRunning(site, guest)) throw die(`${word} ${guest.vmid} already running`);
  if (!hibernates) applyPending(site, guest, false);
  for (const { volid, kind } of volumesIn(guest.type, guest.config)) {
    if (kind !== "volume") continue;
    site.storages.requireUsable(guest.node, storageIn(volid));
    requireDataset(site, guest.node, volid);
  }
  requireDevices(site, guest, guest.node, log);
  if (hibernates) forgetState(site, guest);
  else regenerate(guest);
  run(site, guest, hibernates ? 0 : traitsOf(site, guest).boot);
}

/** A pool is each node's own: a guest that was moved without a copy finds nothing (PVE::Storage::ZFSPoolPlugin). */
function requireDataset(site: Site, node: string, volid: string): void {
  const { storage, name } = parseVolumeId(volid);
  const { type, pool } = site.storages.config(node, storage);
  if (type !== "zfspool" || findVolume(site, node, volid)) return;
  throw die(
    name.startsWith("subvol-")
      ? `zfs error: cannot open '${pool}/${name}': dataset does not exist`
      : `timeout: no zvol device link for '${name}' found after 300 sec.`,
  );
}

/** What a node must have for the guest's process to start: bridges, and CPU features for a VM. */
export function requireDevices(
  site: Site,
  guest: Guest,
  node: string,
  log?: Pick<TaskLog, "info">,
): void {
  const failed = (): Error =>
    die(
      guest.type === "qemu"
        ? "start failed: QEMU exited with code 1"
        : `startup for container '${guest.vmid}' failed`,
    );
  const there = bridgesOf(site, node);
  for (const bridge of bridgesWanted(guest)) {
    if (there.includes(bridge)) continue;
    log?.info(`bridge '${bridge}' does not exist`);
    throw failed();
  }
  if (guest.type !== "qemu" || hasCpu(site.nodeState(node).cpuModel, guest.config.cpu)) return;
  log?.info("kvm: Host doesn't support requested features");
  throw failed();
}

/** Makes the guest run on its node; it answers after `boot` seconds. */
export function run(site: Site, guest: Guest, boot: number): RunState {
  const state: RunState = {
    pid: nextPid++,
    startedAt: seconds(site.clock),
    ...(boot > 0 ? { answersAt: site.clock.now() + boot * 1000 } : {}),
  };
  site.nodeState(guest.node).running[String(guest.vmid)] = state;
  site.network.refresh();
  return state;
}

export function stopGuest(site: Site, guest: Guest): void {
  delete site.nodeState(guest.node).running[String(guest.vmid)];
  site.network.refresh();
}

/** What a node loses with its power. */
export function dropRunning(site: Site, node: string): void {
  const state = site.state.hosts[node]?.node;
  if (state) state.running = {};
  site.network.refresh();
}

/** Stops the guest in its tracks, or lets it go on. */
export function setPaused(site: Site, guest: Guest, paused: RunState["paused"]): void {
  const state = runState(site, guest);
  if (!state) return;
  if (paused === undefined) delete state.paused;
  else state.paused = paused;
  site.network.refresh();
}

/** A VM that was saved to disk goes on, and its saved memory goes. */
function forgetState(site: Site, guest: Guest): void {
  const { vmstate } = guest.config;
  if (vmstate !== undefined) free(site, guest.node, vmstate);
  for (const key of ["lock", "vmstate", "runningmachine", "runningcpu"]) delete guest.config[key];
}

function bridgesWanted(guest: Guest): string[] {
  return Object.entries(guest.config)
    .filter(([key]) => /^net\d+$/.test(key))
    .map(([, value]) => parsePropertyString(value, guest.type === "qemu" ? NET : CT_NET).bridge)
    .filter((bridge): bridge is string => bridge !== undefined);
}
