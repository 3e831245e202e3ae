import { need } from "./known";
import type { GuestFacts } from "./site";

/** Numbers and names for guests of one kind, pool or tag, or for all. */
export interface Range {
  kind?: "vm" | "ct";
  pool?: string;
  tag?: string;
  /** VMIDs, both included. */
  from?: number;
  to?: number;
  /** What their names begin with. */
  prefix?: string;
}

/** The VMIDs that Proxmox VE has. */
export const LOWEST = 100;
export const HIGHEST = 999_999_999;

/** What is wrong with the guest by those ranges that are about it. Throws `NotKnown`. */
export function outsideOf(ranges: Range[], guest: GuestFacts): string[] {
  return ranges
    .filter((range) => isAbout(range, guest))
    .flatMap((range) => [...numberOutside(range, guest), ...nameOutside(range, guest)]);
}

function isAbout({ kind, pool, tag }: Range, guest: GuestFacts): boolean {
  if (kind !== undefined && kind !== guest.kind) return false;
  if (pool !== undefined && need(guest.pool, "its pool is") !== pool) return false;
  return tag === undefined || need(guest.tags, "its tags are").includes(tag);
}

function numberOutside(range: Range, guest: GuestFacts): string[] {
  const { from = LOWEST, to = HIGHEST } = range;
  if (from === LOWEST && to === HIGHEST) return [];
  const vmid = need(guest.vmid, "its VMID is");
  if (vmid !== undefined && vmid >= from && vmid <= to) return [];
  const has = vmid === undefined ? "no VMID, so that it gets any" : `VMID ${vmid}`;
  return [
    `guest ${guest.name} has ${has}, and ${whose(range)} have ${from} to ${to}. Give it one of these.`,
  ];
}

function nameOutside(range: Range, guest: GuestFacts): string[] {
  const { prefix = "" } = range;
  if (prefix === "") return [];
  const called = need(guest.hostName, "its name is") ?? "";
  if (called.startsWith(prefix)) return [];
  const has = called === "" ? "has no name" : `is called ${called}`;
  return [
    `guest ${guest.name} ${has}, and names of ${whose(range)} begin with ${prefix}. Rename it.`,
  ];
}

/** `containers in pool lab with tag web`. */
function whose({ kind, pool, tag }: Range): string {
  const kinds = { vm: "VMs", ct: "containers" };
  const those = kind === undefined ? "guests" : kinds[kind];
  return those + (pool ? ` in pool ${pool}` : "") + (tag ? ` with tag ${tag}` : "");
}
