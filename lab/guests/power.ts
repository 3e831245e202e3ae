import { die } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest, RunState } from "../state/types";
import { parseVolumeId } from "../storage/volumes";
import { GUEST_WORD, requireUnlocked } from "./config";
import { MOUNT, MOUNT_KEY } from "./ctOptions";
import { DRIVE, DRIVE_KEY } from "./vmOptions";

let nextPid = 2_000;

export function runState(site: Site, guest: Guest): RunState | undefined {
  return site.nodeState(guest.node).running[String(guest.vmid)];
}

export function isRunning(site: Site, guest: Guest): boolean {
  return site.hardware.isOn(guest.node) && runState(site, guest) !== undefined;
}

/** Starts a guest where its file is. Its disks must be reachable there. */
export function startGuest(site: Site, guest: Guest): void {
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
