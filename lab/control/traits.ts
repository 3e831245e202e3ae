import type { Hono } from "hono";
import { hostTraits, type HostTraits, USUAL_TRAITS } from "../node/hostTraits";
import type { ControlledLab } from "./lab";
import { asText, fieldsOf, hostNamed, refusal } from "./requests";

/**
 * `GET|PUT /lab/hosts/NAME/traits`: what the machine is like, as `{bootMs: 600000}` or `{aptLock: "unattended-upgr"}`.
 * What is null is as usual again.
 */
export function traitRoutes(app: Hono, lab: ControlledLab): void {
  app.get("/lab/hosts/:host/traits", (context) =>
    context.json(hostTraits(hostNamed(lab.site, context.req.param("host")))),
  );
  app.put("/lab/hosts/:host/traits", async (context) => {
    const host = hostNamed(lab.site, context.req.param("host"));
    const fields = await fieldsOf(context);
    for (const [key, value] of Object.entries(fields)) {
      if (!isTrait(key)) throw refusal(400, `a host has no trait ${key}`);
      const type = key === "aptLock" ? "string" : typeof USUAL_TRAITS[key];
      if (value !== null && typeof value !== type) {
        throw refusal(400, `${key} is a ${type}, not ${asText(value)}`);
      }
    }
    const given = Object.entries({ ...host.traits, ...fields }).filter(
      ([, value]) => value !== null,
    );
    host.traits = Object.fromEntries(given);
    await lab.site.commit();
    return context.json(hostTraits(host));
  });
}

const isTrait = (key: string): key is keyof HostTraits => key === "aptLock" || key in USUAL_TRAITS;
