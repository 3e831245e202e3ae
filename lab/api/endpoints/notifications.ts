import {
  digestOfNotifications,
  entriesOf,
  notificationsOf,
  originOf,
  requireTargets,
  requireUnique,
  requireUnused,
} from "../../notifications/notifications";
import { sendTest } from "../../notifications/delivery";
import { BUILT_IN, type Entry, LISTS, TARGET_TYPES } from "../../notifications/types";
import type { Pmxcfs } from "../../state/types";
import { clusterFile, requireUnmodified } from "../clusterFile";
import type { Check, Endpoint } from "../endpoint";
import { PveError } from "../errors";
import { optional, type Parameters, type Schema, standard, text } from "../schema";
import type { Values } from "../verify";
import { type Kind, KINDS, name, PRIVATE } from "./notificationFields";

const MODIFY: Check = ["perm", "/mapping/notifications", ["Mapping.Modify"]];
const AUDIT: Check = ["perm", "/mapping/notifications", ["Mapping.Audit"]];
const USE: Check = ["perm", "/mapping/notifications", ["Mapping.Use"]];
/** Whoever makes a target lets nodes connect to where it says. */
const CONNECT: Check = [
  "and",
  MODIFY,
  ["or", ["perm", "/", ["Sys.Audit", "Sys.Modify"]], ["perm", "/", ["Sys.AccessNetwork"]]],
];

/** PVE::API2::Cluster::Notifications; words and order of checks are proxmox-notify's. */
export const notificationEndpoints: Endpoint[] = [
  index("/cluster/notifications", [
    "endpoints",
    "matchers",
    "targets",
    "matcher-fields",
    "matcher-field-values",
  ]),
  index("/cluster/notifications/endpoints", [...TARGET_TYPES]),
  ...KINDS.flatMap(endpointsOf),
  {
    method: "GET",
    path: "/cluster/notifications/targets",
    returns: "array",
    parameters: {},
    permissions: { check: ["or", MODIFY, AUDIT, USE] },
    handle: ({ site, node }) => {
      const entries = Object.entries(entriesOf(site.pmxcfs(node)));
      return TARGET_TYPES.flatMap((type) =>
        entries
          .filter(([, entry]) => entry.type === type)
          .map(([key, entry]) => ({
            name: key,
            type,
            origin: originOf(key, entry),
            ...shared(entry),
          })),
      );
    },
  },
  {
    method: "POST",
    path: "/cluster/notifications/targets/{name}/test",
    returns: "null",
    parameters: { name },
    permissions: { check: ["or", MODIFY, AUDIT, USE] },
    handle: ({ site, node, params }) => {
      sendTest(site, node, String(params.name));
      return null;
    },
  },
];

function index(path: string, names: string[]): Endpoint {
  return {
    method: "GET",
    path,
    returns: "array",
    parameters: {},
    permissions: { user: "all" },
    handle: () => names.map((entry) => ({ name: entry })),
  };
}

function endpointsOf(kind: Kind): Endpoint[] {
  const { type, path, fields, required, deletable } = kind;
  const reads: Check = type === "matcher" ? ["or", MODIFY, AUDIT, USE] : ["or", MODIFY, AUDIT];
  // The list of these asks for less (PVE 9.1's schema).
  const lists: Check = type === "gotify" || type === "webhook" ? AUDIT : reads;
  const writes = type === "matcher" ? MODIFY : CONNECT;
  const changes: Parameters = Object.fromEntries(
    Object.entries(fields).map(([key, schema]) => [key, optional(schema)]),
  );
  const removed: Schema = { type: "array", items: text({ format: "pve-configid" }), optional: 1 };
  return [
    {
      method: "GET",
      path,
      returns: "array",
      parameters: {},
      permissions: { check: lists },
      handle: ({ site, node }) => {
        const config = site.pmxcfs(node);
        return Object.entries(entriesOf(config))
          .filter(([, entry]) => entry.type === type)
          .map(([key, entry]) => ({
            ...described(config, key, entry, fields),
            origin: originOf(key, entry),
          }));
      },
    },
    {
      method: "POST",
      path,
      returns: "null",
      parameters: {
        name,
        ...Object.fromEntries(
          Object.entries(fields).map(([key, schema]) => [
            key,
            required.includes(key) ? schema : optional(schema),
          ]),
        ),
      },
      permissions: { check: writes },
      handle: (call) => {
        const { name: key, ...given } = call.params;
        const config = clusterFile(call, "notifications_cfg");
        requireUnique(config, String(key));
        const entry: Entry = { type, values: {} };
        change(config, String(key), entry, given);
        return null;
      },
    },
    {
      method: "GET",
      path: `${path}/{name}`,
      returns: "object",
      parameters: { name },
      permissions: { check: type === "matcher" ? ["or", MODIFY, AUDIT] : reads },
      handle: (call) => {
        const config = call.site.pmxcfs(call.node);
        const key = String(call.params.name);
        const entry = found(config, kind, key);
        return { ...described(config, key, entry, fields), digest: digestOfNotifications(config) };
      },
    },
    {
      method: "PUT",
      path: `${path}/{name}`,
      returns: "null",
      parameters: { name, ...changes, delete: removed, digest: standard.digest },
      permissions: { check: writes },
      handle: (call) => {
        const { name: key, delete: remove, digest, ...given } = call.params;
        const config = clusterFile(call, "notifications_cfg");
        requireUnmodified(digestOfNotifications(config), digest);
        const entry = structuredClone(found(config, kind, String(key)));
        for (const gone of listOf("", remove)) {
          if (!deletable.includes(gone)) throw new PveError(400, `unknown variant '${gone}'`);
          delete entry.values[gone];
          if (PRIVATE.includes(gone))
            delete config.notifications?.secrets[String(key)]?.values[gone];
        }
        change(config, String(key), entry, given);
        return null;
      },
    },
    {
      method: "DELETE",
      path: `${path}/{name}`,
      returns: "null",
      parameters: { name },
      permissions: { check: MODIFY },
      handle: (call) => {
        const key = String(call.params.name);
        const config = clusterFile(call, "notifications_cfg");
        found(config, kind, key);
        if (type !== "matcher") requireUnused(config, key);
        const { entries, secrets } = notificationsOf(config);
        delete entries[key];
        delete secrets[key];
        return null;
      },
    },
  ];
}

