import type { Credentials } from "../access/access";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { Caller, Endpoint } from "./endpoint";
import { ENDPOINTS } from "./endpoints";
import { ofRelease8 } from "./endpoints/release8";
import { badParameters, PveError } from "./errors";
import { decodePath, Router } from "./router";
import { type RawParameters, verifyParameters } from "./verify";
import { type Release, releaseOf } from "./version";

export interface ApiRequest extends Credentials {
  method: string;
  /** Path below `/api2/json`, still percent-encoded. */
  path: string;
  query: RawParameters;
  body: RawParameters;
  /** The request has a body, whatever it says. */
  content?: boolean;
}

export interface ApiResponse {
  status: number;
  /** Becomes the HTTP reason phrase; PVE's clients read error texts from it. */
  reason: string;
  data: unknown;
  errors?: Record<string, string>;
}

/** PVE waits before it says that a login failed. */
const LOGIN_DELAY = 3_000;
const MEMBERSHIP_POLL = 250;
const METHODS = ["GET", "POST", "PUT", "DELETE"];

const ROUTERS: Record<Release, Router> = {
  8: new Router(ofRelease8(ENDPOINTS)),
  9: new Router(ENDPOINTS),
};

/**
 * Answers one API request at `node`, in the order of PVE's own server: login, route, permission, proxy to the node in
 * the path, parameters, handler. A change is on disk before the answer goes out.
 */
export async function dispatch(
  site: Site,
  node: string,
  request: ApiRequest,
): Promise<ApiResponse> {
  try {
    return await answer(site, node, request);
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    if (error.status === 401) await sleep(site.clock, LOGIN_DELAY);
    if (request.method !== "GET") await site.commit();
    return {
      status: error.status,
      reason: error.message,
      data: null,
      ...(error.errors ? { errors: error.errors } : {}),
    };
  }
}

async function answer(site: Site, node: string, request: ApiRequest): Promise<ApiResponse> {
  const { method, path } = request;
  if (!METHODS.includes(method)) throw new PveError(501, `method '${method}' not available`);
  const match = ROUTERS[releaseOf(site.host(node))].find(method, path);
  const caller = identify(site, node, match?.endpoint, request);
  if (request.content && !isWrite(method)) {
    throw new PveError(501, `Unexpected content for method '${method}'`);
  }
  if (!match) throw notImplemented(method, path);
  const { endpoint, pathParams } = match;
  const raw = mergeParameters({ ...request.body, ...request.query }, pathParams);
  if (endpoint.allowtoken === 0 && site.access.isToken(request)) {
    const uri = decodePath(path);
    throw new PveError(
      403,
      `Permission check failed (URI '${uri}' not available with API token, need proper ticket.`,
    );
  }
  const label = `${method} ${path}`;
  await site.faults.pass(label, "before");
  const data = await invoke(site, node, caller, endpoint, raw, pathParams);
  await site.faults.pass(label, "after");
  return { status: 200, reason: "OK", data };
}

/** The same call as root on the node itself makes it, with `pvesh` or one of the other commands. */
export async function callAsRoot(
  site: Site,
  node: string,
  method: string,
  path: string,
  params: RawParameters = {},
): Promise<unknown> {
  const match = ROUTERS[releaseOf(site.host(node))].find(method, path);
  if (!match) throw notImplemented(method, path);
  const { endpoint, pathParams } = match;
  const caller = { userid: "root@pam", name: "root@pam" };
  return invoke(site, node, caller, endpoint, mergeParameters(params, pathParams), pathParams);
}

/** The endpoint that answers a path on nodes of the release, if there is one. */
export function endpointAt(
  method: string,
  path: string,
  release: Release = 9,
): Endpoint | undefined {
  return ROUTERS[release].find(method, path)?.endpoint;
}

function notImplemented(method: string, path: string): PveError {
  return new PveError(501, `Method '${method} ${decodePath(path)}' not implemented`);
}

function isWrite(method: string): boolean {
  return method === "POST" || method === "PUT";
}

async function invoke(
  site: Site,
  node: string,
  caller: Caller,
  endpoint: Endpoint,
  raw: RawParameters,
  pathParams: Record<string, string>,
): Promise<unknown> {
  const textual = Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.join(",") : value,
    ]),
  );
  if (endpoint.permissions?.user !== "world") {
    site.access.check(node, caller, endpoint.permissions, textual);
  }
  const named = endpoint.proxyto === "node" ? String(textual.node) : node;
  const target = named === "localhost" ? node : named;
  requireReachable(site, node, target);
  const params = verifyParameters(endpoint.parameters, raw);
  if (endpoint.method !== "GET") await membershipOf(site, target);
  const sent = Object.keys(raw).filter((key) => !Object.hasOwn(pathParams, key));
  const data = await endpoint.handle({ site, node: target, caller, params, sent });
  if (endpoint.method !== "GET") await site.commit();
  return data ?? null;
}

/**
 * While corosync forms a membership it delivers no message, so whatever is written to pmxcfs waits until it is clear
 * who has quorum (pmxcfs, dfsm.c: messages are sent in state SYNCED only).
 */
async function membershipOf(site: Site, node: string): Promise<void> {
  while (!site.quorum.isSettled(node) && site.hardware.isOn(node)) {
    await sleep(site.clock, MEMBERSHIP_POLL);
  }
  if (!site.hardware.isOn(node)) throw new PveError(595, "Connection refused");
}

/** Who asks must be known before anything else is said, except where everybody may ask. */
function identify(
  site: Site,
  node: string,
  endpoint: Endpoint | undefined,
  request: ApiRequest,
): Caller {
  if (endpoint?.permissions?.user === "world") return { userid: "", name: "" };
  return site.access.identify(node, request, request.method);
}

/** An offline node answers nothing; pveproxy turns its silence into 595. */
function requireReachable(site: Site, node: string, target: string): void {
  if (target === node) return;
  if (!site.members(node).includes(target)) {
    throw new PveError(
      500,
      `hostname lookup '${target}' failed - failed to get address info for: ${target}: Name or service not known`,
    );
  }
  if (!site.hardware.canReach(node, target)) throw new PveError(595, "No route to host");
}

/**
 * A key of the path may be sent again with the same value only (PVE::HTTPServer::rest_handler). `_dc` is how web
 * interfaces defeat caches.
 */
function mergeParameters(sent: RawParameters, path: Record<string, string>): RawParameters {
  const merged: RawParameters = { ...sent };
  delete merged._dc;
  for (const [key, value] of Object.entries(path)) {
    if (merged[key] !== undefined && String(merged[key]) !== value) {
      throw badParameters({
        [key]: "duplicate parameter (already defined in URI) with conflicting values!",
      });
    }
    merged[key] = value;
  }
  return merged;
}
