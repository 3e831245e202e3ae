import { die } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest, RunState } from "../state/types";
import { parseVolumeId } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { GUEST_WORD, requireUnlocked } from "./config";
import { CT_NET, MOUNT, MOUNT_KEY } from "./ctOptions";
import { DRIVE, DRIVE_KEY, NET } from "./vmOptions";

let nextPid = 2_000;

export function runState(site: Site, guest: Guest): RunState | undefined {
  return site.nodeState(guest.node).running[String(guest.vmid)];
}

export function isRunning(site: Site, guest: Guest): boolean {
  return site.hardware.isOn(guest.node) && runState(site, guest) !== undefined;
}

/** What the installer sets up; nothing can add another yet. */
export const BRIDGE = "vmbr0";

/** Starts a guest where its file is. Its disks must be reachable there, and the bridges of its cards exist. */
export function startGuest(site: Site, guest: Guest, log?: TaskLog): void {
  const word = GUEST_WORD[guest.type];
  if (guest.config.template === "1") {
    throw die(`you can't start a ${guest.type === "qemu" ? "vm" : "CT"} if it's a template`);
  }
  requireUnlocked(guest);
  if (isRunning(site, guest)) throw die(`${word} ${guest.vmid} already running`);
  for (const volid of disksOf(guest)) {
    const { storage } = parseVolumeId(volid);
    site.storages.requireUsable(guest.node, storage);
  }
  for (const bridge of bridgesOf(guest)) {
    if (bridge === BRIDGE) continue;
    log?.info(`bridge '${bridge}' does not exist`);
    throw die(
      guest.type === "qemu"
        ? "start failed: QEMU exited with code 1"
        : `startup for container '${guest.vmid}' failed`,
    );
  }
  const run: RunState = { pid: nextPid++, startedAt: seconds(site.clock) };
  site.nodeState(guest.node).running[String(guest.vmid)] = run;
}

export function stopGuest(site: Site, guest: Guest): void {
  delete site.nodeState(guest.node).running[String(guest.vmid)];
}

/** What a node loses with its power. */
export function dropRunning(site: Site, node: string): void {
  const state = site.state.hosts[node]?.node;
  if (state) state.running = {};
}

function disksOf(guest: Guest): string[] {
  const isDrive = guest.type === "qemu" ? DRIVE_KEY : MOUNT_KEY;
  const properties = guest.type === "qemu" ? DRIVE : MOUNT;
  return Object.entries(guest.config)
    .filter(([key]) => isDrive.test(key))
    .map(([, value]) => parsePropertyString(value, properties))
    .map((parsed) => parsed.file ?? parsed.volume ?? "")
    .filter((volid) => volid.includes(":"));
}

function bridgesOf(guest: Guest): string[] {
  return Object.entries(guest.config)
    .filter(([key]) => /^net\d+$/.test(key))
    .map(([, value]) => parsePropertyString(value, guest.type === "qemu" ? NET : CT_NET).bridge)
    .filter((bridge): bridge is string => bridge !== undefined);
}
