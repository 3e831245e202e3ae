import { changeFirewall, readFirewall } from "../../firewall/files";
import { ipVersion } from "../../firewall/formats";
import type { Alias, FirewallFile } from "../../firewall/types";
import { requireUnmodified } from "../clusterFile";
import type { Endpoint } from "../endpoint";
import { badParameters } from "../errors";
import { optional, standard, text } from "../schema";
import type { Values } from "../verify";
import {
  CLUSTER,
  digestOfList,
  type FirewallPath,
  GUESTS,
  NAME,
  placeOf,
  withDigest,
} from "./firewallPlaces";

const cidr = text({ format: "IPorCIDR" });
const comment = optional(text());

/** Names for addresses and networks; upper and lower case are the same. */
export const firewallAliasEndpoints: Endpoint[] = [CLUSTER, ...GUESTS].flatMap(aliasesAt);

function aliasesAt({ scope, base, parameters, audit, modify }: FirewallPath): Endpoint[] {
  const path = `${base}/aliases`;
  return [
    {
      method: "GET",
      path,
      returns: "array",
      parameters,
      permissions: audit,
      handle: (call) => withDigest(listAliases(readFirewall(placeOf(call, scope)))),
    },
    {
      method: "POST",
      path,
      returns: "null",
      parameters: { ...parameters, name: NAME, cidr, comment },
      permissions: modify,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), ({ aliases }) => {
          const name = String(call.params.name);
          if (aliases[name.toLowerCase()]) {
            throw badParameters({ name: `alias '${name}' already exists` });
          }
          aliases[name.toLowerCase()] = newAlias(name, call.params);
        }),
    },
    {
      method: "GET",
      path: `${path}/{name}`,
      returns: "object",
      parameters: { ...parameters, name: NAME },
      permissions: audit,
      handle: (call) =>
        describeAlias(requireAlias(readFirewall(placeOf(call, scope)), call.params.name)),
    },
    {
      method: "PUT",
      path: `${path}/{name}`,
      returns: "null",
      parameters: {
        ...parameters,
        name: NAME,
        cidr,
        comment,
        digest: standard.digest,
        rename: optional(NAME),
      },
      permissions: modify,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), (file) => {
          const { params } = call;
          requireUnmodified(digestOfList(listAliases(file)), params.digest);
          requireAlias(file, params.name);
          const before = String(params.name).toLowerCase();
          const name = String(params.rename ?? params.name);
          const after = name.toLowerCase();
          if (after !== before && file.aliases[after]) {
            throw badParameters({ name: `alias '${name}' already exists` });
          }
          delete file.aliases[before];
          file.aliases[after] = newAlias(after === before ? String(params.name) : name, params);
        }),
    },
    {
      method: "DELETE",
      path: `${path}/{name}`,
      returns: "null",
      parameters: { ...parameters, name: NAME, digest: standard.digest },
      permissions: modify,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), (file) => {
          requireUnmodified(digestOfList(listAliases(file)), call.params.digest);
          // One that is not there is deleted all the same.
          delete file.aliases[String(call.params.name).toLowerCase()];
        }),
    },
  ];
}

/** A network of one address is written as the address. */
function newAlias(name: string, params: Values): Alias {
  const address = String(params.cidr);
  const whole = ipVersion(address) === 6 ? "/128" : "/32";
  const bare = address.endsWith(whole) ? address.slice(0, -whole.length) : address;
  return { name, cidr: bare, ...(params.comment ? { comment: String(params.comment) } : {}) };
}

function requireAlias({ aliases }: FirewallFile, name: unknown): Alias {
  const alias = aliases[String(name).toLowerCase()];
  if (!alias) throw badParameters({ name: "no such alias" });
  return alias;
}

function describeAlias(alias: Alias): Alias & { ipversion: number } {
  return { ...alias, ipversion: ipVersion(alias.cidr) ?? 4 };
}

function listAliases({ aliases }: FirewallFile): object[] {
  return Object.keys(aliases)
    .sort()
    .flatMap((key) => aliases[key] ?? [])
    .map(describeAlias);
}
