import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { asText, fieldsOf, hostNamed, numberIn, refusal } from "./requests";

/** As long as a client might wait at all. */
const LONGEST_MS = 600_000;

/**
 * `PUT /lab/api` `{node: NAME | "all", delayMs, failRate, seed?}`: a slow or flaky API; `DELETE /lab/api`: all nodes answer well
 * again.
 */
export function apiRoutes(app: Hono, lab: ControlledLab): void {
  app.get("/lab/api", (context) => context.json(lab.site.state.apiFaults ?? {}));
  app.put("/lab/api", async (context) => {
    const { site, events } = lab;
    const fields = { delayMs: 0, failRate: 0, seed: 1, ...(await fieldsOf(context)) };
    const nodes = nodesNamed(lab, (fields as Record<string, unknown>).node);
    const delayMs = numberIn(fields, "delayMs", 0, LONGEST_MS, "milliseconds up to 600000");
    const failRate = numberIn(fields, "failRate", 0, 1, "a share from 0 to 1");
    const seed = numberIn(fields, "seed", 0, 2 ** 31, "a number from 0 on");
    for (const node of nodes) {
      site.apiFaults.set(node, { delayMs, failRate, seed });
      events.note(node, "api", `the API waits ${delayMs} ms and fails in ${failRate * 100} %`);
    }
    await site.commit();
    return context.json({ nodes, delayMs, failRate, seed });
  });
  app.delete("/lab/api", async (context) => {
    const nodes = Object.keys(lab.site.state.apiFaults ?? {});
    lab.site.apiFaults.clear();
    for (const node of nodes) lab.events.note(node, "api", "the API answers well again");
    await lab.site.commit();
    return context.json({ nodes: [] });
  });
}

function nodesNamed({ site }: ControlledLab, node: unknown): string[] {
  if (node === "all") {
    return Object.values(site.state.hosts).flatMap((host) => (host.node ? [host.name] : []));
  }
  if (node === undefined) throw refusal(400, `node is a node's name or "all", not ${asText(node)}`);
  const host = hostNamed(site, node);
  if (!host.node) throw refusal(400, `${host.name} is no node; it has no API`);
  return [host.name];
}
