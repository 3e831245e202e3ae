import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import type { Hosts } from "../hosts";
import type { Site } from "../site";
import type { Faults } from "./faults";
import { guestRoutes } from "./guests";

/**
 * What is not Proxmox VE: the switches of the lab itself, on a port and with a token of their own. Errors are
 * `{message}`, one sentence each.
 */
export function controlServer(site: Site, hosts: Hosts, faults: Faults, token: string): Server {
  const app = new Hono();
  app.use("/lab/*", bearerAuth({ token }));
  app.get("/lab/ready", (context) => context.json({ ready: true }));
  app.put("/lab/hosts/:host/power", async (context) => {
    const { power } = await fieldsOf(context);
    const host = context.req.param("host");
    if (!Object.hasOwn(site.state.hosts, host)) {
      const known = Object.keys(site.state.hosts).join(", ");
      throw refusal(404, `there is no host "${host}"; the lab has ${known}`);
    }
    if (power !== "on" && power !== "off") {
      throw refusal(400, `power is "on" or "off", not ${JSON.stringify(power)}`);
    }
    await hosts.power(host, power === "on");
    return context.json({ power });
  });
  app.put("/lab/faults/hold", async (context) => {
    const { match, moment } = await fieldsOf(context);
    if (typeof match !== "string" || match === "") {
      throw refusal(400, "match is a part of the label to wait for, as in POST /nodes/pve01/qemu");
    }
    if (moment !== "before" && moment !== "after") {
      throw refusal(400, `moment is "before" or "after", not ${JSON.stringify(moment)}`);
    }
    faults.hold(match, moment);
    return context.json({ held: match });
  });
  app.get("/lab/faults/hold", (context) => context.json({ reached: faults.reached }));
  app.delete("/lab/faults/hold", (context) => {
    faults.release();
    return context.json({ held: null });
  });
  app.get("/lab/tasks", (context) =>
    context.json(
      Object.values(site.state.hosts)
        .flatMap((host) => host.node?.tasks ?? [])
        .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid),
    ),
  );
  guestRoutes(app, site);
  app.notFound((context) => context.json({ message: `there is no ${context.req.path}` }, 404));
  app.onError((error, context) => {
    if (!(error instanceof HTTPException)) throw error;
    if (error.res) return error.getResponse();
    return context.json({ message: error.message }, error.status);
  });
  return createServer(getRequestListener(app.fetch));
}

async function fieldsOf(context: Context): Promise<Record<string, unknown>> {
  const body: unknown = await context.req.json().catch(() => undefined);
  if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  throw refusal(400, "the body is a JSON object");
}

function refusal(status: 400 | 404, message: string): HTTPException {
  return new HTTPException(status, { message });
}
