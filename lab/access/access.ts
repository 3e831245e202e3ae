import { randomUUID } from "node:crypto";
import type { Caller, Check, Permissions } from "../api/endpoint";
import { badParameters, die, forbidden, PveError } from "../api/errors";
import { releaseOf } from "../api/version";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Pmxcfs, Token, User } from "../state/types";
import { decodePath } from "../api/router";
import { normalizePath, type Privileges, privilegesOn } from "./acl";
import { capabilities } from "./capabilities";
import { splitList } from "../api/formats";
import {
  csrfMatches,
  csrfToken,
  hashPassword,
  passwordMatches,
  readTicket,
  same,
  signTicket,
} from "./passwords";
import { privilegesOf } from "./privileges";

export interface Credentials {
  authorization?: string | undefined;
  cookie?: string | undefined;
  csrf?: string | undefined;
}

/** Logins, tickets, tokens and permission checks (pve-access-control). */
export class Access {
  constructor(private readonly site: Site) {}

  user(node: string, userid: string): User {
    const user = this.config(node).users[userid];
    if (!user) throw die(`no such user ('${userid}')`);
    return user;
  }

  /** A ticket for the right password. What is wrong otherwise is not told, so that nobody can probe for users. */
  login(node: string, userid: string, password: string): Record<string, unknown> {
    const config = this.config(node);
    if (this.disabled(node, userid) || !this.passwordFits(node, userid, password)) {
      throw new PveError(401, "authentication failure");
    }
    const now = seconds(this.site.clock);
    const caller = { userid, name: userid };
    return {
      username: userid,
      ticket: signTicket(config.ticketSecret, userid, now),
      CSRFPreventionToken: csrfToken(config.ticketSecret, userid, now),
      cap: capabilities(config, (path) => this.privileges(node, caller, path)),
      ...(config.corosync && this.holds(node, caller, "/", "Sys.Audit")
        ? { clustername: config.corosync.clusterName }
        : {}),
    };
  }

  passwordFits(node: string, userid: string, password: string): boolean {
    const stored = this.config(node).users[userid]?.password;
    return stored !== undefined && passwordMatches(password, stored);
  }

  /** Who sent the request; 401 in PVE's words when nobody valid did. A ticket counts before a token. */
  identify(node: string, credentials: Credentials, method: string): Caller {
    const ticket = ticketIn(credentials);
    if (ticket === undefined) {
      const token = tokenIn(credentials);
      if (token === undefined) throw new PveError(401, "No ticket");
      return this.identifyToken(node, token);
    }
    const secret = this.config(node).ticketSecret;
    const now = seconds(this.site.clock);
    const userid = readTicket(secret, ticket, now);
    if (userid === undefined) throw new PveError(401, "permission denied - invalid PVE ticket");
    const disabled = this.disabled(node, userid);
    if (disabled !== undefined) throw new PveError(401, disabled);
    if (method !== "GET" && !csrfMatches(secret, credentials.csrf ?? "", userid, now)) {
      throw new PveError(401, "Permission denied - invalid csrf token");
    }
    return { userid, name: userid };
  }

  /** Whether the request is made with an API token, valid or not. */
  isToken(credentials: Credentials): boolean {
    return ticketIn(credentials) === undefined && tokenIn(credentials) !== undefined;
  }

  /** Throws PVE's 403 unless `caller` may do what `permissions` guard. */
  check(node: string, caller: Caller, permissions: Permissions | undefined, params: Values): void {
    if (permissions?.user === "all") return;
    if (caller.name === "root@pam") return;
    if (!permissions?.check) {
      throw new PveError(403, "Permission check failed (user != root@pam)");
    }
    this.evaluate(node, caller, permissions.check, params);
  }

