import type { Hono } from "hono";
import type { Site } from "../site";
import type { ControlledLab } from "./lab";
import { asText, booleanIn, fieldsOf, hostNamed, refusal } from "./requests";

/**
 * What is plugged in: `/lab/hosts/NAME/cable` a host's own plug, `/lab/cables/A/B` the way between two hosts,
 * `/lab/partition` groups that do not hear each other, `/lab/hosts/NAME/link` the speed of a host's network card,
 * `/lab/ports/A/B/PORT` a port that a firewall between two hosts closes: 5405 is corosync's, 5403 qnetd's.
 */
export function cableRoutes(app: Hono, lab: ControlledLab): void {
  app.put("/lab/hosts/:host/cable", async (context) => {
    const { name } = hostNamed(lab.site, context.req.param("host"));
    const connected = booleanIn(await fieldsOf(context), "connected");
    lab.site.hardware.plug(name, connected);
    await lab.site.commit();
    return context.json({ connected });
  });
  app.put("/lab/cables/:a/:b", async (context) => {
    const a = hostNamed(lab.site, context.req.param("a")).name;
    const b = hostNamed(lab.site, context.req.param("b")).name;
    if (a === b) throw refusal(400, `a cable goes from ${a} to another host`);
    const connected = booleanIn(await fieldsOf(context), "connected");
    lab.site.hardware.connect(a, b, connected);
    await lab.site.commit();
    return context.json({ connected });
  });
  app.put("/lab/ports/:a/:b/:port", async (context) => {
    const a = hostNamed(lab.site, context.req.param("a")).name;
    const b = hostNamed(lab.site, context.req.param("b")).name;
    const port = Number(context.req.param("port"));
    if (a === b) throw refusal(400, `a firewall stands between ${a} and another host`);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw refusal(400, `a port is a number from 1 to 65535, not ${context.req.param("port")}`);
    }
    const open = booleanIn(await fieldsOf(context), "open");
    lab.site.hardware.block(a, b, port, !open);
    await lab.site.commit();
    return context.json({ open });
  });
  app.put("/lab/partition", async (context) => {
    const groups = groupsIn(lab.site, (await fieldsOf(context)).groups);
    lab.site.hardware.partition(groups);
    await lab.site.commit();
    return context.json({ groups });
  });
  app.delete("/lab/partition", async (context) => {
    lab.site.hardware.heal();
    await lab.site.commit();
    return context.json({ groups: null });
  });
  app.put("/lab/hosts/:host/link", async (context) => {
    const { mbit } = await fieldsOf(context);
    const host = hostNamed(lab.site, context.req.param("host"));
    if (mbit === null) delete host.linkMbit;
    else if (typeof mbit === "number" && mbit > 0) host.linkMbit = mbit;
    else throw refusal(400, `mbit is a speed in Mbit/s or null, not ${asText(mbit)}`);
    await lab.site.commit();
    return context.json({ mbit });
  });
}

function groupsIn(site: Site, groups: unknown): string[][] {
  const isList = Array.isArray(groups) && groups.length > 0 && groups.every(Array.isArray);
  if (!isList) {
    throw refusal(400, 'groups are lists of hosts, as in [["pve01"],["pve02","nas"]]');
  }
  return (groups as unknown[][]).map((group) => group.map((name) => hostNamed(site, name).name));
}
