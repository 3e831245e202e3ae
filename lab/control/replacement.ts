import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { booleanIn, fieldsOf, hostNamed, refusal } from "./requests";

/**
 * `POST /lab/hosts/NAME/replace` `{bare}`: another machine in the place of one that is off, at the same address and
 * ports, with empty disks (a NAS: with the same exports) and an SSH host key of its own. It is off as well.
 */
export function replacementRoutes(app: Hono, lab: ControlledLab): void {
  app.post("/lab/hosts/:host/replace", async (context) => {
    const bare = booleanIn(await fieldsOf(context), "bare");
    const { name, role, power } = hostNamed(lab.site, context.req.param("host"));
    if (role === "witness" && bare) throw refusal(400, `${name} never has Proxmox VE`);
    if (power) throw refusal(409, `${name} is on; switch it off first`);
    await lab.replaceHost(name, bare);
    lab.events.note("lab", "host", `${name} is another machine`);
    return context.json({ replaced: name, bare });
  });
}