  /** Throws unless `caller` holds all (with `any`: one) of the privileges on `path`. */
  require(
    node: string,
    caller: Caller,
    path: string,
    privileges: readonly string[],
    any = false,
  ): void {
    if (caller.name === "root@pam") return;
    const held = this.privileges(node, caller, path);
    const lacking = privileges.filter((privilege) => !held.has(privilege));
    // Of several that are all needed, PVE names the first that is missing.
    if (any ? lacking.length === privileges.length : lacking.length > 0) {
      throw forbidden(path, any ? privileges : lacking.slice(0, 1));
    }
  }

  holds(node: string, caller: Caller, path: string, privilege: string): boolean {
    return caller.name === "root@pam" || this.privileges(node, caller, path).has(privilege);
  }

  /** Whether `caller` may change, and so see, the access list of `path`. */
  mayModify(node: string, caller: Caller, path: string): boolean {
    try {
      if (caller.name !== "root@pam") this.requireModify(node, caller, path);
      return true;
    } catch {
      return false;
    }
  }

  /** root@pam holds everything; a privilege-separated token only what both it and its user hold. */
  privileges(node: string, caller: Caller, path: string): Privileges {
    const config = this.config(node);
    const release = releaseOf(this.site.host(node));
    const own: Privileges =
      caller.userid === "root@pam"
        ? new Map(privilegesOf(release).map((privilege) => [privilege, true]))
        : privilegesOn(config, { type: "user", id: caller.userid }, path, release);
    const token = config.users[caller.userid]?.tokens[caller.tokenid ?? ""];
    if (!token?.privsep) return own;
    const granted = privilegesOn(config, { type: "token", id: caller.name }, path, release);
    return new Map(
      [...granted]
        .filter(([privilege]) => own.has(privilege))
        .map(([privilege, propagate]) => [privilege, propagate && (own.get(privilege) ?? false)]),
    );
  }

  createToken(node: string, userid: string, tokenid: string, settings: Omit<Token, "secret">) {
    const user = this.user(node, userid);
    if (user.tokens[tokenid]) throw badParameters({ tokenid: "Token already exists." });
    const token: Token = { secret: randomUUID(), ...settings };
    user.tokens[tokenid] = token;
    return token;
  }

  setPassword(node: string, userid: string, password: string): void {
    this.user(node, userid).password = hashPassword(password);
  }

  private identifyToken(node: string, header: string): Caller {
    const match = /^([^!\s]+)!([^=\s]+)=(\S+)$/.exec(header);
    if (!match) throw new PveError(401, "no tokenid specified");
    const [, userid = "", tokenid = "", secret = ""] = match;
    const disabled = this.disabled(node, userid);
    if (disabled !== undefined) throw new PveError(401, disabled);
    const token = this.config(node).users[userid]?.tokens[tokenid];
    if (!token) throw new PveError(401, `no such token '${tokenid}' for user '${userid}'`);
    if (this.isOver(token.expire)) throw new PveError(401, `token '${tokenid}' access expired`);
    if (!same(secret, token.secret)) throw new PveError(401, "invalid token value!");
    return { userid, tokenid, name: `${userid}!${tokenid}` };
  }

  /** Why a user may not log in, if so (check_user_enabled). */
  private disabled(node: string, userid: string): string | undefined {
    const user = this.config(node).users[userid];
    if (!user) return `no such user ('${userid}')`;
    if (!user.enable) return `user '${userid}' is disabled`;
    return this.isOver(user.expire) ? `user '${userid}' access expired` : undefined;
  }

  private isOver(expire: number): boolean {
    return expire !== 0 && expire < seconds(this.site.clock);
  }

