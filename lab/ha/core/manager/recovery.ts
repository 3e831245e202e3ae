import type { ServiceStatus } from "../types";
import type { Turn } from "./turn";

/** Locks that only meant something to a node that has been reset (Manager.pm). */
export const REMOVABLE_LOCKS = [
  "backup",
  "mounted",
  "migrate",
  "clone",
  "rollback",
  "snapshot",
  "snapshot-delete",
  "suspending",
  "suspended",
] as const;

/** Gives a service of a fenced node another one; while there is none it is tried again every round. */
export function recover(turn: Turn, sid: string, service: ServiceStatus): void {
  const fenced = service.node;
  const { env, node: master, resources } = turn.data;
  const { state: wanted, node: present } = turn.resource(sid);
  const next = wanted === "started" ? "started" : "request_stop";
  if (present !== undefined && present !== fenced) {
    // A migration ended after all before its node was reset; PVE tries in vain to move the config again.
    turn.log("info", `fixup service '${sid}' location (${fenced} => ${present})`);
    turn.change(sid, next, { node: present });
    return;
  }
  const target = turn.select(sid, "best");
  if (target === undefined) {
    turn.log(
      "err",
      `recovering service '${sid}' from fenced node '${fenced}' failed, no recovery node found`,
    );
    if (wanted === "disabled") {
      delete service.failed_nodes;
      // No node could run a stop order, so this does not go through request_stop.
      turn.change(sid, "stopped");
    }
    return;
  }
  turn.log(
    "info",
    target === fenced
      ? `recover service '${sid}' to previous failed and fenced node '${fenced}' again`
      : `recover service '${sid}' from fenced node '${fenced}' to node '${target}'`,
  );
  const lock = env.guests.unlock(master, sid, REMOVABLE_LOCKS);
  if (lock !== undefined) {
    turn.log(
      "warning",
      `removed leftover lock '${lock}' from recovered service '${sid}' to allow its start.`,
    );
  }
  env.guests.steal(master, sid, fenced, target);
  const resource = resources[sid];
  if (resource) resource.node = target;
  service.node = target;
  turn.change(sid, next, { node: target });
}
