import { createHash, randomBytes } from "node:crypto";
import { die } from "../api/errors";
import { declarationOf, type Parameters } from "../api/schema";
import type { Site } from "../site";
import type { Guest } from "../state/types";

export const GUEST_FOLDER = { qemu: "qemu-server", lxc: "lxc" } as const;
export const GUEST_WORD = { qemu: "VM", lxc: "CT" } as const;

export function findGuest(site: Site, node: string, vmid: number): Guest | undefined {
  return site.pmxcfs(node).guests[String(vmid)];
}

/** The guest with its file on `node`; else what PVE::AbstractConfig says. */
export function requireGuest(site: Site, node: string, type: Guest["type"], vmid: number): Guest {
  const guest = findGuest(site, node, vmid);
  if (!guest || guest.type !== type || guest.node !== node) {
    throw die(
      `Configuration file 'nodes/${node}/${GUEST_FOLDER[type]}/${vmid}.conf' does not exist`,
    );
  }
  return guest;
}

/** Refuses work on a guest that something else works on. */
export function requireUnlocked(guest: Guest): void {
  const { lock } = guest.config;
  if (lock) throw die(`${GUEST_WORD[guest.type]} is locked (${lock})`);
}

/** Writing a guest's file without quorum fails on the file, not in a check. */
export function requireWritable(site: Site, guest: Guest): void {
  if (site.quorum.isQuorate(guest.node)) return;
  const file = `/etc/pve/nodes/${guest.node}/${GUEST_FOLDER[guest.type]}/${guest.vmid}.conf`;
  throw die(`unable to open file '${file}.tmp.${process.pid}' - Permission denied`);
}

/** A configuration with PVE's JSON types: integers, numbers and booleans bare, the rest as text, plus digest. */
export function typedConfig(
  guest: Guest,
  options: Parameters,
  config: Record<string, string> = guest.config,
): Record<string, unknown> {
  const typed = Object.entries(config).map(([key, value]) => [
    key,
    typedValue(options, key, value),
  ]);
  return { ...Object.fromEntries(typed), digest: guestDigest(guest) };
}

export function typedValue(options: Parameters, key: string, value: string): string | number {
  const type = declarationOf(options, key)?.type;
  const bare = type === "integer" || type === "number" || type === "boolean";
  return bare ? Number(value) : value;
}

/** The digest of the guest's whole file, pending changes and snapshots included. */
export function guestDigest({ config, pending, snapshots }: Guest): string {
  return digestOf({
    ...config,
    ...(pending ? { pending } : {}),
    ...(snapshots ? { snapshots } : {}),
  });
}

export function digestOf(config: Record<string, unknown>): string {
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha1").update(JSON.stringify(sorted)).digest("hex");
}

/** A MAC address with Proxmox's prefix. */
export function newMac(): string {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"));
  return ["BC", "24", "11", ...tail].join(":");
}

const UNITS: Record<string, number> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** `8G` → bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text);
  if (!match) throw die(`unable to parse size '${text}'`);
  return Math.round(Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1));
}

/** Bytes → `8G`, in the largest unit that divides it (PVE::JSONSchema::format_size). */
export function formatSize(bytes: number): string {
  const units = ["", "K", "M", "G", "T"];
  let size = bytes;
  let unit = 0;
  while (unit < units.length - 1 && size >= 1024 && size % 1024 === 0) {
    size /= 1024;
    unit++;
  }
  return `${size}${units[unit]}`;
}
