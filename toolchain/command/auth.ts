import type { AnyAuthMethod, AuthenticationType } from "ssh2";
import { parseClientKey } from "./clientKey";
import type { Connection } from "./command";

/** The ways to log in that a connection allows, in the released plugin's order. Throws if the private key cannot be read. */
export function authMethods(connection: Connection): AnyAuthMethod[] {
  const { user: username, password, privateKey, privateKeyPassword } = connection;
  const methods: AnyAuthMethod[] = [{ type: "none", username }];
  if (privateKey !== undefined) {
    methods.push({
      type: "publickey",
      username,
      key: parseClientKey(privateKey, privateKeyPassword),
    });
  }
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _lang, prompts, finish) => finish(prompts.map(() => password)),
    });
  }
  // A private key in the connection takes the place of the agent's keys: a server is asked for either.
  const agent = connection.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  if (agent && privateKey === undefined) methods.push({ type: "agent", username, agent });
  return methods;
}

/** Hands ssh2 one method after another, as far as the server accepts them, and keeps record for a message. */
export class Login {
  readonly #left: AnyAuthMethod[];
  readonly #tried: string[] = [];
  #accepted: string[] = [];

  constructor(methods: AnyAuthMethod[]) {
    this.#left = [...methods];
  }

  readonly next = (accepted: AuthenticationType[] | null): AnyAuthMethod | false => {
    if (accepted) this.#accepted = accepted;
    for (let method = this.#left.shift(); method; method = this.#left.shift()) {
      const name = method.type === "agent" ? "publickey" : method.type;
      if (accepted && !accepted.includes(name)) continue;
      if (method.type !== "none") this.#tried.push(method.type);
      return method;
    }
    return false; // ssh2 reports that all methods failed
  };

  toString(): string {
    return `it accepts ${this.#accepted.join(", ")}; tried ${this.#tried.join(", ") || "nothing"}`;
  }
}
