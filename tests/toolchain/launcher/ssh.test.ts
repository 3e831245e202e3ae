import { createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Connection } from "../../../toolchain/launcher/connections";
import { runOverSsh } from "../../../toolchain/launcher/ssh";
import { freePort, type Sshd, startSshd } from "../command/support/sshd";
import { type StandInHost, startHost } from "./support/node";

const AGENT = process.env.SSH_AUTH_SOCK;
let sshd: Sshd;
beforeAll(async () => {
  delete process.env.SSH_AUTH_SOCK;
  sshd = await startSshd();
});
afterAll(async () => {
  if (AGENT !== undefined) process.env.SSH_AUTH_SOCK = AGENT;
  await sshd.stop();
});

function connection(changes: Partial<Connection> = {}): Connection {
  return {
    ...{ host: "127.0.0.1", port: sshd.port, user: sshd.user },
    ...{ keyFile: join(sshd.dir, "right"), hostKey: sshd.hostKeys.ed25519, ...changes },
  };
}
const reason = (changes: Partial<Connection>, timeoutMs?: number) =>
  runOverSsh(connection(changes), "true", timeoutMs).then(
    () => "it worked",
    (error: Error) => error.message,
  );

describe("a command over SSH", () => {
  it("gives its output, its errors and its exit code", async () => {
    const command = "echo out; echo größer >&2; exit 7";
    expect(await runOverSsh(connection(), command)).toEqual({
      stdout: "out\n",
      stderr: "größer\n",
      code: 7,
    });
  });

  it("gets no input, so it never waits for some", async () => {
    expect(await runOverSsh(connection(), "cat; echo end")).toMatchObject({ stdout: "end\n" });
  });

  it("gives all of a long output", async () => {
    const { stdout } = await runOverSsh(connection(), "head -c 3000000 /dev/zero | tr '\\0' x");
    expect(stdout).toHaveLength(3_000_000);
  });

  it("that a signal ends has code 255", async () => {
    expect(await runOverSsh(connection(), "kill -9 $$")).toMatchObject({ code: 255 });
  });

  it("works with an RSA key that is pinned, and with the comment of a known_hosts line", async () => {
    const hostKey = `${sshd.hostKeys.rsa.trim()} root@pve01`;
    expect(await runOverSsh(connection({ hostKey }), "echo hi")).toMatchObject({ stdout: "hi\n" });
  });
});

describe("a command over SSH is refused, in words that follow a host's name,", () => {
  it("when the host shows another key than the pinned one", async () => {
    expect(await reason({ hostKey: sshd.hostKeys.wrong })).toBe(
      "its host key is not the pinned one",
    );
  });

  it("when nothing is pinned", async () => {
    expect(await reason({ hostKey: "" })).toBe("its host key is not the pinned one");
  });

  it("when the host has no key of the pinned type", async () => {
    const hostKey =
      "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7" +
      "opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=";
    expect(await reason({ hostKey })).toBe(
      "it has no host key of the pinned type (ecdsa-sha2-nistp256)",
    );
  });

  it("when the host does not know our key", async () => {
    const keyFile = join(sshd.dir, "wrong");
    expect(await reason({ keyFile })).toBe(
      `it does not let ${sshd.user} in with the key ${keyFile}`,
    );
  });

  it("when there is neither a key file nor an agent", async () => {
    const { keyFile: _, ...rest } = connection();
    await expect(runOverSsh(rest, "true")).rejects.toThrow(
      `it does not let ${sshd.user} in; set proxmox-ha:ssh.keyFile, or give ssh-agent a key that it knows`,
    );
  });

  it("when the key file is missing", async () => {
    expect(await reason({ keyFile: "/nowhere/id" })).toBe(
      "the SSH key cannot be read (ENOENT: no such file or directory, open '/nowhere/id'); correct proxmox-ha:ssh.keyFile",
    );
  });

  it("when the key needs a passphrase", async () => {
    expect(await reason({ keyFile: join(sshd.dir, "locked") })).toMatch(
      /^the SSH key .*locked cannot be used \(.*passphrase.*\); a key with a passphrase works through ssh-agent/,
    );
  });

  it("when nobody listens there", async () => {
    const port = await freePort();
    expect(await reason({ port })).toBe(`connect ECONNREFUSED 127.0.0.1:${port}`);
  });
});

describe("a host that gives no answer", () => {
  let silent: Server | undefined;
  let host: StandInHost | undefined;
  afterEach(async () => {
    silent?.close();
    await host?.stop();
  });

  it("is waited for only so long, while it says nothing at all", async () => {
    const server = createServer((socket) => socket.on("error", () => {}));
    silent = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expect(await reason({ port }, 50)).toBe("no answer within 0.05 s");
  });

  it("is waited for only so long, while its command runs", async () => {
    await expect(runOverSsh(connection(), "sleep 5", 400)).rejects.toThrow(
      "no answer within 0.4 s",
    );
  });

  it("to its command, but cuts the connection, has given half an answer: it does not count", async () => {
    host = await startHost(() => ({ stdout: "half", code: undefined }));
    await expect(runOverSsh(host.connection(), "cat")).rejects.toThrow(
      "the connection was cut before the answer",
    );
  });
});
