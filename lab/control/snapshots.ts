import type { Hono } from "hono";
import type { HTTPException } from "hono/http-exception";
import type { ControlledLab } from "./lab";
import { refusal } from "./requests";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Snapshots of the whole site under `/lab/snapshots`, and `POST /lab/reset`, which brings the hosts back as they were
 * installed. Ports, keys and credentials stay, connections end, and what was at work is gone without an end. The time
 * of day goes on; daemons and boots go on from where they were when it was taken.
 */
export function snapshotRoutes(app: Hono, lab: ControlledLab): void {
  const missing = async (name: string): Promise<HTTPException> => {
    const names = (await lab.snapshots.list()).map((snapshot) => snapshot.name);
    const known = names.length > 0 ? `there are ${names.join(", ")}` : "there is none yet";
    return refusal(404, `there is no snapshot "${name}"; ${known}`);
  };
  app.get("/lab/snapshots", async (context) => context.json(await lab.snapshots.list()));
  app.put("/lab/snapshots/:name", async (context) => {
    const name = nameIn(context.req.param("name"));
    await lab.snapshots.save(name, lab.site.state, lab.clock.now());
    lab.events.note("lab", "snapshot", `snapshot ${name} was taken`);
    return context.json({ name });
  });
  app.post("/lab/snapshots/:name/restore", async (context) => {
    const name = nameIn(context.req.param("name"));
    if (!(await lab.restore(name))) throw await missing(name);
    lab.events.note("lab", "snapshot", `the site is as in snapshot ${name}`);
    return context.json({ restored: name });
  });
  app.delete("/lab/snapshots/:name", async (context) => {
    const name = nameIn(context.req.param("name"));
    if (!(await lab.snapshots.remove(name))) throw await missing(name);
    return context.json({ name: null });
  });
  app.post("/lab/reset", async (context) => {
    if (!(await lab.reset())) {
      throw refusal(
        409,
        "this lab was made by a version that kept no copy of its fresh hosts; make a new one: npm run -s lab -- reset",
      );
    }
    lab.events.note("lab", "reset", "the hosts are as they were installed");
    return context.json({ reset: true });
  });
}

/** It becomes a file's. */
function nameIn(text: string): string {
  if (NAME.test(text)) return text;
  throw refusal(400, `"${text}" is no name for a snapshot; use letters, digits and . _ -`);
}
