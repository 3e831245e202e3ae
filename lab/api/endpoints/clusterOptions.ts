import type { Site } from "../../site";
import type { Call, Endpoint } from "../endpoint";
import { clusterFile } from "../clusterFile";
import { die } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import {
  choice,
  flag,
  optional,
  type Parameters,
  type Properties,
  propertyString,
  type Schema,
  text,
  whole,
} from "../schema";

const KEYBOARDS =
  "de de-ch da en-gb en-us es fi fr fr-be fr-ca fr-ch hu is it ja lt mk nl no pl pt pt-br sv sl tr";
const LANGUAGES =
  "ar ca da de en es eu fa fr hr he it ja ka kr nb nl nn pl pt_BR ru sl sv tr ukr zh_CN zh_TW";
const TAG = "(?:[a-zA-Z0-9_][a-zA-Z0-9_\\-\\+\\.]*)";
const TAG_COLOR = `(?:${TAG}:[0-9a-fA-F]{6}(?::[0-9a-fA-F]{6})?)`;
/** IEEE's number for Proxmox, which guests' MAC addresses begin with. */
const MAC_PREFIX = "BC:24:11";

const limit: Schema = { type: "number", minimum: 0 };
const speed = optional(limit);
const network = optional(text({ format: "CIDR" }));
const transport: Properties = {
  type: { ...choice("secure", "insecure"), default_key: 1 },
  network,
};
const noticed = optional(choice("always", "never"));

/** Keys that are stored as property strings and read as objects. */
const OBJECTS: Record<string, Properties> = {
  crs: {
    ha: optional(choice("basic", "static", "dynamic")),
    "ha-auto-rebalance": optional(flag()),
    "ha-auto-rebalance-hold-duration": optional(limit),
    "ha-auto-rebalance-margin": optional(limit),
    "ha-auto-rebalance-method": optional(choice("bruteforce", "topsis")),
    "ha-auto-rebalance-threshold": optional(limit),
    "ha-rebalance-on-start": optional(flag()),
  },
  ha: { shutdown_policy: choice("freeze", "failover", "conditional", "migrate") },
  migration: transport,
  "next-id": { lower: optional(whole()), upper: optional(whole()) },
  notify: {
    fencing: noticed,
    "package-updates": optional(choice("auto", "always", "never")),
    replication: noticed,
    "target-fencing": optional(text()),
    "target-package-updates": optional(text()),
    "target-replication": optional(text()),
  },
  replication: transport,
  "tag-style": {
    "case-sensitive": optional(flag()),
    "color-map": optional(text({ pattern: `${TAG_COLOR}(?:;${TAG_COLOR})*` })),
    ordering: optional(choice("config", "alphabetical")),
    shape: optional(choice("full", "circle", "dense", "none")),
  },
  u2f: { appid: optional(text()), origin: optional(text()) },
  "user-tag-access": {
    "user-allow": optional(choice("none", "list", "existing", "free")),
    "user-allow-list": optional(text({ pattern: `${TAG}(?:;${TAG})*` })),
  },
  webauthn: {
    "allow-subdomains": optional(flag()),
    id: optional(text()),
    origin: optional(text()),
    rp: optional(text()),
  },
};

const optionFields: Parameters = {
  bwlimit: optional(
    propertyString({ clone: speed, default: speed, migration: speed, move: speed, restore: speed }),
  ),
  "consent-text": optional(text({ maxLength: 65_536 })),
  console: optional(choice("applet", "vv", "html5", "xtermjs")),
  description: optional(text({ maxLength: 65_536 })),
  email_from: optional(text({ format: "email-opt" })),
  fencing: optional(choice("watchdog", "hardware", "both")),
  http_proxy: optional(text({ pattern: "http://.*" })),
  keyboard: optional(choice(...KEYBOARDS.split(" "))),
  language: optional(choice(...LANGUAGES.split(" "))),
  mac_prefix: optional(text({ format: "mac-prefix" })),
  max_workers: optional(whole(1)),
  migration_unsecure: optional(flag()),
  "registered-tags": optional(text({ pattern: `(?:${TAG};)*${TAG}` })),
  ...Object.fromEntries(
    Object.entries(OBJECTS).map(([key, properties]) => [key, optional(propertyString(properties))]),
  ),
};

