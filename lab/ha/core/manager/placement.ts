import { type Affinity, companyOf, placementOf } from "../rules/affinity";
import type { ServiceStatus } from "../types";
import type { Usage } from "../usage/usage";

/**
 * `stay`: leave it where it is if that is as good as any; `best`: the least loaded node; `next`: another node than
 * those where its start failed.
 */
export type Preference = "stay" | "best" | "next";

export interface Choice {
  sid: string;
  services: Record<string, ServiceStatus>;
  affinity: Affinity;
  usage: Usage;
  /** Whether it moves to nodes of a higher priority that come back. */
  failback: boolean;
  preference: Preference;
}

/** The node for a service; undefined when no online node is allowed. */
export function selectNode(choice: Choice): string | undefined {
  const { sid, services, affinity, usage, preference } = choice;
  const service = services[sid];
  if (!service) return undefined;
  const online = usage.nodes;
  const { allowed, preferred } = placementOf(affinity, sid, online);
  if (preferred.size === 0) return undefined;
  const { together, apart } = companyOf(affinity, sid, services, online);
  const current = service.node;

  const mayStay = allowed.has(current) && (together.has(current) || !apart.has(current));
  if (preference === "stay" && !choice.failback && mayStay) return current;

  const tried = preference === "next" ? (service.failed_nodes ?? []) : [];
  const open = [...preferred].filter((node) => !tried.includes(node) && !apart.has(node));
  const nodes = joinCompany(open, together);
  const home = service.maintenance_node;
  if (home !== undefined && nodes.includes(home)) return home;
  if (preference === "stay" && nodes.includes(current)) return current;

  const ranked = rank(nodes, usage.scores(sid));
  const following = ranked[ranked.indexOf(current) + 1];
  const cycles = preference === "next" && ranked.includes(current);
  return (cycles ? following : undefined) ?? ranked[0];
}

/** The node with most companions, if any of them is on a node that is open. */
function joinCompany(nodes: string[], together: Map<string, number>): string[] {
  const count = (node: string): number => together.get(node) ?? 0;
  const populated = nodes.filter((node) => count(node) > 0).sort();
  const [first] = populated.sort((a, b) => count(b) - count(a));
  return first === undefined ? nodes : [first];
}

function rank(nodes: string[], scores: Record<string, number>): string[] {
  const score = (node: string): number => scores[node] ?? 0;
  return [...nodes].sort((a, b) => score(a) - score(b) || (a < b ? -1 : 1));
}
