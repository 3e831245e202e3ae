import { digestOf } from "../../guests/config";
import type { Section } from "../../state/settings";
import type { Pmxcfs } from "../../state/types";
import { clusterFile, requireUnmodified } from "../clusterFile";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die, PveError } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import { REALM_FACTOR, SYNC_OPTIONS } from "../propertyFormats";
import { choice, flag, optional, type Parameters, standard, text, whole } from "../schema";
import { changedSection, describeSection, newSection, type SectionType } from "../sections";

const allocate: Permissions = { check: ["perm", "/access/realm", ["Realm.Allocate"]] };
const realm = text({ format: "pve-realm", maxLength: 32 });
const long = optional(text({ maxLength: 2048 }));
const short = optional(text({ maxLength: 256 }));
const server = optional(text({ format: "address", maxLength: 256 }));
const classes = optional(text({ format: "ldap-simple-attr-list" }));

const uri = optional(text({ pattern: '^[^\\x00-\\x1F\\x7F <>#"]*$' }));

const fields: Parameters = {
  "acr-values": uri,
  // Since libpve-access-control 9.1.1.
  audiences: uri,
  autocreate: optional(flag()),
  base_dn: short,
  bind_dn: short,
  capath: optional(text()),
  "case-sensitive": optional(flag()),
  cert: optional(text()),
  certkey: optional(text()),
  "check-connection": optional(flag()),
  "client-id": short,
  "client-key": short,
  comment: optional(text({ maxLength: 4096 })),
  default: optional(flag()),
  domain: optional(text({ pattern: "\\S+", maxLength: 256 })),
  filter: long,
  group_classes: classes,
  group_dn: short,
  group_filter: long,
  group_name_attr: optional(text({ format: "ldap-simple-attr", maxLength: 256 })),
  "groups-autocreate": optional(flag()),
  "groups-claim": optional(text({ pattern: "(?:[A-Za-z0-9\\.\\-_]+)", maxLength: 256 })),
  "groups-overwrite": optional(flag()),
  "issuer-url": short,
  mode: optional(choice("ldap", "ldaps", "ldap+starttls")),
  password: optional(text()),
  port: optional(whole(1, 65_535)),
  prompt: optional(text({ pattern: "(?:none|login|consent|select_account|\\S+)" })),
  "query-userinfo": optional(flag()),
  scopes: optional(text()),
  secure: optional(flag()),
  server1: server,
  server2: server,
  sslversion: optional(choice("tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3")),
  "sync-defaults-options": optional(text({ format: "realm-sync-options" })),
  sync_attributes: optional(text({ pattern: "\\w+=[^,]+(,\\s*\\w+=[^,]+)*" })),
  tfa: optional(text({ format: "pve-tfa-config", maxLength: 128 })),
  user_attr: optional(text({ pattern: "\\S{2,}", maxLength: 256 })),
  user_classes: classes,
  verify: optional(flag()),
};

const COMMON = ["default", "comment"];
const LDAP =
  "server2 bind_dn port secure sslversion tfa verify capath cert certkey filter sync_attributes user_classes group_dn group_name_attr group_filter group_classes sync-defaults-options mode case-sensitive".split(
    " ",
  );

/** PVE::Auth: directories, OpenID providers, and the two realms that are always there. */
const TYPES: Record<string, SectionType> = {
  ad: { required: ["server1", "domain"], optional: [...COMMON, ...LDAP, "base_dn", "user_attr"] },
  ldap: { required: ["server1", "base_dn", "user_attr"], optional: [...COMMON, ...LDAP] },
  openid: {
    required: ["issuer-url", "client-id"],
    fixed: ["username-claim"],
    optional: [
      ...COMMON,
      ..."client-key autocreate username-claim groups-claim groups-autocreate groups-overwrite prompt scopes acr-values audiences query-userinfo".split(
        " ",
      ),
    ],
  },
  pam: { optional: [...COMMON, "tfa"] },
  pve: { optional: [...COMMON, "tfa"] },
};
const BUILT_IN: Record<string, Section> = {
  pam: { type: "pam", comment: "Linux PAM standard authentication" },
  pve: { type: "pve", comment: "Proxmox VE authentication server" },
};

