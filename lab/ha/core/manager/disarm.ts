import { sortedKeys } from "../text";
import type { LogLevel, ServiceState, ServiceStatus } from "../types";
import type { Turn } from "./turn";

/** States that have to end before HA can be disarmed. */
const UNSETTLED: Partial<Record<ServiceState, LogLevel>> = {
  fence: "warning",
  recovery: "warning",
  migrate: "info",
  relocate: "info",
};

const FREEZABLE: readonly ServiceState[] = [
  "started",
  "stopped",
  "request_stop",
  "request_start",
  "request_start_balance",
];

/** Whether the service's state has to end before HA can be disarmed. */
export function isUnsettled({ state }: ServiceStatus): boolean {
  return UNSETTLED[state] !== undefined;
}

/**
 * Goes on with disarming. Returns the services that still have to settle and must be served, or undefined when
 * none has and the round is over.
 */
export function progressDisarm(turn: Turn): Set<string> | undefined {
  const { disarm } = turn.data.memory.status;
  if (!disarm) return undefined;
  const unsettled = sortedKeys(turn.services).filter((sid) => {
    const { state } = turn.services[sid] ?? {};
    const level = state && UNSETTLED[state];
    if (level) turn.log(level, `deferring disarm - service '${sid}' is in '${state}' state`);
    return level !== undefined;
  });
  if (unsettled.length > 0) return new Set(unsettled);
  for (const sid of sortedKeys(turn.services)) {
    const service = turn.services[sid];
    if (!service) continue;
    if (disarm.mode === "ignore") turn.services[sid] = essence(service);
    else if (FREEZABLE.includes(service.state)) freeze(turn, sid, service);
  }
  const { nodes, modes } = turn.data;
  const allDisarmed = nodes.online().every((node) => modes[node] === "disarm");
  if (allDisarmed && disarm.state !== "disarmed") {
    turn.log("info", "all LRMs disarmed, HA stack is now fully disarmed");
    disarm.state = "disarmed";
  }
  return undefined;
}

function freeze(turn: Turn, sid: string, service: ServiceStatus): void {
  turn.log("info", `disarm: freezing service '${sid}' (was '${service.state}')`);
  turn.services[sid] = { ...essence(service), state: "freeze", uid: turn.newUid("freeze") };
}

/** A service without what only mattered to the round before. */
function essence({ state, node, uid, maintenance_node }: ServiceStatus): ServiceStatus {
  return { state, node, uid, ...(maintenance_node ? { maintenance_node } : {}) };
}
