import type { GuestReport, HaReport } from "../toolchain/launcher/probe";
import { OpsError } from "./errors";
import { followGuests, losesGuests } from "./moved";
import type { Found } from "./preflight/preflight";
import type { ResourceState } from "./pulumi";
import { findSite } from "./site";
import type { Stack } from "./stack";

/** HA looks every 10 s at what it should do, so what is due has begun by then. */
const DUE_MS = 30_000;
/** A guest with much memory takes its time over a slow link. */
const MOVING_MS = 15 * 60_000;
const PAUSE_MS = 2_000;

/** Where HA is to run a service, by what the stack has told it. */
interface Preference {
  sid: string;
  /** Node → priority, higher first. */
  nodes: Record<string, number>;
}

export interface AwaitOptions {
  say?(text: string): void;
  dueMs?: number;
  movingMs?: number;
  pauseMs?: number;
}

/**
 * Waits for guests that HA moves, or is about to move since the last run: meanwhile Proxmox VE refuses to change them,
 * and the provider asks for them at the node that they have just left. Returns where all guests are then.
 */
export async function awaitMoves(
  stack: Stack,
  { resources, guests, ha }: Found,
  { say = tell, dueMs = DUE_MS, movingMs = MOVING_MS, pauseMs = PAUSE_MS }: AwaitOptions = {},
): Promise<GuestReport[]> {
  const wanted = preferences(resources);
  const begun = Date.now();
  let now: Pick<Found, "guests" | "ha"> = { guests, ...(ha ? { ha } : {}) };
  let told = "";
  for (;;) {
    const moving = now.ha ? movesIn(now.ha) : [];
    const due = now.ha && Date.now() - begun < dueMs ? dueIn(now.ha, wanted) : [];
    if (moving.length + due.length === 0) return now.guests;
    if (Date.now() - begun > movingMs) throw stillMoving(moving, movingMs);
    const text = `waits for HA, which moves ${[...moving, ...due].join(" and ")}`;
    if (text !== told) say(text);
    told = text;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    now = await findSite(stack);
  }
}

/** Waits in the same way, then tells the state where the containers are that have moved: the provider would lose them. */
export async function followMoves(
  stack: Stack,
  found: Found,
  options: AwaitOptions = {},
): Promise<void> {
  const guests = await awaitMoves(stack, found, options);
  if (losesGuests(found.resources, guests)) await followGuests(stack, guests);
}

/** Services on their way, as `vm:100 from pve02 to pve01`. */
export function movesIn({ services }: HaReport): string[] {
  return services.flatMap(({ sid, node, state, target }) =>
    state === "migrate" || state === "relocate"
      ? [target === undefined ? `${sid} from ${node}` : `${sid} from ${node} to ${target}`]
      : [],
  );
}

/** Services that run where another node is preferred which is there. */
export function dueIn({ nodes, services }: HaReport, wanted: Preference[]): string[] {
  return wanted.flatMap(({ sid, nodes: priorities }) => {
    const service = services.find((one) => one.sid === sid);
    const there = Object.keys(priorities).filter((node) => nodes[node] === "online");
    const highest = Math.max(...there.map((node) => priorities[node] ?? 0));
    const best = there.filter((node) => priorities[node] === highest);
    // Of a node that is gone HA recovers guests in minutes; what cannot be asked is left out of the run.
    if (service?.state !== "started" || nodes[service.node] !== "online") return [];
    if (best.length === 0 || best.includes(service.node)) return [];
    return [`${sid} from ${service.node} to ${best.join(" or ")}`];
  });
}

/** Of services that go back to a preferred node by themselves: rules of release 9, groups of release 8. */
export function preferences(resources: ResourceState[]): Preference[] {
  const inputs = (type: string): Record<string, unknown>[] =>
    resources.flatMap((one) => (one.type === type && one.inputs ? [one.inputs] : []));
  const managed = inputs("proxmoxve:index/haresource:Haresource");
  const staying = new Set(
    managed.flatMap(({ resourceId, failback }) => (failback === false ? [resourceId] : [])),
  );
  const rules = inputs("proxmoxve:index/harule:Harule").flatMap((rule) =>
    rule.type === "node-affinity"
      ? (rule.resources as string[]).map((sid) => ({ sid, nodes: rule.nodes }))
      : [],
  );
  const groups = inputs("proxmoxve:index/hagroup:Hagroup").flatMap(
    ({ group, nodes, noFailback }) =>
      noFailback === true
        ? []
        : managed
            .filter((one) => one.group === group)
            .map(({ resourceId }) => ({ sid: resourceId as string, nodes })),
  );
  return [...rules, ...groups]
    .filter(({ sid }) => !staying.has(sid))
    .map(({ sid, nodes }) => ({ sid, nodes: nodes as Record<string, number> }));
}

function stillMoving(moving: string[], limitMs: number): OpsError {
  return new OpsError(
    `After ${limitMs / 60_000} minutes HA still moves ${moving.join(" and ")}. Nothing has been changed. ` +
      "Look on a node at: ha-manager status; then run this again.",
  );
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}
