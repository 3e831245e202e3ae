import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Site } from "../site";
import type { HostState } from "../state/types";

/** What requests to the control interface have in common: their body, and refusals in one sentence. */

export type Fields = Record<string, unknown>;

export async function fieldsOf(context: Context): Promise<Fields> {
  const body: unknown = await context.req.json().catch(() => undefined);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Fields;
  throw refusal(400, "the body is a JSON object");
}

export function refusal(status: 400 | 404 | 409, message: string): HTTPException {
  return new HTTPException(status, { message });
}

/** The host of that name; a 404 that tells which there are, else. */
export function hostNamed(site: Site, name: unknown): HostState {
  const { hosts } = site.state;
  const host = typeof name === "string" && Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  if (host) return host;
  const known = Object.keys(hosts).join(", ");
  throw refusal(404, `there is no host ${JSON.stringify(name)}; the lab has ${known}`);
}

export function booleanIn(fields: Fields, key: string): boolean {
  const value = fields[key];
  if (typeof value === "boolean") return value;
  throw refusal(400, `${key} is true or false, not ${asText(value)}`);
}

/** A number from `least` to `most`; `what` says in the refusal what it is. */
export function numberIn(
  fields: Fields,
  key: string,
  least: number,
  most: number,
  what: string,
): number {
  const value = fields[key];
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw refusal(400, `${key} is ${what}, not ${asText(value)}`);
}

export function asText(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
