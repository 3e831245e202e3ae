import { type Draft, type DraftSite, entries, missing, problem } from "../draft";
import type { Problem } from "../problems";
import type { Site } from "../schema";
import { realmOf } from "./plan";
import { placesOfPermission, sameTwice } from "./placeChecks";
import { BUILT_IN_ROLES, privilegeProblem } from "./privileges";

type Permission = Draft<Site["access"]["permissions"][number]>;

/** Realms that every installation has. */
const INSTALLED_REALMS = { pam: {}, pve: {} };
/** Accounts of the stacks themselves, which `up` makes. */
const OURS = /^proxmox-ha-/;

export function accessFits(site: DraftSite): Problem[] {
  return [
    ...realms(site),
    ...roles(site),
    ...users(site),
    ...tokens(site),
    ...permissions(site).flatMap(([path, permission]) => [
      ...whoseItIs(site, path, permission),
      ...roleOf(site, path, permission),
      ...placesOfPermission(site, path, permission),
    ]),
    ...sameTwice(site, permissions(site)),
  ];
}

function permissions({ access }: DraftSite): [Problem["path"], Permission][] {
  return (access?.permissions ?? []).flatMap((permission, index) =>
    permission === undefined ? [] : [[["access", "permissions", index], permission]],
  );
}

function realms({ access }: DraftSite): Problem[] {
  const all = entries(access?.realms);
  const proposed = all.filter(([, realm]) => realm.default === true);
  return all.flatMap(([name, realm]) => {
    const path = ["access", "realms", name];
    const [first] = proposed;
    return [
      ...(Object.hasOwn(INSTALLED_REALMS, name)
        ? problem(path, "every Proxmox VE has this realm; give this one another name")
        : []),
      ...(realm.default === true && first !== undefined && first[0] !== name
        ? problem([...path, "default"], `${first[0]} is the default too; choose one`)
        : []),
      ...((realm.type === "ldap" || realm.type === "ad") &&
      realm.passwordFrom !== undefined &&
      realm.bindDn === undefined
        ? problem([...path, "passwordFrom"], "nobody asks with it; write bindDn, or take it out")
        : []),
    ];
  });
}

function roles({ access, cluster }: DraftSite): Problem[] {
  const release: number = cluster?.release ?? 9;
  return entries(access?.roles).flatMap(([name, role]) => {
    const path = ["access", "roles", name];
    const taken = BUILT_IN_ROLES.includes(name)
      ? "every Proxmox VE has this role; give yours another name"
      : OURS.test(name)
        ? "this is the role of a stack; give yours another name"
        : undefined;
    return [
      ...(taken === undefined ? [] : problem(path, taken)),
      ...(role.privileges ?? []).flatMap((privilege, index) => {
        if (privilege === undefined) return [];
        const words = privilegeProblem(privilege, release);
        const where = [...path, "privileges", index];
        return words === undefined ? [] : problem(where, `${JSON.stringify(privilege)}: ${words}`);
      }),
    ];
  });
}

function users({ access }: DraftSite): Problem[] {
  return entries(access?.users).flatMap(([name, user]) => {
    const path = ["access", "users", name];
    if (name === "root@pam") {
      return problem(
        path,
        "root@pam is always there, may do everything, and can neither be disabled nor removed; take it out",
      );
    }
    if (OURS.test(name)) {
      return problem(path, "this is the account of a stack, which up makes; take it out");
    }
    const realm = realmOf(name);
    return [
      ...missing(path, "realm", realm, access?.realms && { ...INSTALLED_REALMS, ...access.realms }),
      ...(user.groups ?? []).flatMap((group, index) =>
        missing([...path, "groups", index], "group", group, access?.groups),
      ),
      ...(user.passwordFrom !== undefined && realm !== "pve"
        ? problem(
            [...path, "passwordFrom"],
            realm === "pam"
              ? "passwords of pam are Debian's, each node its own; set it there with passwd, or take this out"
              : `the password is kept by ${realm} and not by Proxmox VE; take it out`,
          )
        : []),
    ];
  });
}

function tokens({ access }: DraftSite): Problem[] {
  return Object.keys(access?.tokens ?? {}).flatMap((name) => {
    const [user = ""] = name.split("!");
    const path = ["access", "tokens", name];
    if (user === "root@pam") {
      return problem(
        path,
        "such a token may do everything; make a user with the role that it needs, and give it the token",
      );
    }
    return missing(path, "user", user, access?.users);
  });
}

function whoseItIs({ access }: DraftSite, path: Problem["path"], given: Permission): Problem[] {
  const named = (["user", "group", "token"] as const).filter((key) => given[key] !== undefined);
  if (named.length !== 1) {
    // What was named wrongly is told for itself.
    if (named.length === 0 && ["user", "group", "token"].some((key) => key in given)) return [];
    return problem(path, "name one of user, group and token, who gets the role");
  }
  return [
    ...missing([...path, "user"], "user", given.user, access?.users),
    ...missing([...path, "group"], "group", given.group, access?.groups),
    ...missing([...path, "token"], "token", given.token, access?.tokens),
    ...unseparated(access, path, given.token),
  ];
}

function unseparated(
  access: DraftSite["access"],
  path: Problem["path"],
  token: string | undefined,
): Problem[] {
  const tokens = access?.tokens;
  if (token === undefined || !tokens || !Object.hasOwn(tokens, token)) return [];
  if (tokens[token]?.separated !== false) return [];
  return problem(
    [...path, "token"],
    `${token} has all permissions of its user and none of its own (separated: false); give them to the user`,
  );
}

function roleOf({ access }: DraftSite, path: Problem["path"], { role }: Permission): Problem[] {
  if (role !== undefined && BUILT_IN_ROLES.includes(role)) return [];
  return missing([...path, "role"], "role", role, access?.roles).map((found) => ({
    ...found,
    message: `${found.message}, and Proxmox VE has roles of its own, as PVEVMUser`,
  }));
}
