import type { Site } from "../schema";

type Realm = Site["access"]["realms"][string];
type Directory = Extract<Realm, { type: "ldap" | "ad" }>;
type Given = Record<string, string | number | undefined>;

export interface RealmPlan {
  id: string;
  type: Realm["type"];
  /** Said when it is made, and never to be changed: others' names hang on it. */
  fixed: Record<string, string>;
  /** Its settings, by the names of Proxmox VE. */
  settings: Record<string, string>;
  /** Settings of ours that it is not to have. */
  unset: string[];
  passwordFrom?: string;
}

export function planRealm(id: string, realm: Realm): RealmPlan {
  const given = {
    ...(realm.type === "openid" ? openId(realm) : directory(realm)),
    ...common(realm),
  };
  const entries = Object.entries(given);
  return {
    id,
    type: realm.type,
    fixed: realm.type === "openid" ? { "username-claim": realm.usernameClaim } : {},
    settings: Object.fromEntries(
      entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    ),
    unset: entries.flatMap(([key, value]) => (value === undefined ? [key] : [])).sort(),
    ...(realm.type === "openid" || realm.passwordFrom === undefined
      ? {}
      : { passwordFrom: realm.passwordFrom }),
  };
}

const common = ({ comment, default: proposed }: Realm): Given => ({
  comment: comment === "" ? undefined : comment,
  default: proposed ? 1 : undefined,
});

function openId(realm: Extract<Realm, { type: "openid" }>): Given {
  return {
    "issuer-url": realm.issuer,
    "client-id": realm.clientId,
    autocreate: realm.createUsers ? 1 : 0,
    "groups-claim": realm.groupsClaim,
    scopes: realm.scopes,
  };
}

function directory(realm: Directory): Given {
  return {
    server1: realm.server,
    server2: realm.fallback,
    port: realm.port,
    mode: realm.mode,
    // Proxmox VE takes any certificate unless told otherwise.
    verify: realm.mode === "ldap" ? undefined : 1,
    bind_dn: realm.bindDn,
    filter: realm.userFilter,
    group_dn: realm.groupDn,
    group_filter: realm.groupFilter,
    sync_attributes: attributesOf(realm),
    "sync-defaults-options": `scope=${realm.sync}`,
    ...(realm.type === "ldap"
      ? { base_dn: realm.baseDn, user_attr: realm.userAttribute }
      : { domain: realm.domain, base_dn: realm.baseDn }),
  };
}

function attributesOf({ attributes: { email, firstName, lastName } }: Directory) {
  const pairs = Object.entries({ email, firstname: firstName, lastname: lastName }).flatMap(
    ([key, attribute]) => (attribute === undefined ? [] : [`${key}=${attribute}`]),
  );
  return pairs.length === 0 ? undefined : pairs.join(",");
}