function found(config: Pmxcfs, { type }: Kind, key: string): Entry {
  const entry = entriesOf(config)[key];
  if (entry?.type === type) return entry;
  const what = type === "matcher" ? "matcher" : "endpoint";
  throw new PveError(404, `${what} '${key}' not found`);
}

/** Writes the entry, and with it all that is built in, as Proxmox VE writes its whole file. */
function change(config: Pmxcfs, key: string, entry: Entry, given: Values): void {
  const secret: Record<string, string | string[]> = {};
  for (const [field, value] of Object.entries(given)) {
    const kept = LISTS.includes(field) ? listOf(field, value) : String(value);
    if (PRIVATE.includes(field)) secret[field] = kept;
    else entry.values[field] = kept;
  }
  const { mailto, "mailto-user": users, target } = entry.values;
  if (/^(sendmail|smtp)$/.test(entry.type) && [mailto ?? [], users ?? []].flat().length === 0) {
    const words = "must at least provide one recipient, either in mailto or in mailto-user";
    throw new PveError(400, words);
  }
  if (given.target !== undefined) requireTargets(config, [target ?? []].flat());
  const { entries, secrets } = notificationsOf(config);
  for (const [built, original] of Object.entries(BUILT_IN))
    entries[built] ??= structuredClone(original);
  entries[key] = entry;
  if (entry.type === "matcher" || entry.type === "sendmail") return;
  const before = secrets[key]?.values ?? {};
  secrets[key] = { type: entry.type, values: { ...before, ...merged(before, secret) } };
}

/** A secret that is named without its value keeps the one that it has. */
function merged(
  before: Record<string, string | string[]>,
  secret: Record<string, string | string[]>,
): Record<string, string | string[]> {
  if (!Array.isArray(secret.secret)) return secret;
  const known = [before.secret ?? []].flat();
  const kept = secret.secret.map((one) =>
    one.includes(",value=") ? one : (known.find((old) => old.startsWith(`${one},`)) ?? one),
  );
  return { ...secret, secret: kept };
}

/** Several values of one parameter come with commas between them; some have commas of their own. */
function listOf(field: string, value: unknown): string[] {
  const joined = String(value ?? "");
  if (joined === "") return [];
  switch (field) {
    case "header":
    case "secret":
      return joined.split(/,(?=name=)/);
    case "match-field":
      return joined.split(/,(?=(?:exact|regex):)/);
    case "match-severity":
    case "match-calendar":
      return [joined];
    default:
      return joined.split(",");
  }
}

function shared({ values }: Entry): Record<string, unknown> {
  return {
    ...(values.comment === undefined ? {} : { comment: values.comment }),
    ...(values.disable === undefined ? {} : { disable: Number(values.disable) }),
  };
}

/** Without its secrets, of which at most the names are told. */
function described(
  config: Pmxcfs,
  key: string,
  { values }: Entry,
  fields: Parameters,
): Record<string, unknown> {
  const secrets = [config.notifications?.secrets[key]?.values.secret ?? []].flat();
  const shown = Object.entries(values).map(([field, value]) => {
    const kind = fields[field]?.type;
    return [field, kind === "integer" || kind === "boolean" ? Number(value) : value];
  });
  return {
    name: key,
    ...(Object.fromEntries(shown) as Record<string, unknown>),
    ...(secrets.length === 0 ? {} : { secret: secrets.map((one) => one.split(",")[0]) }),
  };
}
