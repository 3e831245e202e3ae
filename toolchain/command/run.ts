import { constants } from "node:os";
import type { Client } from "ssh2";
import { Capture } from "./capture";
import type { Command, Output } from "./command";
import { connect } from "./connection";
import { nameOf } from "./dial";
import type { ResourceLog } from "./engineLog";
import type { Redact } from "./redact";
import { Session } from "./session";

/** What a run reports to and obeys. */
export interface RunContext {
  log: ResourceLog;
  /** Goes over every text that leaves the plugin, except for the outputs. */
  redact: Redact;
  /** Ends the run: the command is asked to terminate and its session is closed. */
  signal: AbortSignal;
}

// Milliseconds that a command gets to end by itself after TERM before its session is closed, and the host to close that.
const GRACE = 1000;
// A log line is for reading; outputs are never cut.
const LONGEST_LINE = 8192;

/**
 * Runs a text as a command of this resource on its host and returns what it printed.
 * Rejects where the host cannot be reached, a variable is refused, or the command fails: then with its status and output.
 */
export async function run(text: string, command: Command, context: RunContext): Promise<Output> {
  const { log, redact, signal } = context;
  const status = (message: string) => log.status(redact(message));
  const client = await connect(command.connection, status, signal);
  try {
    const session = await prepare(client, command, context);
    return await execute(text, session, client, command, context);
  } finally {
    client.end();
  }
}

async function prepare(client: Client, command: Command, { log, signal }: RunContext) {
  const cut = () => client.destroy();
  signal.addEventListener("abort", cut);
  try {
    const session = await Session.open(client);
    await setVariables(session, command, log);
    return session;
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${nameOf(command.connection)}: ${messageOf(error)}`);
  } finally {
    signal.removeEventListener("abort", cut);
    signal.throwIfAborted();
  }
}

async function setVariables(session: Session, command: Command, log: ResourceLog): Promise<void> {
  for (const [name, value] of Object.entries(command.environment)) {
    if (await session.setEnv(name, value)) continue;
    log.error(refusal(name, command));
    throw new Error(`could not set environment variable ${JSON.stringify(name)} (AcceptEnv)`);
  }
  if (!command.addPreviousOutputInEnv) return;
  const { stdout, stderr } = command.previous;
  const previous = { PULUMI_COMMAND_STDOUT: stdout, PULUMI_COMMAND_STDERR: stderr };
  for (const [name, value] of Object.entries(previous)) {
    if (value !== "" && !(await session.setEnv(name, value))) log.warning(refusal(name, command));
  }
}

function refusal(name: string, { connection }: Command): string {
  return (
    `Unable to set ${name} on ${nameOf(connection)}: its SSH server does not accept the variable. ` +
    `Add "AcceptEnv ${name}" to /etc/ssh/sshd_config there, or write VAR=value before the command.`
  );
}

async function execute(
  text: string,
  session: Session,
  client: Client,
  command: Command,
  { log, redact, signal }: RunContext,
): Promise<Output> {
  const capture = new Capture(command.logging, (line) => {
    const shown = redact(line);
    log.status(shown.length > LONGEST_LINE ? `${shown.slice(0, LONGEST_LINE)}…` : shown);
  });
  const fail = (why: string) =>
    new Error(`${why}: running ${JSON.stringify(redact(text))}:\n${redact(capture.text)}`);

  const { channel } = session;
  channel.on("data", (bytes: Buffer) => capture.add("stdout", bytes));
  channel.stderr.on("data", (bytes: Buffer) => capture.add("stderr", bytes));
  const ended = Promise.all([
    new Promise<End>((resolve) => channel.on("close", (...end: End) => resolve(end))),
    new Promise((resolve) => channel.stderr.on("close", resolve)),
  ]);
  const stop = () => terminate(session, client);
  signal.addEventListener("abort", stop);
  try {
    // A connection that breaks here ends the channel as well, without a status.
    const runs = await session.exec(text).catch(() => true);
    if (!runs) throw fail(`${nameOf(command.connection)} runs no command`);
    channel.end(command.stdin ?? "");
    const [end] = await ended;
    capture.end();
    const failure = explainEnd(end, command);
    if (failure) throw fail(signal.aborted ? `${messageOf(signal.reason)}: ${failure}` : failure);
    return capture.output;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function terminate(session: Session, client: Client): void {
  const close = () => {
    session.channel.close();
    client.end();
  };
  session.signal("TERM");
  setTimeout(close, GRACE).unref();
  setTimeout(() => client.destroy(), 2 * GRACE).unref();
}

// Exit status, or null and a signal's name, or nothing where the connection broke.
type End = [code?: number | null, signal?: string];

function explainEnd([code, signal]: End, { connection }: Command): string | undefined {
  if (code === 0) return undefined;
  if (typeof code === "number") return `Process exited with status ${code}`;
  if (signal === undefined) {
    return (
      `the session on ${nameOf(connection)} ended without a status, and the command may still be running there ` +
      "(once the host can be reached, run pulumi up again)"
    );
  }
  const number = (constants.signals as Record<string, number>)[signal];
  const status = number === undefined ? "" : ` with status ${128 + number}`;
  return `Process exited${status} from signal ${signal.replace(/^SIG/, "")}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
