import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Hono, MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { ControlledLab } from "./lab";
import { picture } from "./picture";

/** Seen from this file, and from the one that the daemon is bundled into. */
const FOLDER = join(__dirname, "../page");

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A page of somebody else's must not reach the lab by a name that it has made to mean this machine. */
const OURS = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/** Refuses requests that were sent to another name (DNS rebinding). */
export const ownNamesOnly: MiddlewareHandler = async (context, next) => {
  if (OURS.test(context.req.header("host") ?? "")) return next();
  return context.json({ message: "the lab is at 127.0.0.1 and localhost, and nowhere else" }, 403);
};

/**
 * The lab's page: `/` and the files beside it, and `GET /lab/site`, which is what it shows. The files hold no secret;
 * all that the page reads and does goes by `/lab/*` with the token that it was opened with.
 */
export function pageRoutes(app: Hono, lab: ControlledLab): void {
  app.get("/lab/site", (context) =>
    context.json(picture(lab.site, { speed: lab.clock.speed, events: lab.events.since(0) })),
  );
  const guard = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
    referrerPolicy: "no-referrer",
    strictTransportSecurity: false,
    xFrameOptions: "DENY",
  });
  for (const file of readdirSync(FOLDER)) {
    const type = TYPES[extname(file)];
    if (type === undefined) continue;
    app.get(file === "index.html" ? "/" : `/${file}`, guard, async (context) =>
      context.body(await readFile(join(FOLDER, file), "utf8"), 200, {
        "content-type": type,
        "cache-control": "no-cache",
      }),
    );
  }
}
