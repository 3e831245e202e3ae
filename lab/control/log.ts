import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { refusal } from "./requests";

/**
 * `GET /lab/log?since=MS`: what has happened from that time of the lab on, oldest first; `GET /lab/tasks`: the tasks of
 * all nodes; `GET /lab/commands?after=ID`: what sessions have run and changed on the hosts since that entry.
 */
export function logRoutes(app: Hono, lab: ControlledLab): void {
  app.get("/lab/log", (context) => {
    const since = Number(context.req.query("since") ?? 0);
    if (Number.isNaN(since)) throw refusal(400, "since is a time in epoch milliseconds");
    return context.json(lab.events.since(since));
  });
  app.get("/lab/commands", (context) => {
    const after = Number(context.req.query("after") ?? 0);
    if (Number.isNaN(after)) throw refusal(400, "after is the id of an entry");
    return context.json(lab.site.commands.after(after));
  });
  app.get("/lab/tasks", (context) =>
    context.json(
      Object.values(lab.site.state.hosts)
        .flatMap((host) => host.node?.tasks ?? [])
        .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid),
    ),
  );
}