/** Realms that users come from (domains.cfg). No directory or provider is there to be asked. */
export const accessRealmEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/access/domains",
    returns: "array",
    parameters: {},
    permissions: { user: "world" },
    handle: ({ site, node }) =>
      Object.entries(realmsOf(site.pmxcfs(node)))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, { type, comment, tfa, ...rest }]) => ({
          realm: name,
          type,
          ...(comment ? { comment } : {}),
          ...(rest.default === "1" ? { default: 1 } : {}),
          ...(tfa ? { tfa: parsePropertyString(tfa, REALM_FACTOR).type } : {}),
        })),
  },
  {
    method: "POST",
    path: "/access/domains",
    returns: "null",
    parameters: {
      realm,
      type: choice(...Object.keys(TYPES)),
      "username-claim": optional(text()),
      ...fields,
    },
    permissions: allocate,
    handle: (call) =>
      changeRealms(call, "add auth server failed", (realms) => {
        const { realm: name, type, password: _secret, ...given } = call.params;
        if (realms[String(name)]) throw die(`domain '${name}' already exists`);
        if (type === "pam" || type === "pve") throw die(`unable to create builtin type '${type}'`);
        realms[String(name)] = newSection(
          String(type),
          TYPES[String(type)] ?? { optional: [] },
          settings(String(type), given),
        );
        return String(name);
      }),
  },
  {
    method: "GET",
    path: "/access/domains/{realm}",
    parameters: { realm },
    permissions: {
      check: ["perm", "/access/realm", ["Realm.Allocate", "Sys.Audit"], { any: 1 }],
    },
    handle: ({ site, node, params }) => {
      const realms = realmsOf(site.pmxcfs(node));
      const found = requireRealm(realms, params.realm);
      return { ...describeSection(found, fields), digest: digestOf(realms) };
    },
  },
  {
    method: "PUT",
    path: "/access/domains/{realm}",
    returns: "null",
    parameters: {
      realm,
      delete: optional(text({ format: "pve-configid-list", maxLength: 4096 })),
      digest: standard.digest,
      ...fields,
    },
    permissions: allocate,
    handle: (call) =>
      changeRealms(call, "update auth server failed", (realms) => {
        const { realm: name, delete: removed, digest, password, ...given } = call.params;
        requireUnmodified(digestOf(realms), digest);
        const before = requireRealm(realms, name);
        const remove = splitList(String(removed ?? ""));
        if (remove.length + Object.keys(given).length === 0 && password === undefined) {
          throw die("no options specified");
        }
        // Other than elsewhere, whatever is named here is taken out.
        const kept: Section = { ...before };
        for (const key of remove) delete kept[key];
        const { type } = before;
        const keys = TYPES[type] ?? { optional: [] };
        realms[String(name)] = changedSection(kept, keys, settings(type, given), []);
        return String(name);
      }),
  },
  {
    method: "DELETE",
    path: "/access/domains/{realm}",
    returns: "null",
    parameters: { realm },
    permissions: allocate,
    handle: (call) =>
      changeRealms(call, "delete auth server failed", (realms) => {
        const name = String(call.params.realm);
        if (!realms[name]) throw die(`authentication domain '${name}' does not exist`);
        delete realms[name];
        delete call.site.pmxcfs(call.node).files?.[`priv/realm/${name}.pw`];
        return name;
      }),
  },
  {
    method: "POST",
    path: "/access/domains/{realm}/sync",
    returns: "string",
    parameters: { realm, "dry-run": optional(flag()), ...SYNC_OPTIONS },
    permissions: {
      check: [
        "and",
        ["perm", "/access/realm/{realm}", ["Realm.AllocateUser"]],
        ["perm", "/access/groups", ["User.Modify"]],
      ],
    },
    handle: syncRealm,
  },
];

/** The realms in the file, and the two that are there without. */
export function realmsOf({ realms = {} }: Pmxcfs): Record<string, Section> {
  const result: Record<string, Section> = { ...realms };
  for (const [name, section] of Object.entries(BUILT_IN)) {
    result[name] = { ...section, ...(result[name] ?? {}) };
  }
  return result;
}

function requireRealm(realms: Record<string, Section>, name: unknown): Section {
  const found = realms[String(name)];
  if (!found) throw die(`domain '${String(name)}' does not exist`);
  return found;
}

/** Only one realm is the default: the one that was changed last to be it. */
function changeRealms(
  call: Call,
  failed: string,
  change: (realms: Record<string, Section>) => string,
): null {
  const config = clusterFile(call, "domains_cfg");
  try {
    const realms = realmsOf(config);
    const changed = change(realms);
    if (realms[changed]?.default === "1") {
      for (const [name, section] of Object.entries(realms)) {
        if (name !== changed) delete section.default;
      }
    }
    config.realms = realms;
    return null;
  } catch (error) {
    throw error instanceof PveError ? die(`${failed}: ${error.message}`) : error;
  }
}

function settings(type: string, { "check-connection": check, ...given }: Call["params"]) {
  if (check !== undefined && type !== "ldap" && type !== "ad") {
    throw die("'check-connection' parameter can only be set for realms of type 'ldap' or 'ad'");
  }
  if (check === 1) throw die("unable to connect to the LDAP server");
  return given;
}

function syncRealm({ site, node, caller, params }: Call): string {
  const name = String(params.realm);
  const found = realmsOf(site.pmxcfs(node))[name];
  if (!found) throw badParameters({ realm: "Realm does not exist." });
  if (found.type !== "ldap" && found.type !== "ad") {
    throw die(`Cannot sync realm type '${found.type}'! Only LDAP/AD realms can be synced.`);
  }
  const defaults = parsePropertyString(found["sync-defaults-options"] ?? "", SYNC_OPTIONS);
  if (params.scope === undefined && defaults.scope === undefined) {
    throw badParameters({
      scope: "Not passed as parameter and not defined in realm default sync options.",
    });
  }
  const dry = params["dry-run"] === 1;
  const type = dry ? "auth-realm-sync-test" : "auth-realm-sync";
  return site.tasks.start(node, type, name, caller.name, (log) => {
    log.info(`${dry ? "(dry test run) " : ""}starting sync for realm ${name}`);
    throw die(`unable to connect to the LDAP server '${found.server1}'`);
  });
}
