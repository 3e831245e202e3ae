import { sortedKeys } from "../text";
import { EXIT, type ServiceState, type ServiceStatus } from "../types";
import { moveOnCommand } from "./motion";
import { recover } from "./recovery";
import { nextWhenStarted } from "./started";
import type { Turn } from "./turn";

type Handler = (turn: Turn, sid: string, service: ServiceStatus) => void;

/** What the manager does with a service in each state. */
const HANDLERS: Record<ServiceState, Handler> = {
  stopped: nextWhenStopped,
  request_stop: nextWhenStopping,
  request_start: nextWhenStarting,
  request_start_balance: nextWhenMoving,
  started: nextWhenStarted,
  migrate: nextWhenMoving,
  relocate: nextWhenMoving,
  // Waits for its node to be fenced.
  fence: () => undefined,
  recovery: recover,
  freeze: nextWhenFrozen,
  error: nextWhenInError,
};

/** States that an LRM which restarts takes out of the manager's hands. */
const FREEZABLE: readonly ServiceState[] = ["started", "stopped", "request_stop"];

/** Goes through the services, and through fencing, until nothing changes any more. */
export function runServices(turn: Turn, only?: Set<string>): void {
  for (;;) {
    let changed = false;
    for (const sid of sortedKeys(turn.services)) {
      if (!only || only.has(sid)) changed = step(turn, sid) || changed;
    }
    changed = fenceNodes(turn) || changed;
    if (!changed) return;
  }
}

/** Services that an LRM still has to take care of. */
export function countActive(services: Record<string, ServiceStatus>, node: string): number {
  const passive: ServiceState[] = ["stopped", "freeze", "error", "request_start"];
  return Object.values(services).filter(
    (service) =>
      (service.node === node || service.target === node) && !passive.includes(service.state),
  ).length;
}

export function countFenced(services: Record<string, ServiceStatus>, node: string): number {
  const all = Object.values(services);
  return all.filter((service) => service.node === node && service.state === "fence").length;
}

function step(turn: Turn, sid: string): boolean {
  const service = turn.services[sid];
  if (!service) return false;
  const before = service.state;
  HANDLERS[before](turn, sid, service);
  const after = turn.services[sid] ?? service;
  if (turn.data.modes[after.node] === "restart" && FREEZABLE.includes(after.state)) {
    turn.change(sid, "freeze");
  }
  return turn.services[sid]?.state !== before;
}

/** Tries for the agent locks of nodes whose services wait for that; true when one was fenced. */
function fenceNodes(turn: Turn): boolean {
  const { nodes } = turn.data;
  const fenced = new Map<string, boolean>();
  let any = false;
  for (const sid of sortedKeys(turn.services)) {
    const service = turn.services[sid];
    if (service?.state !== "fence") continue;
    const done = fenced.get(service.node) ?? nodes.fence(service.node);
    fenced.set(service.node, done);
    if (!done) continue;
    turn.change(sid, "recovery");
    any = true;
  }
  for (const node of nodes.all()) {
    if (fenced.has(node) || nodes.state(node) !== "fence") continue;
    // Somebody took its services away meanwhile; it must not be stuck in this state.
    turn.log(
      "notice",
      `node '${node}' in fence state but no services to-fence! admin interference?!`,
    );
    any = nodes.fence(node) || any;
  }
  return any;
}

function nextWhenStopping(turn: Turn, sid: string, service: ServiceStatus): void {
  const result = turn.result(service);
  if (result?.exit_code === EXIT.success) {
    turn.change(sid, "stopped");
  } else if (result) {
    turn.log("err", `service '${sid}' stop failed (exit code ${result.exit_code})`);
    turn.change(sid, "error");
  } else if (turn.data.nodes.isAway(service.node)) {
    turn.change(sid, "fence");
  }
}

function nextWhenMoving(turn: Turn, sid: string, service: ServiceStatus): void {
  const result = turn.result(service);
  const back = turn.resource(sid).state === "started" ? "started" : "request_stop";
  switch (result?.exit_code) {
    case undefined:
      if (turn.data.nodes.isAway(service.node)) turn.change(sid, "fence");
      return;
    case EXIT.success:
      return turn.change(sid, back, { node: service.target ?? service.node });
    case EXIT.wrongNode:
      turn.log("err", `service '${sid}' - migration failed: service registered on wrong node!`);
      return turn.change(sid, "error");
    case EXIT.ignored:
      turn.log(
        "info",
        `service '${sid}' - rebalance-on-start request ignored - service already running`,
      );
      return turn.change(sid, back, { node: service.node });
    default:
      turn.log("err", `service '${sid}' - migration failed (exit code ${result?.exit_code})`);
      return turn.change(sid, back, { node: service.node });
  }
}

function nextWhenStopped(turn: Turn, sid: string, service: ServiceStatus): void {
  const { nodes } = turn.data;
  const { state: wanted, node } = turn.resource(sid);
  if (node !== undefined && node !== service.node) {
    turn.log("info", `fixup service '${sid}' location (${service.node} => ${node})`);
    service.node = node;
  }
  const command = service.cmd;
  delete service.cmd;
  if (command?.kind === "stop") {
    turn.log("info", `ignore service '${sid}' stop request - service already stopped`);
  } else if (command && moveOnCommand(turn, sid, service, command)) {
    return;
  }
  // One that is disabled is not recovered, wherever it lies.
  if (wanted === "disabled") return;
  if (nodes.isAway(service.node) && nodes.state(service.node) !== "maintenance") {
    turn.change(sid, "fence");
  } else if (wanted === "started") {
    turn.change(sid, "request_start", { node: service.node });
  } else if (wanted !== "stopped") {
    turn.log("err", `service '${sid}' - unknown state '${wanted}' in service configuration`);
  }
}

function nextWhenStarting(turn: Turn, sid: string, service: ServiceStatus): void {
  if (turn.data.crs.rebalanceOnStart) {
    const target = turn.select(sid, "best") ?? service.node;
    const moves = target !== service.node;
    turn.log(
      "info",
      `service ${sid}: re-balance selected ${moves ? "new" : "current"} node ${target} for startup`,
    );
    if (moves) return turn.change(sid, "request_start_balance", { node: service.node, target });
  }
  turn.change(sid, "started", { node: service.node });
}

function nextWhenFrozen(turn: Turn, sid: string, service: ServiceStatus): void {
  if (turn.data.modes[service.node] !== "active") return;
  turn.change(sid, turn.resource(sid).state === "started" ? "started" : "request_stop");
}

/** Only somebody who disables the service gets it out of `error`. */
function nextWhenInError(turn: Turn, sid: string, service: ServiceStatus): void {
  if (turn.resource(sid).state !== "disabled") return;
  delete service.failed_nodes;
  turn.change(sid, "stopped");
}
