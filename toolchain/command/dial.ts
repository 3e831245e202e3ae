import { type AnyAuthMethod, Client } from "ssh2";
import { Login } from "./auth";
import type { Connection } from "./command";
import { type HostKey, mismatch } from "./hostKey";
import { milliseconds } from "./operations";

/** A connection that did not come about, and whether another attempt can help. */
export class DialError extends Error {
  constructor(
    message: string,
    readonly final = false,
  ) {
    super(message);
  }
}

/** What an attempt needs, checked and parsed once for all of them. */
export interface Target {
  connection: Connection;
  methods: AnyAuthMethod[];
  hostKey: HostKey | undefined;
}

// A peer that is gone without a word is noticed after 150 s, as with the released plugin (its TCP does the same).
const KEEPALIVE = { keepaliveInterval: 15_000, keepaliveCountMax: 9 };

/** `user@host:port`, for messages. */
export function nameOf(connection: Connection): string {
  const { host, port, user } = connection;
  return `${user}@${host.includes(":") ? `[${host}]` : host}:${Math.trunc(port)}`;
}

/**
 * Makes one attempt to connect and log in. The per-dial timeout covers all of it, the login too.
 * Rejects with a DialError, or with the signal's reason once that is aborted.
 */
export function dial(
  { connection, methods, hostKey }: Target,
  signal: AbortSignal,
): Promise<Client> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const client = new Client();
    const login = new Login(methods);
    let found: Buffer | undefined;
    const agent = methods.find((method) => method.type === "agent")?.agent;
    let agentError = "";
    const onAbort = () => fail(signal.reason);
    const fail = (error: unknown) => {
      signal.removeEventListener("abort", onAbort);
      client.destroy();
      reject(error);
    };
    signal.addEventListener("abort", onAbort);
    client.on("connect", () => client.setNoDelay()); // login is many small packets
    client.on("ready", () => {
      signal.removeEventListener("abort", onAbort);
      resolve(client);
    });
    client.on("close", () => fail(new DialError("the server closed the connection")));
    // Also keeps later errors from ending the process; whoever uses the client sees its channels close.
    client.on("error", (error: Error & { level?: string; code?: unknown }) => {
      if (error.level === "agent") agentError = ` (SSH agent at ${agent}: ${error.message})`;
      else if (hostKey && (found || error.message.includes("no matching host key format")))
        fail(new DialError(mismatch(nameOf(connection), hostKey, found), true));
      else fail(new DialError(explain(error, connection, login) + agentError));
    });
    client.connect({
      host: connection.host,
      port: Math.trunc(connection.port),
      username: connection.user,
      readyTimeout: milliseconds(connection.perDialTimeout),
      authHandler: login.next,
      ...KEEPALIVE,
      ...(hostKey && {
        algorithms: { serverHostKey: hostKey.algorithms },
        hostVerifier: (key: Buffer) => {
          if (!key.equals(hostKey.blob)) found = key;
          return found === undefined;
        },
      }),
    });
  });
}

const SOCKET_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by the server",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the host's name cannot be looked up",
  ETIMEDOUT: "no answer",
};

function explain(
  error: Error & { level?: string; code?: unknown },
  { perDialTimeout, user }: Connection,
  login: Login,
): string {
  switch (error.level) {
    case "client-timeout":
      return `no answer within ${perDialTimeout} s (connection.perDialTimeout)`;
    case "client-authentication":
      return `the server does not let ${user} in (${login})`;
    default:
      return SOCKET_ERRORS[String(error.code)] ?? error.message;
  }
}
