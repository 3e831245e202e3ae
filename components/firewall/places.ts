import type { Site } from "../schema";
import { familyOf, isRange } from "./values";

/** What a rule or a set says of where packets come from or go to, as Proxmox VE writes it. */
export interface Written {
  text: string;
  /** Undefined for a set, which may have both. */
  family: 4 | 6 | undefined;
}

/** What stands behind a name that the site file uses. */
export function meaning(site: Site, name: string): Written[] {
  const { aliases = {}, sets = {} } = site.firewall ?? {};
  const alias = aliasNamed(aliases, name);
  if (alias) return [{ text: `dc/${alias.name}`, family: familyOf(alias.cidr) }];
  if (Object.hasOwn(sets, name)) return [{ text: `+dc/${name}`, family: undefined }];
  return addressesOf(site, name).map((text) => ({ text, family: familyOf(text) }));
}

/** Plain addresses and networks, for what must not depend on anything that has a name. */
export function plainAddresses(site: Site, entries: readonly string[]): string[] {
  const all = entries.flatMap((entry) => {
    if (familyOf(entry) !== undefined) return [bare(entry)];
    const alias = aliasNamed(site.firewall?.aliases ?? {}, entry);
    return alias ? [bare(alias.cidr)] : addressesOf(site, entry);
  });
  return [...new Set(all)].sort();
}

/** Proxmox VE keeps aliases by their names in lower case. */
function aliasNamed(aliases: Record<string, string>, name: string) {
  const found = Object.entries(aliases).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found && { name: found[0], cidr: found[1] };
}

/** All addresses of a node, on every link, or of a host. */
function addressesOf({ nodes, hosts }: Site, name: string): string[] {
  const node = Object.hasOwn(nodes, name) ? nodes[name] : undefined;
  if (node) return [node.address, ...(node.link1 === undefined ? [] : [node.link1])];
  const host = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  return host ? [host.address] : [];
}

/** A network of one address is kept as the address (pve-firewall: parse_ip_or_cidr). */
export function bare(text: string): string {
  return text.replace(familyOf(text) === 6 ? /\/128$/ : /\/32$/, "");
}

/**
 * Entries of a rule, each of which needs a rule of its own: addresses and networks go together in one list, which may
 * have one family only; ranges and names stand alone (pve-firewall: parse_address_list).
 */
export function written(site: Site, entries: string | readonly string[] | undefined): Written[] {
  if (entries === undefined) return [{ text: "", family: undefined }];
  const all = [entries].flat().flatMap((entry): Written[] => {
    const family = familyOf(entry);
    if (family !== undefined) return [{ text: bare(entry), family }];
    return isRange(entry) ? [{ text: entry, family: 4 }] : meaning(site, entry);
  });
  const listed = ({ text, family }: Written): boolean =>
    family !== undefined && !text.startsWith("dc/") && !isRange(text);
  const lists = ([4, 6] as const).flatMap((family) =>
    joined(all.filter((one) => one.family === family && listed(one)).map(({ text }) => text)).map(
      (text) => ({ text, family }),
    ),
  );
  return [...lists, ...all.filter((one) => !listed(one))];
}

/** Characters that a rule's source or destination may have. */
const LONGEST = 512;

/** Addresses in as few lists as they fit in, in an order that the file's does not change. */
export function joined(addresses: readonly string[]): string[] {
  const lists: string[] = [];
  for (const address of [...new Set(addresses)].sort()) {
    const last = lists.at(-1);
    if (last !== undefined && last.length + 1 + address.length <= LONGEST) {
      lists[lists.length - 1] = `${last},${address}`;
    } else {
      lists.push(address);
    }
  }
  return lists;
}
