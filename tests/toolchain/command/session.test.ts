import { generateKeyPairSync } from "node:crypto";
import type { AddressInfo } from "node:net";
import {
  type AuthContext,
  type ServerChannel,
  type Session,
  type Connection as SshConnection,
  Server as SshServer,
} from "ssh2";
import { until } from "./support/processes";
import { rejection, testProvider } from "./support/provider";

jest.setTimeout(20_000);

// What OpenSSH cannot be made to do in a test: ssh2's own server does it here.

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const HOST_KEY = privateKey.export({ type: "pkcs1", format: "pem" }).toString();

interface Behaviour {
  signal?(name: string): void;
  login?(context: AuthContext): void;
  session?(session: Session, client: SshConnection): void;
}

let server: SshServer | undefined;
afterEach(() => server?.close());

async function startServer({
  login,
  session,
  signal,
}: Behaviour): Promise<Record<string, unknown>> {
  // ssh2 passes no signal on once stdin has ended; it does tell of it here.
  const debug = (message: string) => {
    const [, name] = /Inbound: CHANNEL_REQUEST .* signal: (\w+)/.exec(message) ?? [];
    if (name) signal?.(name);
  };
  const running = new SshServer({ hostKeys: [HOST_KEY], debug }, (client) => {
    client.on("error", () => {});
    client.on("authentication", login ?? ((context) => context.accept()));
    client.on("session", (accept, reject) => (session ? session(accept(), client) : reject()));
  });
  server = running;
  await new Promise<void>((resolve) => running.listen(0, "127.0.0.1", () => resolve()));
  const { port } = running.address() as AddressInfo;
  return { host: "127.0.0.1", port, user: "admin", dialErrorLimit: 0 };
}

function run(connection: Record<string, unknown>, inputs: Record<string, unknown> = {}) {
  const { create, operations, lines } = testProvider();
  return { operations, lines, result: create({ connection, create: "the command", ...inputs }) };
}

function succeed(session: Session): void {
  session.on("exec", (accept) => end(accept(), 0));
}

function end(channel: ServerChannel, status: number): void {
  channel.write("ran");
  channel.exit(status);
  channel.end();
}

test("a cancelled command is sent TERM, and its own end is awaited", async () => {
  const signals: string[] = [];
  let channel: ServerChannel;
  const connection = await startServer({
    session: (session) =>
      session.on("exec", (accept) => {
        channel = accept();
        channel.write("started\n");
      }),
    signal: (name) => {
      signals.push(name);
      channel.write("cleaned up\n");
      channel.exit("TERM", false, "");
      channel.end();
    },
  });
  const { operations, lines, result } = run(connection, { stdin: "all of it" });
  const ended = rejection(result);
  await until(() => lines.length > 0);
  operations.cancel();
  expect(await ended).toBe(
    'cancelled: Process exited with status 143 from signal TERM: running "the command":\nstarted\ncleaned up\n',
  );
  expect(signals).toEqual(["TERM"]);
});

test("a cancelled command that has done its work all the same counts as done", async () => {
  let channel: ServerChannel;
  const connection = await startServer({
    session: (session) =>
      session.on("exec", (accept) => {
        channel = accept();
        operations.cancel();
      }),
    signal: () => end(channel, 0),
  });
  const { operations, result } = run(connection);
  expect((await result).outputs.stdout).toBe("ran");
});

test("a cancel while a variable is set closes the connection and blames no variable", async () => {
  const connection = await startServer({
    session: (session) => session.on("env", () => operations.cancel()),
  });
  const { operations, result } = run(connection, { environment: { A: "a" } });
  expect(await rejection(result)).toBe("cancelled");
});

test("a password answers the server's questions where it takes no password directly", async () => {
  const connection = await startServer({
    login: (context) => {
      if (context.method !== "keyboard-interactive")
        return context.reject(["keyboard-interactive"]);
      context.prompt([{ prompt: "Password: ", echo: false }], (answers) =>
        answers[0] === "open sesame" ? context.accept() : context.reject(),
      );
    },
    session: succeed,
  });
  const { result } = run({ ...connection, password: "open sesame" });
  expect((await result).outputs.stdout).toBe("ran");
});

test("a password is given directly where the server takes that", async () => {
  const connection = await startServer({
    login: (context) =>
      context.method === "password" && context.password === "open sesame"
        ? context.accept()
        : context.reject(["password"]),
    session: succeed,
  });
  const right = run({ ...connection, password: "open sesame" });
  expect((await right.result).outputs.stdout).toBe("ran");
  const wrong = run({ ...connection, password: "hunter2" });
  const message = await rejection(wrong.result);
  expect(message).toMatch(/does not let admin in \(it accepts password; tried password\)$/);
});

test("a command that is over before it gets its stdin is judged by its status", async () => {
  const connection = await startServer({
    session: (session) =>
      session.on("exec", (accept) => {
        const channel = accept();
        channel.write("ran");
        channel.exit(0);
        channel.close();
      }),
  });
  for (const stdin of [undefined, "unread", "x".repeat(3 * 1024 * 1024)]) {
    const { result } = run(connection, stdin === undefined ? {} : { stdin });
    expect((await result).outputs.stdout).toBe("ran");
  }
});

test("a connection that is cut while the command starts is told as such", async () => {
  const connection = await startServer({
    session: (session, client) => session.on("exec", () => client.end()),
  });
  expect(await rejection(run(connection).result)).toMatch(
    /^the session on admin@.* ended without a status, and the command may still be running there \(once the host can be reached, run pulumi up again\): /,
  );
});

test("a server that runs no command is named", async () => {
  const connection = await startServer({
    session: (session) => session.on("exec", (_accept, reject) => reject()),
  });
  expect(await rejection(run(connection).result)).toMatch(
    /^admin@127\.0\.0\.1:\d+ runs no command: running "the command":/,
  );
});

test("a server that opens no session is named", async () => {
  const connection = await startServer({});
  expect(await rejection(run(connection).result)).toMatch(
    /^admin@127\.0\.0\.1:\d+: .*Channel open failure/,
  );
});

test("a command that ends without a status has failed", async () => {
  const connection = await startServer({
    session: (session) => session.on("exec", (accept) => accept().end("said something")),
  });
  expect(await rejection(run(connection).result)).toMatch(
    /^the session on admin@.* ended without a status, and the command may still be running there \(once the host can be reached, run pulumi up again\): .*:\nsaid something$/,
  );
});
