import { companyOf, placementOf } from "../rules/affinity";
import { sortedKeys, typeOf } from "../text";
import type { ServiceStatus } from "../types";
import type { Candidate } from "../usage/usage";
import { queueMotion } from "./motion";
import type { Turn } from "./turn";

const DEFAULTS = { threshold: 0.3, holdDuration: 3, margin: 0.1 } as const;

/** Moves one service when the nodes have been loaded too unevenly for a while (CRS, `ha-auto-rebalance`). */
export function balance(turn: Turn): void {
  const { crs, usage, memory } = turn.data;
  const { threshold, holdDuration, margin } = { ...DEFAULTS, ...crs };
  if (!crs.autoRebalance || (crs.ha ?? "basic") === "basic") return;
  if (Object.values(turn.services).some(isMoving)) return;
  const imbalance = usage.imbalance();
  memory.imbalancedRounds = imbalance > threshold ? memory.imbalancedRounds + 1 : 0;
  if (memory.imbalancedRounds < holdDuration || imbalance <= threshold) return;
  memory.imbalancedRounds = 0;

  const move = usage.bestMove(candidates(turn));
  if (!move || (imbalance - move.imbalance) / imbalance < margin) return;
  const { sid, target } = move;
  const kind = typeOf(sid) === "vm" ? "migrate" : "relocate";
  const gain = `from ${imbalance.toFixed(2)} to ${move.imbalance.toFixed(2)}`;
  turn.log(
    "info",
    `auto rebalance - ${kind} ${sid} to ${target} (expected change for imbalance ${gain})`,
  );
  queueMotion(turn, `${kind} ${sid} ${target}`, kind, sid, target);
}

function isMoving({ state, cmd }: ServiceStatus): boolean {
  return state === "migrate" || state === "relocate" || (!!cmd && cmd.kind !== "stop");
}

/** Running services, with those that have to stay with them, and the other nodes that their rules allow. */
function candidates(turn: Turn): Candidate[] {
  const { affinity, usage } = turn.data;
  const found = new Map<string, Candidate>();
  for (const sid of sortedKeys(turn.services)) {
    const resources = bundle(turn, sid);
    const [leader] = resources;
    if (leader === undefined || found.has(leader)) continue;
    const source = turn.services[leader]?.node ?? "";
    const { preferred } = placementOf(affinity, leader, usage.nodes);
    const { apart } = companyOf(affinity, leader, turn.services, usage.nodes);
    const targets = [...preferred].filter((node) => !apart.has(node) && node !== source).sort();
    if (targets.length > 0) found.set(leader, { leader, resources, source, targets });
  }
  return [...found.values()];
}

/** Sorted; empty for a service that does not run, or whose bundle moves or is not together. */
function bundle(turn: Turn, sid: string): string[] {
  if (turn.services[sid]?.state !== "started") return [];
  const companions = [...(turn.data.affinity.together[sid] ?? [])];
  const members = [sid, ...companions].filter((other) => turn.services[other] !== undefined);
  const states = members.map((other) => turn.services[other]?.state);
  if (states.includes("migrate") || states.includes("relocate")) return [];
  const started = members.filter((other) => turn.services[other]?.state === "started");
  const nodes = new Set(started.map((other) => turn.services[other]?.node));
  return nodes.size === 1 ? started.sort() : [];
}
