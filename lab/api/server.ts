import { createServer, type Server } from "node:https";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import type { Site } from "../site";
import { AnswerCache, type Body, compressed } from "./answerCache";
import { type ApiResponse, dispatch } from "./dispatch";
import { formParameters, jsonParameters } from "./form";
import { multipartParameters } from "./multipart";
import type { RawParameters } from "./verify";

type Env = { Bindings: HttpBindings };

/** One node's web server: the API under `/api2/json` and `/api2/extjs`. */
export function apiServer(site: Site, node: string): Server {
  const { certificate, key } = site.nodeState(node).certificate;
  const app = apiApplication(site, node);
  return createServer({ cert: certificate, key }, getRequestListener(app.fetch));
}

/** What the server answers, without its socket. */
export function apiApplication(site: Site, node: string): Hono<Env> {
  const app = new Hono<Env>();
  const cache = new AnswerCache(site);
  app.all("/api2/:formatter{json|extjs}/*", async (context) => {
    const request = context.req;
    const trouble = await site.apiFaults.meet(node);
    if (trouble && "status" in trouble) {
      const { text, status } = asJson(context, { ...trouble, data: null });
      return reply(context, { plain: text }, status);
    }
    if (trouble?.cut === "before") return hangUp(context);
    const authorization = request.header("authorization");
    const cookie = request.header("cookie");
    const asked = [request.url, authorization, cookie].join("\n");
    const isRead = request.method === "GET";
    const kept = isRead ? cache.find(asked) : undefined;
    if (kept) return reply(context, kept, 200);
    const { version } = site;
    const url = new URL(request.url);
    const prefix = `/api2/${request.param("formatter")}`;
    const body = await bodyOf(context, site);
    const response = await dispatch(site, node, {
      method: request.method,
      path: url.pathname.slice(prefix.length),
      query: formParameters(url.searchParams),
      body,
      content: Number(request.header("content-length") ?? 0) > 0,
      authorization,
      cookie,
      csrf: request.header("csrfpreventiontoken"),
    });
    // What no storage has taken is thrown away.
    site.uploads.delete(String(body.tmpfilename));
    if (trouble) return hangUp(context);
    const { text, status } =
      request.param("formatter") === "json" ? asJson(context, response) : asExtJs(response);
    const isAnswer = isRead && response.status === 200;
    return reply(context, isAnswer ? cache.keep(asked, text, version) : { plain: text }, status);
  });
  app.notFound((context) => {
    context.env.outgoing.statusMessage = "no such file";
    return context.text("", 404);
  });
  return app;
}

/** The connection is gone; whether anything was done, the client does not learn. */
function hangUp(context: Context<Env>): Response {
  context.env.outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

interface Text {
  text: string;
  status: number;
}

function asJson(context: Context<Env>, response: ApiResponse): Text {
  const { status, reason, data, errors } = response;
  context.env.outgoing.statusMessage = reasonPhrase(reason);
  if (status >= 400) context.header("Connection", "close");
  const body =
    status < 400
      ? { data }
      : { data: null, message: `${reason.trimEnd()}\n`, ...(errors ? { errors } : {}) };
  return { text: JSON.stringify(body), status };
}

/** ExtJS wants 200 with the outcome inside. */
function asExtJs(response: ApiResponse): Text {
  const { status, reason, data, errors } = response;
  const body =
    status < 400
      ? { data, success: 1 }
      : { data: null, success: 0, status, message: reason, ...(errors ? { errors } : {}) };
  return { text: JSON.stringify(body), status: status === 401 ? 401 : 200 };
}

function reply(context: Context<Env>, body: Body, status: number): Response {
  context.header("Content-Type", "application/json;charset=UTF-8");
  const packed = compressed(body, context.req.header("accept-encoding"));
  if (!packed) return context.body(body.plain, status as never);
  context.header("Content-Encoding", "gzip");
  return context.body(new Uint8Array(packed), status as never);
}

/** A reason phrase is one line of printable characters. */
function reasonPhrase(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.replace(/[^\x20-\x7e]/g, "?");
}

async function bodyOf(context: Context<Env>, site: Site): Promise<RawParameters> {
  if (context.req.method === "GET" || context.req.method === "DELETE") return {};
  const type = context.req.header("content-type") ?? "";
  const stream = context.req.raw.body;
  if (type.startsWith("multipart/form-data") && stream) {
    return multipartParameters(stream, type, (name, file) => site.uploads.set(name, file));
  }
  const text = await context.req.text();
  if (text === "") return {};
  if (type.startsWith("application/json")) return jsonParameters(JSON.parse(text));
  return formParameters(new URLSearchParams(text));
}
