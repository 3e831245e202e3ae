import type { TotpFactor } from "../state/settings";
import type { AclEntry, Pmxcfs } from "../state/types";
import { encodeText } from "./sectionText";

/** user.cfg as PVE::AccessControl writes it: users with their tokens, groups, pools, roles, access lists. */
export function userConfigText({ users, groups = {}, pools = {}, roles, acl }: Pmxcfs): string {
  const blocks = [
    sorted(users).flatMap(([userid, user]) => [
      [
        "user",
        userid,
        user.enable ? "1" : "0",
        String(user.expire),
        ...[user.firstname, user.lastname, user.email, user.comment].map(text),
        user.keys ?? "",
      ],
      ...sorted(user.tokens).map(([id, token]) => [
        "token",
        `${userid}!${id}`,
        String(token.expire),
        token.privsep ? "1" : "0",
        text(token.comment),
      ]),
    ]),
    sorted(groups).map(([id, { users: members, comment }]) => [
      "group",
      id,
      [...members].sort().join(","),
      text(comment),
    ]),
    sorted(pools).map(([id, { vms, storage, comment }]) => [
      "pool",
      id,
      text(comment),
      [...vms].sort((a, b) => a - b).join(","),
      [...storage].sort().join(","),
    ]),
    sorted(roles).map(([id, privileges]) => ["role", id, [...privileges].sort().join(",")]),
    accessLists(acl),
  ];
  return blocks.map((lines) => lines.map((words) => `${words.join(":")}:\n`).join("")).join("\n");
}

/** priv/token.cfg: the secrets, which user.cfg does not have. */
export function tokenSecretsText({ users }: Pmxcfs): string {
  return sorted(users)
    .flatMap(([userid, { tokens }]) =>
      sorted(tokens).map(([id, { secret }]) => `${userid}!${id} ${secret}\n`),
    )
    .join("");
}

/** priv/tfa.cfg as PVE::RS::TFA writes it. */
export function factorsText({ factors = {} }: Pmxcfs): string {
  if (Object.keys(factors).length === 0) return "";
  const users = sorted(factors).map(([userid, { totp, recovery }]) => [
    userid,
    {
      ...(totp.length > 0 ? { totp: totp.map(({ uri, ...info }) => entryOf(info, uri)) } : {}),
      ...(recovery
        ? {
            recovery: {
              secret: recovery.secret,
              entries: recovery.hashes,
              created: recovery.created,
            },
          }
        : {}),
    },
  ]);
  return JSON.stringify({ users: Object.fromEntries(users) as unknown });
}

/** What is usual is not written. */
function entryOf({ enable, description, ...info }: Omit<TotpFactor, "uri">, entry: string) {
  return {
    ...info,
    ...(description === "" ? {} : { description }),
    ...(enable ? {} : { enable }),
    entry,
  };
}

/** Whoever has the same roles on a path in the same way shares a line. */
function accessLists(acl: AclEntry[]): string[][] {
  const paths = [...new Set(acl.map(({ path }) => path))].sort();
  return paths.flatMap((path) => {
    const here = acl.filter((entry) => entry.path === path);
    return ["0", "1"].flatMap((propagate) => {
      const holders = new Map<string, string[]>();
      for (const name of [...new Set(here.map(nameOf))].sort()) {
        const roles = here
          .filter((entry) => nameOf(entry) === name && (entry.propagate ? "1" : "0") === propagate)
          .map(({ roleid }) => roleid);
        if (roles.length === 0) continue;
        const list = roles.sort().join(",");
        holders.set(list, [...(holders.get(list) ?? []), name]);
      }
      return [...holders].map(([list, names]) => ["acl", propagate, path, names.join(","), list]);
    });
  });
}

const nameOf = ({ type, ugid }: AclEntry): string => (type === "group" ? `@${ugid}` : ugid);

const text = (value = ""): string => encodeText(value);

function sorted<T>(entries: Record<string, T>): [string, T][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}
