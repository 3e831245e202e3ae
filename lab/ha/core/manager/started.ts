import { typeOf } from "../text";
import { EXIT, type OrderResult, type Resource, type ServiceStatus } from "../types";
import { moveOnCommand } from "./motion";
import type { Preference } from "./placement";

import type { Turn } from "./turn";

/** A service that runs, or is to be started, where it is: watches its node, its request, its start and its place. */
export function nextWhenStarted(turn: Turn, sid: string, service: ServiceStatus): void {
  const { nodes } = turn.data;
  if (!nodes.isOnline(service.node)) {
    const inMaintenance = nodes.state(service.node) === "maintenance";
    // Where it goes back to afterwards.
    if (inMaintenance) service.maintenance_node = service.node;
    if (nodes.isAway(service.node)) return turn.change(sid, "fence");
    if (!inMaintenance) return;
  }
  const resource = turn.resource(sid);
  switch (resource.state) {
    case "disabled":
    case "stopped":
      return turn.change(sid, "request_stop");
    case "started":
      return service.cmd ? obey(turn, sid, service) : watch(turn, sid, service, resource);
    case "ignored":
      turn.log("err", `service '${sid}' - unknown state 'ignored' in service configuration`);
      return;
    default: {
      const never: never = resource.state;
      throw new Error(`unknown request ${String(never)}`);
    }
  }
}

function obey(turn: Turn, sid: string, service: ServiceStatus): void {
  const command = service.cmd;
  delete service.cmd;
  if (!command) return;
  if (command.kind !== "stop") {
    moveOnCommand(turn, sid, service, command);
    return;
  }
  const { timeout } = command;
  turn.log(
    "info",
    timeout === 0
      ? `request immediate service hard-stop for service '${sid}'`
      : `request graceful stop with timeout '${timeout}' for service '${sid}'`,
  );
  turn.change(sid, "request_stop", { timeout });
  turn.data.env.config.request(turn.data.node, sid, "stopped");
}

function watch(turn: Turn, sid: string, service: ServiceStatus, resource: Resource): void {
  const result = turn.result(service);
  const preference = result ? judge(turn, sid, service, resource, result) : "stay";
  if (!preference) return;
  const node = turn.select(sid, preference);
  if (node !== undefined && node !== service.node) {
    leaveMaintenance(turn, sid, service, node);
    move(turn, sid, service.node, node);
    return;
  }
  if (preference === "next" && node === undefined) {
    turn.log(
      "warning",
      `Start Error Recovery: Tried all available nodes for service '${sid}', retry start on current node. Tried nodes: ${tried(service)}`,
    );
  }
  const home = service.maintenance_node;
  if (home === service.node && turn.data.nodes.isOnline(home)) {
    // It never started elsewhere, as when the whole cluster was shut down at once.
    turn.log(
      "info",
      `service '${sid}': clearing stale maintenance node '${home}' setting (is current node)`,
    );
    delete service.maintenance_node;
  }
  // A fresh order has the LRM look again, and start the service if it went down by itself.
  if (result) service.uid = turn.newUid(service.state);
}

/** Takes in how the start went; undefined when the service went into `error`. */
function judge(
  turn: Turn,
  sid: string,
  service: ServiceStatus,
  resource: Resource,
  { exit_code: code }: OrderResult,
): Preference | undefined {
  if (code === EXIT.success) {
    if (service.failed_nodes) {
      turn.log(
        "info",
        `relocation policy successful for '${sid}' on node '${service.node}', failed nodes: ${tried(service)}`,
      );
    }
    delete service.failed_nodes;
    service.running = 1;
    return "stay";
  }
  service.failed_nodes = [...(service.failed_nodes ?? []), service.node];
  if (code !== EXIT.error && code !== EXIT.wrongNode) {
    turn.log("err", `service '${sid}' got unrecoverable error (exit code ${code})`);
    turn.change(sid, "error");
    return undefined;
  }
  delete service.running;
  if (service.failed_nodes.length > resource.max_relocate) {
    turn.log(
      "err",
      `recovery policy for service ${sid} failed, entering error state. Failed nodes: ${tried(service)}`,
    );
    turn.change(sid, "error");
    return undefined;
  }
  turn.log(
    "warning",
    `starting service ${sid} on node '${service.node}' failed, relocating service.`,
  );
  return "next";
}

function leaveMaintenance(turn: Turn, sid: string, service: ServiceStatus, node: string): void {
  const home = service.maintenance_node;
  if (home === undefined) return;
  if (node === home) {
    turn.log("info", `moving service '${sid}' back to '${home}', node came back from maintenance.`);
    delete service.maintenance_node;
  } else if (service.node !== home) {
    turn.log("info", `dropping maintenance fallback node '${home}' for '${sid}'`);
    delete service.maintenance_node;
  }
}

/** VMs migrate while they run; containers are stopped, moved and started. */
function move(turn: Turn, sid: string, node: string, target: string): void {
  if (typeOf(sid) === "vm") {
    turn.log("info", `migrate service '${sid}' to node '${target}' (running)`);
    turn.change(sid, "migrate", { node, target });
  } else {
    turn.log("info", `relocate service '${sid}' to node '${target}'`);
    turn.change(sid, "relocate", { node, target });
  }
}

function tried(service: ServiceStatus): string {
  return (service.failed_nodes ?? []).join(", ");
}
