import { choose } from "../../toolchain/launcher/choose";
import { type Connection, connectionsOf } from "../../toolchain/launcher/connections";
import { type NodeReport, probe } from "../../toolchain/launcher/probe";
import { runOverSsh } from "../../toolchain/launcher/ssh";
import { readStackFile, type StackFile, stackFileName } from "../../toolchain/launcher/stackFile";
import { OpsError } from "../errors";
import { followGuests } from "../moved";
import { isBusy, runScript } from "../remote";
import type { Stack } from "../stack";
import { runAgain } from "./again";

/** Recovery of guests and the arming of HA are waited for. */
const TIMEOUT_MS = 40 * 60_000;

/** Takes a node that is off for good out of the cluster, and clears the way for its replacement. */
export async function removeNode(stack: Stack, node: string, poweredOff: boolean): Promise<void> {
  const file = readStackFile(stack.root, stack.name);
  const connections = connectionsOf(stack.root, file, process.env);
  const listed = file.nodes.find(({ name }) => name === node);
  if (listed) refuseFounder(stack, file, node);
  const member = await findMember(file, connections, node);
  const addresses = await leave(member, {
    NODE: node,
    ADDRESSES: listed?.address ?? "",
    POWERED_OFF: poweredOff ? "yes" : "no",
    SEEN: (await isSeen(member.report, node, connections[node])) ? "yes" : "no",
  });
  const known = [...new Set([listed?.address ?? "", ...addresses])].join(" ").trim();
  const others = Object.entries(connections).filter(([name]) => name !== node);
  for (const [name, connection] of others) await forget(name, connection, node, known);
  const { guests } = await probe(member.report.name, member.connection);
  const moved = await followGuests(stack, guests);
  if (moved.length > 0) tell(`The state says now where these run: ${moved.join(", ")}.`);
  if (listed) await announce(stack, node);
  else tell(`${node} is not in ${stackFileName(stack.name)} any more: that is all.`);
}

interface Member {
  report: NodeReport;
  connection: Connection;
}

/** The founding of a cluster is a step of that node: its replacement would begin a second one. */
function refuseFounder(stack: Stack, { founder }: StackFile, node: string): void {
  if (founder !== node) return;
  throw new OpsError(
    `${node} is the founder of the cluster: a replacement would found another. Make a node that stays the founder ` +
      `first: proxmox-ha:site.cluster.founder in ${stackFileName(stack.name)}`,
  );
}

/** A member that is quorate and stays. */
async function findMember(
  file: StackFile,
  connections: Record<string, Connection>,
  node: string,
): Promise<Member> {
  const asked = file.nodes.flatMap(({ name }) => {
    const connection = name === node ? undefined : connections[name];
    return connection ? [{ name, connection, answer: probe(name, connection) }] : [];
  });
  for (const { answer } of asked) answer.catch(() => {});
  const choice = await choose(asked, file);
  const report = choice?.report;
  const connection = asked.find(({ name }) => name === report?.name)?.connection;
  if (report && connection && report.cluster?.name === file.clusterName) {
    return { report, connection };
  }
  throw new OpsError(
    `No other member of cluster ${file.clusterName} answers over SSH, so ${node} cannot be taken out of it. ` +
      `Asked: ${asked.map(({ name }) => name).join(", ") || "nobody"}`,
  );
}

/** Whether a member answers us, with whichever key. */
async function isSeen(
  { members }: NodeReport,
  node: string,
  connection: Connection | undefined,
): Promise<boolean> {
  if (members[node] === undefined || !connection) return false;
  try {
    await runOverSsh(connection, "true");
    return true;
  } catch (error) {
    return /host key|let .* in/.test((error as Error).message);
  }
}

/** Returns the addresses that the node had. */
async function leave(
  { report, connection }: Member,
  variables: Record<string, string>,
): Promise<string[]> {
  const { name } = report;
  const result = await runScript(connection, {
    host: name,
    script: "cluster/leave",
    parts: ["cluster/parts/ha"],
    variables,
    timeoutMs: TIMEOUT_MS,
    onStderr: (text) => process.stderr.write(text),
    onBusy: () => tell(`${name} is busy with another script of this stack; waiting`),
  }).catch((error: Error) => {
    throw new OpsError(`${name}: ${error.message}. Run this again: it goes on where it was.`);
  });
  if (isBusy(result)) throw new OpsError(`${name} is busy with another script of this stack.`);
  if (result.code !== 0) {
    throw new OpsError(`${variables.NODE} was not taken out of the cluster; see above.`);
  }
  const [, addresses = ""] = /^addresses\t(.*)$/m.exec(result.stdout) ?? [];
  return addresses.split(" ").filter((address) => address !== "");
}

/** A host that does not answer keeps the old keys, which do no harm there but in the way of a replacement. */
async function forget(
  host: string,
  connection: Connection,
  node: string,
  addresses: string,
): Promise<void> {
  const variables = { NODE: node, ADDRESSES: addresses };
  const call = { host, script: "cluster/forget", variables };
  const problem = await runScript(connection, call).then(
    ({ code, stderr }) => {
      process.stderr.write(stderr);
      return code === 0 ? undefined : "see above";
    },
    (error: Error) => error.message,
  );
  if (problem === undefined) return;
  tell(`${host} still has ${node}'s SSH keys (${problem}). Run this again when it answers.`);
}

async function announce(stack: Stack, node: string): Promise<void> {
  const steps = await runAgain(stack, node);
  if (steps.length > 0) tell(`The next update does these again: ${steps.join(", ")}.`);
  tell(
    `${node} is still in ${stackFileName(stack.name)}. With a replacement in its place (docs/runbooks/replacing-a-dead-node.md): ` +
      `pulumi up --stack ${stack.name}. Without one, take it out of the file first.`,
  );
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}
