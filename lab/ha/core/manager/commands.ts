import { knowsRules } from "../release";
import { sortedKeys } from "../text";
import type { Motion } from "../types";
import { queueMotion } from "./motion";
import type { Turn } from "./turn";

/** A kind of crm command: how it reads, and what it does with its arguments. */
interface Command {
  pattern: RegExp;
  /** Release 8 does not know it. */
  since9?: true;
  run(turn: Turn, command: string, args: string[]): void;
}

const COMMANDS: readonly Command[] = [
  {
    pattern: /^(migrate|relocate)\s+(\S+)\s+(\S+)$/,
    run: (turn, command, [kind = "", sid = "", node = ""]) =>
      requestMotion(turn, command, kind as Motion, sid, node),
  },
  {
    pattern: /^stop\s+(\S+)\s+(\d+)$/,
    run: (turn, command, [sid = "", timeout = ""]) => {
      const service = turn.services[sid];
      if (!service) return turn.log("err", `crm command error - no such service: ${command}`);
      turn.log("info", `got crm command: ${command}`);
      service.cmd = { kind: "stop", timeout: Number(timeout) };
    },
  },
  {
    pattern: /^enable-node-maintenance\s+(\S+)$/,
    run: (turn, command, [node = ""]) => enterMaintenance(turn, command, node),
  },
  {
    pattern: /^disable-node-maintenance\s+(\S+)$/,
    run: (turn, _command, [node = ""]) => {
      const state = turn.data.nodes.state(node);
      if (state !== "maintenance") {
        turn.log(
          "warning",
          `clearing maintenance of node ${node} requested, but it's in state ${state}`,
        );
      }
      delete turn.data.memory.status.node_request?.[node]?.maintenance;
    },
  },
  {
    pattern: /^disarm-ha\s+(freeze|ignore)$/,
    since9: true,
    run: (turn, _command, [mode = ""]) => disarm(turn, mode as "freeze" | "ignore"),
  },
  { pattern: /^arm-ha$/, since9: true, run: arm },
];

/** Takes the queued crm commands and hands them to their services and nodes. */
export function takeCommands(turn: Turn): void {
  const { env, node } = turn.data;
  const commands = [...env.files.read(node).crm_commands];
  if (commands.length === 0) return;
  env.files.write(node, (files) => {
    files.crm_commands = [];
  });
  const current = knowsRules(env, node);
  const known = COMMANDS.filter(({ since9 }) => current || !since9);
  for (const text of commands) {
    const found = known
      .map((command) => ({ command, match: command.pattern.exec(text) }))
      .find(({ match }) => match);
    if (found?.match) found.command.run(turn, text, found.match.slice(1));
    else turn.log("err", `unable to parse crm command: ${text}`);
  }
}

function requestMotion(
  turn: Turn,
  command: string,
  kind: Motion,
  sid: string,
  target: string,
): void {
  const service = turn.services[sid];
  if (!service) {
    turn.log("err", `crm command error - no such service: ${command}`);
  } else if (!turn.data.nodes.isOnline(target)) {
    turn.log("err", `crm command error - node not online: ${command}`);
  } else if (service.node === target) {
    turn.log("info", `ignore crm command - service already on target node: ${command}`);
  } else {
    queueMotion(turn, command, kind, sid, target);
  }
}

function enterMaintenance(turn: Turn, command: string, node: string): void {
  const {
    memory: { status },
    nodes,
  } = turn.data;
  const state = nodes.state(node);
  if (status.disarm) {
    turn.log("warning", `ignoring maintenance command for node ${node} - HA stack is disarmed`);
  } else if (state === "online") {
    ((status.node_request ??= {})[node] ??= {}).maintenance = 1;
  } else if (state === "maintenance") {
    turn.log("info", `ignoring crm command - node ${node} is already in maintenance state`);
  } else {
    turn.log("err", `crm command error - node not online: ${command}`);
  }
}

function disarm(turn: Turn, mode: "freeze" | "ignore"): void {
  const { status } = turn.data.memory;
  if (status.disarm) {
    turn.log(
      "notice",
      `ignoring disarm-ha command - already in disarm state (${status.disarm.state})`,
    );
    return;
  }
  turn.log("info", `got crm command: disarm-ha ${mode}`);
  if (mode === "ignore") {
    for (const sid of sortedKeys(turn.services)) {
      turn.log("info", `disarm: suspending HA tracking for service '${sid}'`);
    }
  }
  status.disarm = { mode, state: "disarming" };
}

function arm(turn: Turn): void {
  const {
    memory: { status },
    resources,
  } = turn.data;
  if (!status.disarm) {
    return turn.log("notice", "ignoring arm-ha command - HA stack is not disarmed");
  }
  turn.log("info", "got crm command: arm-ha");
  if (status.disarm.mode === "ignore") {
    for (const sid of sortedKeys(turn.services)) {
      const service = turn.services[sid];
      const node = resources[sid]?.node;
      if (!service || node === undefined || node === service.node) continue;
      turn.log(
        "info",
        `service '${sid}': updating node '${service.node}' => '${node}' (changed while disarmed)`,
      );
      service.node = node;
    }
  }
  delete status.disarm;
}
