import type { Hono } from "hono";
import { exportsAt, isDiskFull, ROOT_DISK, setDiskFull } from "../storage/fullDisks";
import type { ControlledLab } from "./lab";
import { asText, booleanIn, fieldsOf, hostNamed, refusal } from "./requests";

/**
 * `PUT /lab/disks` `{host, full, path?}`: fills a disk up or makes room again. `path` is an export of the NAS (all of
 * them without one), or `/`, a host's root file system, on which a node's storage `local` lies too.
 */
export function diskRoutes(app: Hono, lab: ControlledLab): void {
  app.get("/lab/disks", (context) => {
    const { site } = lab;
    const disks = Object.values(site.state.hosts).flatMap((host) =>
      [ROOT_DISK, ...exportsAt(site, host)].map((path) => ({
        host: host.name,
        path,
        full: isDiskFull(site, host.name, path),
      })),
    );
    return context.json(disks);
  });
  app.put("/lab/disks", async (context) => {
    const { site } = lab;
    const fields = await fieldsOf(context);
    const host = hostNamed(site, fields.host);
    const full = booleanIn(fields, "full");
    const exported = exportsAt(site, host);
    const { path } = fields;
    const known = [ROOT_DISK, ...exported];
    if (path !== undefined && !(typeof path === "string" && known.includes(path))) {
      throw refusal(404, `${host.name} has no disk at ${asText(path)}; it has ${known.join(", ")}`);
    }
    const usual = exported.length > 0 ? exported : [ROOT_DISK];
    const paths = path === undefined ? usual : [path];
    for (const one of paths) {
      setDiskFull(site, host.name, one, full);
      lab.events.note(host.name, "disk", `${one} ${full ? "is full" : "has room again"}`);
    }
    await site.commit();
    return context.json({ host: host.name, paths, full });
  });
}
