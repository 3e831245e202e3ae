import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { booleanIn, fieldsOf, hostNamed, refusal } from "./requests";

/** As systemd allows it in the names of units. */
const UNIT = /^[\w@.:-]+$/;

/**
 * `PUT /lab/services/HOST/UNIT` `{running}`: what `systemctl stop` or `start` does on the host, as in
 * `nas/nfs-server`, `nas/corosync-qnetd` and `pve01/corosync`.
 */
export function serviceRoutes(app: Hono, lab: ControlledLab): void {
  app.put("/lab/services/:host/:unit", async (context) => {
    const { name } = hostNamed(lab.site, context.req.param("host"));
    const unit = context.req.param("unit");
    const running = booleanIn(await fieldsOf(context), "running");
    if (!UNIT.test(unit)) throw refusal(400, `"${unit}" is no name of a unit`);
    if (!lab.site.hardware.isOn(name)) {
      throw refusal(409, `${name} is off, so nothing runs there; switch it on first`);
    }
    const command = `systemctl ${running ? "start" : "stop"} ${unit}`;
    const { exitCode, stderr } = await lab.hosts.shellOf(name).exec(command, "");
    if (exitCode !== 0) throw refusal(409, `${name}: ${stderr.trim()}`);
    return context.json({ running });
  });
}
