import type { Motion, ServiceStatus } from "../types";
import type { Turn } from "./turn";

/** Companions come along; an opponent on the target forbids it. */
export function queueMotion(
  turn: Turn,
  command: string,
  kind: Motion,
  sid: string,
  target: string,
): void {
  const service = turn.services[sid];
  if (!service) return;
  const { together, apart } = turn.data.affinity;
  for (const other of [...(apart[sid] ?? [])].sort()) {
    const { node, target: heading } = turn.services[other] ?? {};
    if (node !== target || (heading !== undefined && heading !== target)) continue;
    turn.log(
      "err",
      `crm command '${command}' error - service '${other}' on node '${target}' in negative affinity with service '${sid}'`,
    );
    return;
  }
  turn.log("info", `got crm command: ${command}`);
  service.cmd = { kind, target };
  for (const other of [...(together[sid] ?? [])].sort()) {
    const companion = turn.services[other];
    if (!companion || companion.node === target || companion.target === target) continue;
    turn.log(
      "info",
      `crm command '${command}' - ${kind} service '${other}' to node '${target}' (service '${other}' in positive affinity with service '${sid}')`,
    );
    companion.cmd = { kind, target };
  }
}

/** Starts the motion that a crm command asked for, unless its target went away or is reached. */
export function moveOnCommand(
  turn: Turn,
  sid: string,
  service: ServiceStatus,
  { kind, target }: { kind: Motion; target: string },
): boolean {
  if (!turn.data.nodes.isOnline(target)) {
    turn.log("err", `ignore service '${sid}' ${kind} request - node '${target}' not online`);
  } else if (service.node === target) {
    turn.log(
      "info",
      `ignore service '${sid}' ${kind} request - service already on node '${target}'`,
    );
  } else {
    if (service.state === "started")
      turn.log("info", `${kind} service '${sid}' to node '${target}'`);
    turn.change(sid, kind, { node: service.node, target });
    return true;
  }
  return false;
}
