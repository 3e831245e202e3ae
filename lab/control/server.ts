import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { HTTPException } from "hono/http-exception";
import { apiRoutes } from "./api";
import { cableRoutes } from "./cables";
import { clockRoutes } from "./clock";
import { diskRoutes } from "./disks";
import { guestRoutes } from "./guests";
import { holdRoutes } from "./holds";
import type { ControlledLab } from "./lab";
import { logRoutes } from "./log";
import { ownNamesOnly, pageRoutes } from "./page";
import { powerRoutes } from "./power";
import { replacementRoutes } from "./replacement";
import { serviceRoutes } from "./services";
import { snapshotRoutes } from "./snapshots";
import { traitRoutes } from "./traits";

const TOPICS = [
  apiRoutes,
  cableRoutes,
  clockRoutes,
  diskRoutes,
  guestRoutes,
  holdRoutes,
  logRoutes,
  pageRoutes,
  powerRoutes,
  replacementRoutes,
  serviceRoutes,
  snapshotRoutes,
  traitRoutes,
];

/** These do not change the site itself, so they wait for no other switch and none waits for them. */
const ASIDE = ["/lab/clock/advance", "/lab/faults/hold"];

/**
 * What is not Proxmox VE: the switches of the lab itself, on a port and with a token of their own. Errors are
 * `{message}`, one sentence each.
 */
export function controlServer(lab: ControlledLab, token: string): Server {
  const app = new Hono();
  app.use(ownNamesOnly);
  app.use("/lab/*", bearerAuth({ token }));
  const inTurn = oneAfterTheOther();
  app.use("/lab/*", (context, next) => {
    const { method, path } = context.req;
    return method === "GET" || ASIDE.includes(path) ? next() : inTurn(next);
  });
  app.get("/lab/ready", (context) => context.json({ ready: true }));
  for (const routes of TOPICS) routes(app, lab);
  app.notFound((context) => context.json({ message: `there is no ${context.req.path}` }, 404));
  app.onError((error, context) => {
    if (!(error instanceof HTTPException)) throw error;
    if (error.res) return error.getResponse();
    return context.json({ message: error.message }, error.status);
  });
  return createServer(getRequestListener(app.fetch));
}

/** A switch must not meet a site that is just being replaced. */
function oneAfterTheOther(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
