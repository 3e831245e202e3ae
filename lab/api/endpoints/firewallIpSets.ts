import { changeFirewall, readFirewall } from "../../firewall/files";
import { ALIAS, ipVersion } from "../../firewall/formats";
import type { FirewallFile, IpSetEntry } from "../../firewall/types";
import { requireUnmodified } from "../clusterFile";
import type { Call, Endpoint } from "../endpoint";
import { badParameters, die } from "../errors";
import { flag, optional, standard, text } from "../schema";
import {
  CLUSTER,
  digestOfList,
  type FirewallPath,
  GUESTS,
  knownAt,
  NAME,
  placeOf,
  withDigest,
} from "./firewallPlaces";

const cidr = text({ format: "IPorCIDRorAlias" });
const comment = optional(text());
const nomatch = optional(flag());
const digest = standard.digest;

/** Sets of addresses, networks and aliases. */
export const firewallIpSetEndpoints: Endpoint[] = [CLUSTER, ...GUESTS].flatMap((path) => [
  ...setsAt(path),
  ...entriesAt(path),
]);

function setsAt({ scope, base, parameters, audit, modify }: FirewallPath): Endpoint[] {
  const path = `${base}/ipset`;
  return [
    {
      method: "GET",
      path,
      returns: "array",
      parameters,
      permissions: audit,
      handle: (call) => withDigest(listSets(readFirewall(placeOf(call, scope)))),
    },
    {
      method: "POST",
      path,
      returns: "null",
      parameters: { ...parameters, name: NAME, comment, digest, rename: optional(NAME) },
      permissions: modify,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), (file) => {
          if (call.params.rename === undefined) createSet(file, call);
          else changeSet(file, call);
        }),
    },
    {
      method: "DELETE",
      path: `${path}/{name}`,
      returns: "null",
      parameters: { ...parameters, name: NAME, force: optional(flag()) },
      permissions: modify,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), (file) => {
          const { name, force } = call.params;
          if (entriesOf(file, call).length > 0 && force !== 1) {
            throw die(`IPSet '${name}' is not empty`);
          }
          delete file.ipsets[String(name)];
        }),
    },
  ];
}

function entriesAt({ scope, base, parameters, audit, modify }: FirewallPath): Endpoint[] {
  const path = `${base}/ipset/{name}`;
  const one = { ...parameters, name: NAME, cidr };
  return [
    {
      method: "GET",
      path,
      returns: "array",
      parameters: { ...parameters, name: NAME },
      permissions: audit,
      handle: (call) => withDigest(entriesOf(readFirewall(placeOf(call, scope)), call)),
    },
    {
      method: "POST",
      path,
      returns: "null",
      parameters: { ...one, comment, nomatch },
      permissions: modify,
      handle: (call) => {
        const place = placeOf(call, scope);
        return changeFirewall(place, (file) => {
          const entries = entriesOf(file, call);
          const address = normalAddress(String(call.params.cidr), knownAt(place));
          if (entries.some((entry) => entry.cidr === address)) {
            throw badParameters({ cidr: `address '${address}' already exists` });
          }
          if (/\/0+$/.test(address)) {
            throw badParameters({ cidr: "a zero prefix is not allowed in ipset entries" });
          }
          entries.unshift(entryOf(address, call));
        });
      },
    },
    {
      method: "GET",
      path: `${path}/{cidr}`,
      returns: "object",
      parameters: one,
      permissions: audit,
      handle: (call) => {
        const entries = withDigest(entriesOf(readFirewall(placeOf(call, scope)), call));
        const found = entries.find((entry) => entry.cidr === call.params.cidr);
        if (!found) throw badParameters({ cidr: "no such IP/Network" });
        return found;
      },
    },
    {
      method: "PUT",
      path: `${path}/{cidr}`,
      returns: "null",
      parameters: { ...one, comment, nomatch, digest },
      permissions: modify,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), (file) => {
          const entries = entriesOf(file, call);
          requireUnmodified(digestOfList(entries), call.params.digest);
          const address = String(call.params.cidr);
          const at = entries.findIndex((entry) => entry.cidr === address);
          if (at < 0) throw badParameters({ cidr: "no such IP/Network" });
          entries[at] = entryOf(address, call);
        }),
    },
    {
      method: "DELETE",
      path: `${path}/{cidr}`,
      returns: "null",
      parameters: { ...one, digest },
      permissions: modify,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), (file) => {
          const entries = entriesOf(file, call);
          requireUnmodified(digestOfList(entries), call.params.digest);
          const at = entries.findIndex((entry) => entry.cidr === call.params.cidr);
          if (at >= 0) entries.splice(at, 1);
        }),
    },
  ];
}

function createSet({ ipsets }: FirewallFile, { params }: Call): void {
  const name = String(params.name);
  if (ipsets[name]) throw badParameters({ name: `IPSet '${name}' already exists` });
  ipsets[name] = { entries: [], ...(params.comment ? { comment: String(params.comment) } : {}) };
}

/** `rename` names the set as it is now; the same name changes only the comment. */
function changeSet(file: FirewallFile, { params }: Call): void {
  const { ipsets } = file;
  requireUnmodified(digestOfList(listSets(file)), params.digest);
  const [before, after] = [String(params.rename), String(params.name)];
  const found = ipsets[before];
  if (!found) throw badParameters({ name: `IPSet '${before}' does not exist` });
  if (ipsets[after] && after !== before) {
    throw badParameters({ name: `IPSet '${after}' does already exist` });
  }
  delete ipsets[before];
  ipsets[after] = found;
  if (params.comment !== undefined) found.comment = String(params.comment);
  if (found.comment === "") delete found.comment;
}

function entriesOf({ ipsets }: FirewallFile, { params }: Call): IpSetEntry[] {
  const found = ipsets[String(params.name)];
  if (!found) throw die(`no such IPSet '${params.name}'`);
  return found.entries;
}

function entryOf(address: string, { params }: Call): IpSetEntry {
  return {
    cidr: address,
    ...(params.nomatch === 1 ? { nomatch: 1 } : {}),
    ...(params.comment ? { comment: String(params.comment) } : {}),
  };
}

/** An alias must exist; a network is written with its first address, and one of a single address as that. */
function normalAddress(given: string, { cluster, own }: ReturnType<typeof knownAt>): string {
  const alias = ALIAS.exec(given)?.[1]?.toLowerCase();
  if (alias !== undefined) {
    if (!cluster.aliases[alias] && !own.aliases[alias]) throw die(`no such alias '${given}'`);
    return given;
  }
  const [address = "", bits] = given.split("/");
  if (bits === undefined) return given;
  const version = ipVersion(address);
  if (Number(bits) === (version === 6 ? 128 : 32)) return address;
  return version === 4 ? `${maskedAddress(address, Number(bits))}/${bits}` : given;
}

function maskedAddress(address: string, bits: number): string {
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const step = 2 ** (32 - bits);
  const first = Math.floor(value / step) * step;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
}

function listSets({ ipsets }: FirewallFile): { name: string; comment?: string }[] {
  return Object.entries(ipsets)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { comment: words }]) => ({ name, ...(words ? { comment: words } : {}) }));
}
