import { changeFirewall, readFirewall } from "../../firewall/files";
import type { FirewallFile } from "../../firewall/types";
import { seconds } from "../../seams/clock";
import { requireUnmodified } from "../clusterFile";
import type { Call, Endpoint } from "../endpoint";
import { badParameters } from "../errors";
import { splitList } from "../formats";
import {
  choice,
  flag,
  optional,
  type Parameters,
  propertyString,
  standard,
  text,
  whole,
} from "../schema";
import { describeSection } from "../sections";
import { CLUSTER, digestOfList, type FirewallPath, GUESTS, NODE, placeOf } from "./firewallPlaces";
import { logLevel } from "./firewallRules";

const on = optional(flag());
const policy = optional(choice("ACCEPT", "REJECT", "DROP"));

const clusterOptions: Parameters = {
  ebtables: on,
  enable: optional(whole(0)),
  log_ratelimit: optional(
    propertyString({
      burst: optional(whole(0)),
      enable: { ...flag(), default_key: 1 },
      rate: optional(text({ pattern: "[1-9][0-9]*\\/(second|minute|hour|day)" })),
    }),
  ),
  policy_forward: optional(choice("ACCEPT", "DROP")),
  policy_in: policy,
  policy_out: policy,
};
const nodeOptions: Parameters = {
  enable: on,
  log_level_forward: logLevel,
  log_level_in: logLevel,
  log_level_out: logLevel,
  log_nf_conntrack: on,
  ndp: on,
  nf_conntrack_allow_invalid: on,
  nf_conntrack_helpers: optional(text({ format: "pve-fw-conntrack-helper" })),
  nf_conntrack_max: optional(whole(32_768)),
  nf_conntrack_tcp_timeout_established: optional(whole(7875)),
  nf_conntrack_tcp_timeout_syn_recv: optional(whole(30, 60)),
  nftables: on,
  nosmurfs: on,
  protection_synflood: on,
  protection_synflood_burst: optional(whole()),
  protection_synflood_rate: optional(whole()),
  smurf_log_level: logLevel,
  tcp_flags_log_level: logLevel,
  tcpflags: on,
};
const guestOptions: Parameters = {
  dhcp: on,
  enable: on,
  ipfilter: on,
  log_level_in: logLevel,
  log_level_out: logLevel,
  macfilter: on,
  ndp: on,
  policy_in: policy,
  policy_out: policy,
  radv: on,
};

/** What a firewall does besides its rules. A default that was set is kept like any other value. */
export const firewallOptionEndpoints: Endpoint[] = [
  ...optionsAt(CLUSTER, clusterOptions),
  ...optionsAt(NODE, nodeOptions),
  ...GUESTS.flatMap((path) => optionsAt({ ...path, proxyto: "node" }, guestOptions)),
  ...[CLUSTER, ...GUESTS].map((path) => referencesAt(path)),
];

function optionsAt(path: FirewallPath, options: Parameters): Endpoint[] {
  const { scope, base, parameters, audit, modify } = path;
  const proxy = path.proxyto ? { proxyto: path.proxyto } : {};
  const shown = (call: Call, file: FirewallFile): Record<string, unknown> => {
    const described = describeSection(file.options, options);
    // Switched on on trial, with a time instead of 1, it goes off again after a minute.
    const tried = scope === "cluster" ? Number(described.enable ?? 0) : 0;
    if (tried > 1 && seconds(call.site.clock) - tried > 60) described.enable = 0;
    return described;
  };
  return [
    {
      method: "GET",
      path: `${base}/options`,
      returns: "object",
      parameters,
      permissions: audit,
      ...proxy,
      handle: (call) => {
        const options_ = shown(call, readFirewall(placeOf(call, scope)));
        return { ...options_, digest: digestOfList([options_]) };
      },
    },
    {
      method: "PUT",
      path: `${base}/options`,
      returns: "null",
      parameters: {
        ...parameters,
        delete: optional(text({ format: "pve-configid-list" })),
        digest: standard.digest,
        ...options,
      },
      permissions: modify,
      ...proxy,
      handle: (call) =>
        changeFirewall(placeOf(call, scope), (file) => {
          const { params } = call;
          requireUnmodified(digestOfList([shown(call, file)]), params.digest);
          for (const key of splitList(String(params.delete ?? ""))) {
            if (!Object.hasOwn(options, key)) {
              throw badParameters({ delete: `no such option '${key}'` });
            }
            delete file.options[key];
          }
          for (const key of Object.keys(options)) {
            const value = params[key];
            if (value === undefined) continue;
            const trial = scope === "cluster" && key === "enable" && Number(value) > 1;
            file.options[key] = String(trial ? seconds(call.site.clock) : value);
          }
        }),
    },
  ];
}

/** What rules of a place may name: a guest's also what the cluster has. */
function referencesAt({ scope, base, parameters, audit }: FirewallPath): Endpoint {
  return {
    method: "GET",
    path: `${base}/refs`,
    returns: "array",
    parameters: { ...parameters, type: optional(choice("alias", "ipset")) },
    permissions: audit,
    handle: (call) => {
      const wanted = call.params.type;
      const cluster = references(readFirewall(placeOf(call, "cluster")), "dc");
      const own =
        scope === "cluster" ? [] : references(readFirewall(placeOf(call, scope)), "guest");
      return [...cluster, ...own].filter(({ type }) => wanted === undefined || type === wanted);
    },
  };
}

function references({ ipsets, aliases }: FirewallFile, scope: string) {
  const entry = (type: string, name: string, ref: string, comment?: string) => ({
    type,
    name,
    ref,
    scope,
    ...(comment ? { comment } : {}),
  });
  return [
    ...Object.entries(ipsets).map(([name, set]) => entry("ipset", name, `+${name}`, set.comment)),
    ...Object.entries(aliases).map(([name, alias]) => entry("alias", name, name, alias.comment)),
  ];
}
