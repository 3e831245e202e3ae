import { createHmac, randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

/** Cheap on purpose: the lab's passwords are generated, and its logins are on the path of every test. */
const COST = { N: 1024, r: 8, p: 1 };

export function hashPassword(password: string): string {
  const salt = randomBytes(16).toString("hex");
  return `${salt}:${scryptSync(password, salt, 32, COST).toString("hex")}`;
}

export function passwordMatches(password: string, hash: string): boolean {
  const [salt = "", expected = ""] = hash.split(":");
  const found = scryptSync(password, salt, 32, COST);
  return same(found.toString("hex"), expected);
}

/** `PVE:root@pam:68B00000::signature`: what PVE calls a ticket. `issued` is in epoch seconds. */
export function signTicket(secret: string, userid: string, issued: number): string {
  const body = `PVE:${userid}:${issued.toString(16).toUpperCase().padStart(8, "0")}`;
  return `${body}::${signature(secret, body)}`;
}

/** The user of a valid ticket that is younger than two hours, else undefined. */
export function readTicket(secret: string, ticket: string, now: number): string | undefined {
  const match = /^(PVE:([^:]+):([0-9A-F]{8}))::(\S+)$/.exec(ticket);
  if (!match) return undefined;
  const [, body = "", userid, issued = "", signed = ""] = match;
  if (!same(signed, signature(secret, body))) return undefined;
  const age = now - Number.parseInt(issued, 16);
  return age >= -300 && age < TICKET_LIFETIME ? userid : undefined;
}

/** The token that writes must carry beside a ticket. */
export function csrfToken(secret: string, userid: string, issued: number): string {
  const stamp = issued.toString(16).toUpperCase().padStart(8, "0");
  return `${stamp}:${signature(secret, `csrf:${stamp}:${userid}`)}`;
}

export function csrfMatches(secret: string, token: string, userid: string, now: number): boolean {
  const issued = Number.parseInt(token.split(":")[0] ?? "", 16);
  if (Number.isNaN(issued) || now - issued > TICKET_LIFETIME) return false;
  return same(token, csrfToken(secret, userid, issued));
}

export function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Seconds. */
const TICKET_LIFETIME = 7200;

function signature(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}
