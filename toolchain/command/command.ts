import { COMMAND, DEFAULTS, NO_PROXY } from "./inputs";
import { hasUnknown, isPlainObject, type Properties, revealAll, type Value } from "./values";

/** How to reach a host. Times in seconds; a dial error limit of -1 means none, a timeout of 0 too. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string | undefined;
  privateKey: string | undefined;
  privateKeyPassword: string | undefined;
  agentSocketPath: string | undefined;
  hostKey: string | undefined;
  dialErrorLimit: number;
  perDialTimeout: number;
}

/** A command resource in plain, ready for use: never for a message or the state. */
export interface Command {
  connection: Connection;
  create: string | undefined;
  update: string | undefined;
  delete: string | undefined;
  stdin: string | undefined;
  environment: Record<string, string>;
  logging: string | undefined;
  addPreviousOutputInEnv: boolean;
  /** What the last run printed, from the state. */
  previous: Output;
}

/** What a command printed, without one newline at the end. */
export interface Output {
  stdout: string;
  stderr: string;
}

/** Reads checked inputs, and what the last run printed from the state before. Throws if a value is still unknown. */
export function readCommand(inputs: Properties, state: Properties): Command {
  const unknown = Object.keys(COMMAND).filter((name) => hasUnknown(inputs[name]));
  if (unknown.length > 0) throw new Error(`Not known yet: ${unknown.join(", ")}.`);
  const plain = (name: string) => revealAll(inputs[name] ?? null);
  const environment = plain("environment");
  return {
    connection: readConnection(plain("connection")),
    create: text(plain("create")),
    update: text(plain("update")),
    delete: text(plain("delete")),
    stdin: text(plain("stdin")),
    environment: Object.fromEntries(
      Object.entries(isPlainObject(environment) ? environment : {}).map(([k, v]) => [k, `${v}`]),
    ),
    logging: text(plain("logging")),
    addPreviousOutputInEnv: plain("addPreviousOutputInEnv") !== false,
    previous: {
      stdout: text(revealAll(state.stdout ?? "")) ?? "",
      stderr: text(revealAll(state.stderr ?? "")) ?? "",
    },
  };
}

// The defaults again: a state of an older plugin may lack them.
function readConnection(value: Value): Connection {
  const given = isPlainObject(value) ? value : {};
  if ("proxy" in given) throw new Error(NO_PROXY);
  const host = text(given.host);
  if (host === undefined) throw new Error("The connection has no host. Give it connection.host.");
  return {
    host,
    port: number(given.port, DEFAULTS.port),
    user: text(given.user) ?? DEFAULTS.user,
    password: text(given.password),
    privateKey: text(given.privateKey),
    privateKeyPassword: text(given.privateKeyPassword),
    agentSocketPath: text(given.agentSocketPath),
    hostKey: text(given.hostKey),
    dialErrorLimit: number(given.dialErrorLimit, DEFAULTS.dialErrorLimit),
    perDialTimeout: number(given.perDialTimeout, DEFAULTS.perDialTimeout),
  };
}

function text(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: Value | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
