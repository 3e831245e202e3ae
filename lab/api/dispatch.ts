import type { Credentials } from "../access/access";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import type { Caller, Endpoint } from "./endpoint";
import { ENDPOINTS } from "./endpoints";
import { PveError } from "./errors";
import { Router } from "./router";
import { type RawParameters, verifyParameters } from "./verify";

export interface ApiRequest extends Credentials {
  method: string;
  /** Path below `/api2/json`, still percent-encoded. */
  path: string;
  query: RawParameters;
  body: RawParameters;
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

const router = new Router(ENDPOINTS);

/**
 * Answers one API request at `node`, in the order of PVE's own server: route, login, permission, proxy to the node in
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
  const { endpoint, pathParams } = route(request.method, request.path);
  const raw = mergeParameters(request.query, request.body, pathParams);
  const caller = identify(site, node, endpoint, request);
  const label = `${request.method} ${request.path}`;
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
  const { endpoint, pathParams } = route(method, path);
  const caller = { userid: "root@pam", name: "root@pam" };
  return invoke(site, node, caller, endpoint, mergeParameters({}, params, pathParams), pathParams);
}

function route(
  method: string,
  path: string,
): { endpoint: Endpoint; pathParams: Record<string, string> } {
  const match = router.find(method, path);
  if (!match) throw new PveError(501, `Method '${method} ${safeDecode(path)}' not implemented`);
  return match;
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
  const sent = Object.keys(raw).filter((key) => !Object.hasOwn(pathParams, key));
  const data = await endpoint.handle({ site, node: target, caller, params, sent });
  if (endpoint.method !== "GET") await site.commit();
  return data ?? null;
}

function identify(site: Site, node: string, endpoint: Endpoint, request: ApiRequest): Caller {
  if (endpoint.permissions?.user === "world") return { userid: "", name: "" };
  const caller = site.access.identify(node, request, request.method);
  if (caller.tokenid !== undefined && endpoint.allowtoken === 0) {
    throw new PveError(403, "API tokens cannot use this endpoint");
  }
  return caller;
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

/** The same key in the query and in the body is allowed only with the same value (PVE::APIServer). */
function mergeParameters(query: RawParameters, body: RawParameters, path: Record<string, string>) {
  const merged: RawParameters = { ...query };
  for (const source of [body, path]) {
    for (const [key, value] of Object.entries(source)) {
      const other = merged[key];
      if (other !== undefined && String(other) !== String(value)) {
        throw new PveError(400, "Parameter verification failed.", {
          [key]: "duplicate parameter (already defined in URI) with conflicting values",
        });
      }
      merged[key] = value;
    }
  }
  return merged;
}

function safeDecode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
