import type { AddressInfo } from "node:net";
import { type Connection as SshConnection, type Session, Server } from "ssh2";
import { keyPair } from "./keys";
import type { Connection } from "../../../../toolchain/launcher/connections";

export interface Answer {
  stdout?: string;
  stderr?: string;
  /** Undefined: the host cuts the connection before its command ends. */
  code?: number | undefined;
}

/** A host on loopback that lets everybody in and answers commands with texts. */
export interface StandInHost {
  port: number;
  /** As in known_hosts, without the names. */
  hostKey: string;
  connection(changes?: Partial<Connection>): Connection;
  /** What it was told to run. */
  commands: string[];
  /** What it was given to read, command by command. */
  inputs: string[];
  stop(): Promise<void>;
}

export async function startHost(
  answer: (command: string, input: string) => Answer,
): Promise<StandInHost> {
  const keys = keyPair();
  const hostKey = keys.public.split(" ").slice(0, 2).join(" ");
  const commands: string[] = [];
  const inputs: string[] = [];
  const clients = new Set<SshConnection>();
  const server = new Server({ hostKeys: [keys.private] }, (client) => {
    clients.add(client);
    (client as SshConnection & { setNoDelay(on: boolean): void }).setNoDelay(true);
    client.on("error", () => {});
    client.on("close", () => clients.delete(client));
    client.on("authentication", (context) => context.accept());
    client.on("session", (accept) => serve(accept(), client));
  });
  const serve = (session: Session, client: SshConnection): void => {
    session.on("exec", (accept, _reject, { command }) => {
      const channel = accept();
      let input = "";
      channel.on("data", (chunk: Buffer) => (input += chunk.toString("utf8")));
      channel.on("end", () => {
        // Whoever asked has gone.
        if (!channel.stderr.writable) return;
        commands.push(command);
        inputs.push(input);
        const { stdout = "", stderr = "", ...rest } = answer(command, input);
        const code = "code" in rest ? rest.code : 0;
        channel.write(stdout);
        channel.stderr.write(stderr);
        if (code === undefined) return client.end();
        channel.exit(code);
        channel.end();
      });
    });
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, hostKey, commands, inputs },
    connection: (changes) => ({ host: "127.0.0.1", port, user: "root", hostKey, ...changes }),
    stop: async () => {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