  private evaluate(node: string, caller: Caller, check: Check, params: Values): void {
    switch (check[0]) {
      case "perm":
        if (check[3]?.require_param && params[check[3].require_param] === undefined) {
          throw forbidden(check[1], check[2]);
        }
        this.require(node, caller, filled(check[1], params), check[2], check[3]?.any === 1);
        return;
      case "perm-modify":
        this.requireModify(node, caller, filled(check[1], params));
        return;
      case "userid-group":
        this.requireUserGroup(node, caller, check[1], check[2]?.groups_param, params);
        return;
      case "userid-param":
        this.requireUser(node, caller, check[1], String(params.userid));
        return;
      case "and":
        for (const part of check.slice(1) as Check[]) this.evaluate(node, caller, part, params);
        return;
      case "or":
        this.evaluateAny(node, caller, check.slice(1) as Check[], params);
        return;
      default: {
        const never: never = check;
        throw new Error(`unknown check ${String(never)}`);
      }
    }
  }

  /** None of them is named when all of them fail. */
  private evaluateAny(node: string, caller: Caller, checks: Check[], params: Values): void {
    for (const check of checks) {
      try {
        this.evaluate(node, caller, check, params);
        return;
      } catch (error) {
        if (check[0] === "and" || !(error instanceof PveError)) throw error;
      }
    }
    throw new PveError(403, "Permission check failed");
  }

  /** Access lists of a storage, a guest or a pool may also be changed by who may allocate it. */
  requireModify(node: string, caller: Caller, given: string): void {
    const path = normalizePath(given);
    if (path === undefined) return; // The handler says what is wrong with it.
    const owner = [
      ["/storage/", "Datastore.Allocate"],
      ["/vms/", "VM.Allocate"],
      ["/pool/", "Pool.Allocate"],
    ].find(([prefix = ""]) => path.startsWith(prefix))?.[1];
    this.require(node, caller, path, ["Permissions.Modify", ...(owner ? [owner] : [])], true);
  }

  private requireUserGroup(
    node: string,
    caller: Caller,
    privileges: readonly string[],
    groups: "create" | "update" | undefined,
    params: Values,
  ): void {
    if (groups !== "create") this.user(node, String(params.userid));
    const userid = String(params.userid);
    const any = (path: string): boolean => {
      const held = this.privileges(node, caller, path);
      return privileges.some((privilege) => held.has(privilege));
    };
    if (any("/access/groups")) return;
    if (groups) {
      const given = splitList(String(params.groups ?? ""));
      if (given.length === 0) throw forbidden("/access/groups", privileges);
      const closed = given.find((group) => !this.isGroup(node, group) || !any(groupPath(group)));
      if (closed !== undefined) throw forbidden(groupPath(closed), privileges);
    }
    if (groups === "create") return;
    const memberships = Object.entries(this.config(node).groups ?? {})
      .filter(([, group]) => group.users.includes(userid))
      .map(([group]) => group);
    if (!memberships.some((group) => any(groupPath(group)))) {
      throw new PveError(403, "Permission check failed");
    }
  }

  private isGroup(node: string, group: string): boolean {
    return Object.hasOwn(this.config(node).groups ?? {}, group);
  }

  private requireUser(
    node: string,
    caller: Caller,
    test: "self" | "Realm.AllocateUser",
    userid: string,
  ): void {
    if (test === "Realm.AllocateUser") {
      this.require(node, caller, `/access/realm/${userid.split("@")[1] ?? ""}`, [test]);
      return;
    }
    this.user(node, userid);
    if (caller.name !== userid) throw new PveError(403, "Permission check failed");
  }

  private config(node: string): Pmxcfs {
    return this.site.pmxcfs(node);
  }
}

type Values = Record<string, string | number>;

const groupPath = (group: string): string => `/access/groups/${group}`;

function filled(path: string, params: Values): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ""));
}

function ticketIn({ cookie }: Credentials): string | undefined {
  const found = /(?:^|;\s*)PVEAuthCookie=([^;]+)/.exec(cookie ?? "")?.[1];
  return found === undefined ? undefined : decodePath(found);
}

function tokenIn({ authorization }: Credentials): string | undefined {
  return /^PVEAPIToken=(.+)$/.exec(authorization ?? "")?.[1];
}
