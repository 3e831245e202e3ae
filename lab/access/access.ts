import { randomUUID } from "node:crypto";
import type { Caller, Check, Permissions } from "../api/endpoint";
import { badParameters, die, forbidden, PveError } from "../api/errors";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Pmxcfs, Token, User } from "../state/types";
import { privilegesOn } from "./acl";
import {
  csrfMatches,
  csrfToken,
  hashPassword,
  passwordMatches,
  readTicket,
  same,
  signTicket,
} from "./passwords";
import { PRIVILEGES } from "./privileges";

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

  login(node: string, userid: string, password: string): Record<string, unknown> {
    const config = this.config(node);
    const user = config.users[userid];
    const valid = user?.enable && user.password && passwordMatches(password, user.password);
    if (!valid) throw new PveError(401, "authentication failure");
    const now = seconds(this.site.clock);
    return {
      username: userid,
      ticket: signTicket(config.ticketSecret, userid, now),
      CSRFPreventionToken: csrfToken(config.ticketSecret, userid, now),
      cap: this.capabilities(node, userid),
      ...(config.corosync ? { clustername: config.corosync.clusterName } : {}),
    };
  }

  /** Who sent the request; 401 in PVE's words when nobody valid did. */
  identify(node: string, credentials: Credentials, method: string): Caller {
    const { authorization, cookie } = credentials;
    if (authorization?.startsWith("PVEAPIToken=")) {
      return this.identifyToken(node, authorization.slice("PVEAPIToken=".length));
    }
    const ticket = /(?:^|;\s*)PVEAuthCookie=([^;]+)/.exec(cookie ?? "")?.[1];
    if (ticket === undefined) throw new PveError(401, "No ticket");
    const secret = this.config(node).ticketSecret;
    const now = seconds(this.site.clock);
    const userid = readTicket(secret, decodeURIComponent(ticket), now);
    if (userid === undefined) throw new PveError(401, "invalid PVE ticket");
    const needsCsrf = method !== "GET";
    if (needsCsrf && !csrfMatches(secret, credentials.csrf ?? "", userid, now)) {
      throw new PveError(401, "Permission denied - invalid csrf token");
    }
    return { userid, name: userid };
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
    const enough = any
      ? privileges.some((privilege) => held.has(privilege))
      : privileges.every((privilege) => held.has(privilege));
    if (!enough) throw forbidden(path, [...privileges]);
  }

  holds(node: string, caller: Caller, path: string, privilege: string): boolean {
    return caller.name === "root@pam" || this.privileges(node, caller, path).has(privilege);
  }

  /** root@pam holds everything; a privilege-separated token only what both it and its user hold. */
  privileges(node: string, caller: Caller, path: string): Set<string> {
    const config = this.config(node);
    const own =
      caller.userid === "root@pam"
        ? new Set<string>(PRIVILEGES)
        : privilegesOn(config, { type: "user", id: caller.userid }, path);
    const token = config.users[caller.userid]?.tokens[caller.tokenid ?? ""];
    if (!token?.privsep) return own;
    const granted = privilegesOn(config, { type: "token", id: caller.name }, path);
    return new Set([...granted].filter((privilege) => own.has(privilege)));
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
    const [, userid = "", tokenid = "", secret = ""] = match ?? [];
    const user = this.config(node).users[userid];
    const token = user?.tokens[tokenid];
    const now = seconds(this.site.clock);
    const alive = (expire: number): boolean => expire === 0 || expire > now;
    if (!user?.enable || !alive(user.expire)) {
      throw new PveError(401, `no such user ('${userid}')`);
    }
    if (!token) throw new PveError(401, `no such token '${tokenid}' for user '${userid}'`);
    if (!alive(token.expire)) throw new PveError(401, "token expired");
    if (!same(secret, token.secret)) throw new PveError(401, "invalid token value!");
    return { userid, tokenid, name: `${userid}!${tokenid}` };
  }

  private evaluate(node: string, caller: Caller, check: Check, params: Values): void {
    switch (check[0]) {
      case "perm": {
        const path = check[1].replace(/\{(\w+)\}/g, (_, name: string) =>
          String(params[name] ?? ""),
        );
        this.require(node, caller, path, check[2], check[3]?.any === 1);
        return;
      }
      case "userid-param":
        if (params.userid === caller.userid) return;
        throw new PveError(403, "Permission check failed");
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

  private evaluateAny(node: string, caller: Caller, checks: Check[], params: Values): void {
    let refusal: unknown;
    for (const check of checks) {
      try {
        this.evaluate(node, caller, check, params);
        return;
      } catch (error) {
        refusal ??= error;
      }
    }
    throw refusal;
  }

  /** What the web interface asks at login; leaves are numbers. */
  private capabilities(node: string, userid: string): Record<string, Record<string, number>> {
    const caller = { userid, name: userid };
    const paths = { vms: "/vms", storage: "/storage", access: "/access", nodes: "/nodes", dc: "/" };
    const of = (path: string): Record<string, number> =>
      Object.fromEntries([...this.privileges(node, caller, path)].map((name) => [name, 1]));
    return Object.fromEntries(Object.entries(paths).map(([key, path]) => [key, of(path)]));
  }

  private config(node: string): Pmxcfs {
    return this.site.pmxcfs(node);
  }
}

type Values = Record<string, string | number>;
