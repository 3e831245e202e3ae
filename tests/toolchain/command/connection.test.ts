import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { fingerprint, parseHostKey } from "../../../toolchain/command/hostKey";
import type { Properties } from "../../../toolchain/command/values";
import { forward } from "./support/forward";
import { until } from "./support/processes";
import { rejection, testProvider } from "./support/provider";
import { freePort, type Sshd, startSshd } from "./support/sshd";

jest.setTimeout(20_000);

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd?.stop());

/** Creates a command on the test's host. */
function create(inputs: Record<string, unknown>, connection: Record<string, unknown> = {}) {
  const { create, lines } = testProvider();
  const result = create({ connection: sshd.connection(connection), ...inputs });
  return { result, lines };
}

async function outputs(inputs: Record<string, unknown>, connection = {}): Promise<Properties> {
  return (await create(inputs, connection).result).outputs;
}

describe("a host key", () => {
  test.each(["ed25519", "rsa"] as const)("that is the pinned one is accepted: %s", async (type) => {
    const hostKey = sshd.hostKeys[type];
    expect(await outputs({ create: "echo in" }, { hostKey })).toMatchObject({ stdout: "in" });
  });

  test("that is not pinned is accepted, as with the released plugin", async () => {
    expect(await outputs({ create: "echo in" }, { hostKey: null })).toMatchObject({ stdout: "in" });
  });

  test("that is another one is refused at once, with both fingerprints", async () => {
    const hostKey = sshd.hostKeys.wrong;
    const { result, lines } = create({ create: "true" }, { hostKey, dialErrorLimit: 10 });
    const message = await rejection(result);
    const [expected, found] = [hostKey, sshd.hostKeys.ed25519].map((key) =>
      fingerprint(parseHostKey(key).blob),
    );
    expect(message).toContain(`127.0.0.1:${sshd.port} is not the pinned one: expected ${expected}`);
    expect(message).toContain(`found ${found}.`);
    expect(lines).toEqual([]);
  });

  test("of a type that the host has not got is refused at once", async () => {
    const blob = Buffer.concat([
      Buffer.from([0, 0, 0, 19]),
      Buffer.from("ecdsa-sha2-nistp256"),
      Buffer.alloc(80),
    ]);
    const hostKey = `ecdsa-sha2-nistp256 ${blob.toString("base64")}`;
    const { result } = create({ create: "true" }, { hostKey, dialErrorLimit: 10 });
    expect(await rejection(result)).toContain("the host has no ecdsa-sha2-nistp256 key");
  });
});

describe("a login", () => {
  test("with a key under a passphrase works with that only", async () => {
    const privateKey = sshd.keys.locked;
    const { result } = create({ create: "true" }, { privateKey });
    expect(await rejection(result)).toMatch(/connection\.privateKey cannot be read: .*passphrase/);
    expect(
      await outputs({ create: "echo in" }, { privateKey, privateKeyPassword: "open sesame" }),
    ).toMatchObject({ stdout: "in" });
  });

  test("with a key that is not authorized fails, and says what the host accepts", async () => {
    const { result, lines } = create(
      { create: "true" },
      { privateKey: sshd.keys.wrong, dialErrorLimit: 2 },
    );
    const reason = `the server does not let ${sshd.user} in (it accepts publickey; tried publickey)`;
    expect(await rejection(result)).toBe(
      `after 2 failed attempts: ${sshd.user}@127.0.0.1:${sshd.port}: ${reason}`,
    );
    expect(lines).toEqual([
      `status: Dial 1/2 failed: retrying (${reason})`,
      `status: Dial 2/2 failed: retrying (${reason})`,
    ]);
  });

  test("can use the keys of an agent", async () => {
    const agentSocketPath = join(sshd.dir, "agent");
    const started = execFileSync("ssh-agent", ["-s", "-a", agentSocketPath], { encoding: "utf8" });
    const agent = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    try {
      const env = { ...process.env, SSH_AUTH_SOCK: agentSocketPath };
      execFileSync("ssh-add", ["-q", join(sshd.dir, "right")], { env });
      expect(
        await outputs({ create: "echo in" }, { privateKey: null, agentSocketPath }),
      ).toMatchObject({ stdout: "in" });
    } finally {
      process.kill(agent);
    }
  });

  test("with an agent that is not there fails, and says so", async () => {
    const { result } = create(
      { create: "true" },
      { privateKey: null, agentSocketPath: "/nowhere" },
    );
    expect(await rejection(result)).toMatch(/does not let .* in .*\(SSH agent at \/nowhere: /);
  });
});

describe("a host that does not answer", () => {
  test("is tried again as often as the limit allows", async () => {
    const port = await freePort();
    const { result, lines } = create({ create: "true" }, { port, dialErrorLimit: 3 });
    expect(await rejection(result)).toBe(
      `after 3 failed attempts: ${sshd.user}@127.0.0.1:${port}: connection refused`,
    );
    expect(lines).toEqual(
      [1, 2, 3].map((n) => `status: Dial ${n}/3 failed: retrying (connection refused)`),
    );
  });

  test("is reached once it is up", async () => {
    const port = await freePort();
    const { result, lines } = create({ create: "echo up" }, { port, dialErrorLimit: -1 });
    await until(() => lines.length > 0);
    expect(lines[0]).toBe("status: Dial 1/inf failed: retrying (connection refused)");
    const { close } = await forward(port, sshd.port);
    expect((await result).outputs.stdout).toBe("up");
    close();
  });

  describe("but accepts connections", () => {
    let silent: Server;
    let port: number;
    beforeAll(async () => {
      port = await freePort();
      await new Promise<void>((resolve) => {
        silent = createServer(() => {}).listen(port, "127.0.0.1", resolve);
      });
    });
    afterAll(() => silent.close());

    test("is given up after the time for a dial", async () => {
      const { result } = create({ create: "true" }, { port, perDialTimeout: 1 });
      expect(await rejection(result)).toMatch(
        /no answer within 1 s \(connection\.perDialTimeout\)$/,
      );
    });

    test("is waited for without limit where the time is 0, until the operation is cancelled", async () => {
      const { create, operations } = testProvider();
      const connection = sshd.connection({ port, perDialTimeout: 0, dialErrorLimit: -1 });
      const ended = rejection(create({ connection, create: "true" }));
      await new Promise((resolve) => setTimeout(resolve, 300));
      operations.cancel();
      expect(await ended).toBe("cancelled");
    });
  });

  test("is not tried again once the operation is cancelled", async () => {
    const { create, operations, lines } = testProvider();
    const connection = sshd.connection({ port: await freePort(), dialErrorLimit: -1 });
    const ended = rejection(create({ connection, create: "true" }));
    await until(() => lines.length > 0);
    operations.cancel();
    expect(await ended).toBe("cancelled");
  });
});
