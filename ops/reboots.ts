import { connect } from "node:net";
import { type Connection, connectionsOf } from "../toolchain/launcher/connections";
import { readStackFile } from "../toolchain/launcher/stackFile";
import type { Checkpoint } from "./pulumi";
import type { Stack } from "./stack";

/** As long as the step after a reboot waits for its host. */
const LIMIT_MS = 15 * 60_000;
const PAUSE_MS = 2_000;
const ANSWER_MS = 2_000;

/** Nodes whose SSH does not answer now. Empty as well where nobody knows how to reach them: others tell why. */
export async function silentNodes(stack: Stack): Promise<string[]> {
  const nodes = Object.entries(nodesOf(stack));
  const answers = await Promise.all(nodes.map(([, connection]) => listens(connection)));
  return nodes.flatMap(([name], index) => (answers[index] ? [] : [name]));
}

/**
 * Waits for nodes that a run has told to reboot before it was cut short: nothing can be asked or done without them.
 * Goes on when their time is up; whoever needs them says what is wrong.
 */
export async function awaitReboots(
  stack: Stack,
  state: Checkpoint,
  say: (text: string) => void,
  limitMs = LIMIT_MS,
): Promise<void> {
  const rebooting = rebootingNodes(state);
  const away = async (): Promise<string[]> =>
    rebooting.length === 0
      ? []
      : (await silentNodes(stack)).filter((name) => rebooting.includes(name));
  const deadline = Date.now() + limitMs;
  let silent = await away();
  if (silent.length === 0) return;
  say(`waits for ${silent.join(" and ")}, told to reboot by the run that was cut short`);
  while (silent.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    silent = await away();
  }
}

/** Nodes at which the step that reboots has begun, and the one after it has not ended. */
export function rebootingNodes({ deployment }: Checkpoint): string[] {
  const { resources = [], pending_operations: pending = [] } = deployment;
  const steps = (urns: string[], step: string): string[] =>
    urns.flatMap((urn) => {
      const name = urn.split("::").at(-1) ?? "";
      return name.startsWith(`${step}-`) ? [name.slice(step.length + 1)] : [];
    });
  const done = resources.map(({ urn }) => urn);
  const begun = pending.map(({ resource }) => resource.urn);
  const installed = steps(done, "install");
  return [...new Set(steps([...done, ...begun], "reboot"))].filter(
    (name) => !installed.includes(name),
  );
}

function nodesOf({ root, name }: Stack): Record<string, Connection> {
  try {
    const file = readStackFile(root, name);
    const connections = connectionsOf(root, file, process.env);
    return Object.fromEntries(
      file.nodes.flatMap(({ name: node }) => {
        const connection = connections[node];
        return connection ? [[node, connection]] : [];
      }),
    );
  } catch {
    return {};
  }
}

function listens({ host, port }: Connection): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", end(true));
    socket.on("timeout", end(false));
    socket.on("error", end(false));
  });
}