/** Settings of the whole site (datacenter.cfg). */
export const clusterOptionEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/options",
    returns: "object",
    parameters: {},
    permissions: { user: "all", check: ["perm", "/", ["Sys.Audit"]] },
    handle: (call) => {
      const { site, node, caller } = call;
      const shown = describeOptions(site.pmxcfs(node).options ?? {});
      const visible = site.access.holds(node, caller, "/", "Sys.Audit")
        ? shown
        : Object.fromEntries(
            Object.entries(shown).filter(([key]) => key === "console" || key === "tag-style"),
          );
      return { ...visible, "allowed-tags": allowedTags(call) };
    },
  },
  {
    method: "PUT",
    path: "/cluster/options",
    returns: "null",
    parameters: { delete: optional(text({ format: "pve-configid-list" })), ...optionFields },
    permissions: { check: ["perm", "/", ["Sys.Modify"]] },
    handle: (call) => {
      const { delete: removed, ...fields } = call.params;
      const config = clusterFile(call, "datacenter_cfg");
      const options = { ...config.options };
      for (const [key, value] of Object.entries(fields)) options[key] = String(value);
      for (const key of splitList(String(removed ?? ""))) delete options[key];
      config.options = written(options);
      return null;
    },
  },
];

/** The range that free VMIDs are taken from; `upper` is beyond it. */
export function nextIdRange(site: Site, node: string): { lower: number; upper: number } {
  const value = site.pmxcfs(node).options?.["next-id"];
  const range = value === undefined ? {} : parsePropertyString(value, OBJECTS["next-id"] ?? {});
  return { lower: Number(range.lower ?? 100), upper: Number(range.upper ?? 1_000_000) };
}

/** What of the options is left out of the file or written another way. */
function written(options: Record<string, string>): Record<string, string> {
  const result = { ...options };
  const { migration, migration_unsecure: open } = result;
  if (open !== undefined && migration === undefined) {
    result.migration = open === "1" ? "insecure" : "secure";
    delete result.migration_unsecure;
  }
  if (result.console === "applet") result.console = "html5";
  if (result.mac_prefix?.toUpperCase() === MAC_PREFIX) delete result.mac_prefix;
  const range = parsePropertyString(result["next-id"] ?? "", OBJECTS["next-id"] ?? {});
  const [lower, upper] = [Number(range.lower ?? 100), Number(range.upper ?? 1_000_000)];
  if (lower > upper) throw die(`lower (${lower}) <= upper (${upper}) boundary rule broken`);
  // A description is kept as comment lines.
  const description = (result.description ?? "").replace(/\n+$/, "");
  if (description === "") delete result.description;
  else result.description = `${description}\n`;
  return result;
}

function describeOptions(options: Record<string, string>): Record<string, unknown> {
  const entries = Object.entries(options).map(([key, value]): [string, unknown] => {
    if (key === "registered-tags") return [key, value.split(";")];
    const properties = OBJECTS[key];
    return [key, properties ? asObject(value, properties) : value];
  });
  return { description: "", mac_prefix: MAC_PREFIX, ...Object.fromEntries(entries) };
}

/** Inside a property string only booleans are read as numbers. */
function asObject(value: string, properties: Properties): Record<string, unknown> {
  const parsed = Object.entries(parsePropertyString(value, properties));
  return Object.fromEntries(
    parsed.map(([key, part]) => {
      if (key === "user-allow-list") return [key, part.split(";")];
      return [key, properties[key]?.type === "boolean" ? Number(part) : part];
    }),
  );
}

/** Tags that the caller may give to guests: registered ones, and those that are in use where it sees them. */
function allowedTags({ site, node, caller }: Call): string[] {
  const { options = {}, guests } = site.pmxcfs(node);
  const access = parsePropertyString(
    options["user-tag-access"] ?? "",
    OBJECTS["user-tag-access"] ?? {},
  );
  const mode = access["user-allow"] ?? "free";
  const tags = new Set(splitList(options["registered-tags"] ?? ""));
  const privileged = site.access.holds(node, caller, "/", "Sys.Modify");
  if (mode === "none" && !privileged) return [...tags].sort();
  for (const tag of splitList(access["user-allow-list"] ?? "")) tags.add(tag);
  if (mode === "list" && !privileged) return [...tags].sort();
  for (const guest of Object.values(guests)) {
    if (!site.access.holds(node, caller, `/vms/${guest.vmid}`, "VM.Audit")) continue;
    for (const tag of splitList(guest.config.tags ?? "")) tags.add(tag);
  }
  return [...tags].sort();
}
