import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { PveError } from "../api/errors";
import type { Hosts } from "../hosts";
import type { Site } from "../site";
import type { Faults } from "./faults";

/** What is not Proxmox VE: the switches of the lab itself, on a port and with a token of their own. */
export function controlServer(site: Site, hosts: Hosts, faults: Faults, token: string): Server {
  const app = new Hono();
  app.use("/lab/*", bearerAuth({ token }));
  app.get("/lab/ready", (context) => context.json({ ready: true }));
  app.put("/lab/hosts/:host/power", async (context) => {
    const { power } = await context.req.json<{ power: string }>();
    if (power !== "on" && power !== "off") {
      throw new HTTPException(400, { message: `power is "on" or "off", not "${power}"` });
    }
    await hosts.power(context.req.param("host"), power === "on");
    return context.json({ power });
  });
  app.put("/lab/faults/hold", async (context) => {
    const { match, moment } = await context.req.json<{ match: string; moment: string }>();
    if (moment !== "before" && moment !== "after") {
      throw new HTTPException(400, { message: `moment is "before" or "after", not "${moment}"` });
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
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (error instanceof PveError) return context.json({ message: error.message }, 404);
    throw error;
  });
  return createServer(getRequestListener(app.fetch));
}
