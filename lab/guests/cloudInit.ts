import type { Guest } from "../state/types";
import { CLOUD_INIT_KEY } from "./vmOptions";
import { volumesIn } from "./volumes";

/** The part of a configuration that a cloud-init drive is made from. */
export function cloudInitValues(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => CLOUD_INIT_KEY.test(key)));
}

/** Remembers what the drive of a running VM holds when its configuration has moved on from that. */
export function noteCloudInit(guest: Guest, before: Record<string, string>): void {
  const now = cloudInitValues(guest.config);
  guest.cloudInit ??= before;
  if (isSame(guest.cloudInit, now)) delete guest.cloudInit;
}

/** Writes the drive anew; done at every start and by PUT …/cloudinit. */
export function regenerate(guest: Guest): void {
  if (hasCloudInit(guest)) delete guest.cloudInit;
}

export function hasCloudInit(guest: Guest): boolean {
  return volumesIn(guest.type, guest.config).some((volume) => volume.cloudInit);
}

/** What the guest's system was given: the values on its drive. */
export function cloudInitInside(guest: Guest): Record<string, string> {
  return guest.cloudInit ?? cloudInitValues(guest.config);
}

/** Entries of GET …/cloudinit: values on the drive, and how the configuration differs from them. */
export function cloudInitEntries(guest: Guest): Record<string, unknown>[] {
  const inside = cloudInitInside(guest);
  const now = cloudInitValues(guest.config);
  return [...new Set([...Object.keys(inside), ...Object.keys(now)])].map((key) => {
    const [value, pending] = [inside[key], now[key]];
    if (pending === undefined) return { key, delete: 1 };
    if (value === undefined) return { key, pending };
    return value === pending ? { key, value } : { key, value, pending };
  });
}

function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  return (
    JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
  );
}
