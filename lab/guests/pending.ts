import type { Parameters } from "../api/schema";
import type { Site } from "../site";
import type { Guest, Pending } from "../state/types";
import { findVolume, free } from "../storage/volumes";
import { typedValue } from "./config";
import { hotplugCt } from "./hotplugCt";
import { hotplugVm } from "./hotplugVm";
import { isNamed, isUnused, isVolumeKey, release, tidyUnused, volumeAt } from "./volumes";

/** What a running guest makes of a change: at once, when it stops, or never, in PVE's words. */
export type Verdict = "now" | "later" | { problem: string };

/** An entry of `GET …/pending`. `delete` is 2 where the volume goes too. */
export interface PendingEntry {
  key: string;
  value?: unknown;
  pending?: unknown;
  delete?: 1 | 2;
}

/** The configuration as it will be when everything that waits has been applied. */
export function mergedConfig(guest: Guest): Record<string, string> {
  const merged = { ...guest.config, ...guest.pending?.set };
  for (const key of Object.keys(guest.pending?.delete ?? {})) delete merged[key];
  return merged;
}

export function pendingEntries(guest: Guest, options: Parameters): PendingEntry[] {
  const { set, delete: remove } = guest.pending ?? { set: {}, delete: {} };
  const keys = [...new Set([...Object.keys(guest.config), ...Object.keys(set)])];
  return keys.map((key) => {
    const value = guest.config[key];
    const next = set[key];
    return {
      key,
      ...(value === undefined ? {} : { value: typedValue(options, key, value) }),
      ...(next === undefined ? {} : { pending: typedValue(options, key, next) }),
      ...(remove[key] === undefined ? {} : { delete: remove[key] ? 2 : 1 }),
    };
  });
}

/** Writes down that `key` is to get `value`. A new disk that this replaces before it was ever used is kept as unused. */
export function stage(site: Site, guest: Guest, key: string, value: string): void {
  const pending = openPending(guest);
  const before = pending.set[key];
  if (before !== undefined && before !== value && isVolumeKey(guest.type, key)) {
    const old = volumeAt(guest.type, key, before);
    if (old?.volid !== volumeAt(guest.type, key, value)?.volid) release(site, guest, old);
  }
  delete pending.delete[key];
  pending.set[key] = value;
}

export function stageDelete(site: Site, guest: Guest, key: string, force: boolean): void {
  revertKey(site, guest, key);
  openPending(guest).delete[key] = force;
}

/** Takes back what waits for `key`. */
export function revertKey(site: Site, guest: Guest, key: string): void {
  const { pending } = guest;
  if (!pending) return;
  const value = pending.set[key];
  delete pending.set[key];
  delete pending.delete[key];
  if (value === undefined) return;
  const volume = volumeAt(guest.type, key, value);
  const current = guest.config[key];
  const kept = current === undefined ? undefined : volumeAt(guest.type, key, current);
  if (volume?.volid !== kept?.volid) release(site, guest, volume);
}

/**
 * Applies what waits: all of it while the guest is stopped, else what it can take while it runs, of `keys` only.
 * Returns what went wrong, by key.
 */
export function applyPending(
  site: Site,
  guest: Guest,
  running: boolean,
  keys: readonly string[] = [],
): Record<string, string> {
  const problems: Record<string, string> = {};
  const { pending } = guest;
  if (!pending) return problems;
  dropUnchanged(guest, pending);
  const judge = guest.type === "qemu" ? hotplugVm : hotplugCt;
  const wanted = (key: string, value: string | undefined): boolean => {
    if (!running) return true;
    if (!keys.includes(key)) return false;
    const verdict = judge(guest, key, value);
    if (typeof verdict === "object") problems[key] = verdict.problem;
    return verdict === "now";
  };
  for (const [key, force] of Object.entries(pending.delete).sort()) {
    if (!wanted(key, undefined)) continue;
    delete pending.delete[key];
    dropKey(site, guest, key, force);
  }
  for (const [key, value] of Object.entries(pending.set)) {
    if (!wanted(key, value)) continue;
    delete pending.set[key];
    setKey(site, guest, key, value);
  }
  tidyUnused(guest);
  if (Object.keys({ ...pending.set, ...pending.delete }).length === 0) delete guest.pending;
  return problems;
}

function openPending(guest: Guest): Pending {
  guest.pending ??= { set: {}, delete: {} };
  return guest.pending;
}

/** What is as it shall be does not wait (cleanup_pending). */
function dropUnchanged({ config }: Guest, { set, delete: remove }: Pending): void {
  for (const key of Object.keys(set)) if (set[key] === config[key]) delete set[key];
  for (const key of Object.keys(remove)) if (config[key] === undefined) delete remove[key];
}

function setKey(site: Site, guest: Guest, key: string, value: string): void {
  const before = guest.config[key];
  guest.config[key] = value;
  if (before === undefined || !isVolumeKey(guest.type, key)) return;
  const old = volumeAt(guest.type, key, before);
  if (old?.volid !== volumeAt(guest.type, key, value)?.volid) release(site, guest, old);
}

function dropKey(site: Site, guest: Guest, key: string, force: boolean): void {
  const value = guest.config[key];
  delete guest.config[key];
  const volume = value === undefined ? undefined : volumeAt(guest.type, key, value);
  if (volume?.kind !== "volume") return;
  const { volid, cdrom } = volume;
  if (!force && !isUnused(key)) return release(site, guest, volume);
  const own = findVolume(site, guest.node, volid)?.vmid === guest.vmid;
  if (own && !cdrom && !isNamed(guest, volid)) free(site, guest.node, volid);
}
