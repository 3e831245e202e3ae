import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { asText, fieldsOf, hostNamed, refusal } from "./requests";

/** `PUT /lab/hosts/NAME/power` `{power: "on" | "off"}`: over when the host answers, or no longer does. */
export function powerRoutes(app: Hono, lab: ControlledLab): void {
  app.put("/lab/hosts/:host/power", async (context) => {
    const { power } = await fieldsOf(context);
    const { name } = hostNamed(lab.site, context.req.param("host"));
    if (power !== "on" && power !== "off") {
      throw refusal(400, `power is "on" or "off", not ${asText(power)}`);
    }
    await lab.hosts.power(name, power === "on");
    return context.json({ power });
  });
}
