import type { AddressInfo } from "node:net";
import { Client, type ClientChannel } from "ssh2";
import { sshServer } from "../../../lab/ssh/server";
import { HostShell } from "../../../lab/ssh/shell";
import { publicKeyOf, newSshKey } from "../../../lab/state/sshKey";
import { clusterOfTwo } from "../cluster/support/machines";

/** The lab's sshd on a socket, asked by a client that can take its time. */
let server: ReturnType<typeof sshServer>;
let client: Client;
let logIn: (password: string) => Promise<"accepted" | "refused">;

beforeAll(async () => {
  const lab = await clusterOfTwo();
  const key = await newSshKey("test");
  const host = lab.site.host("pve01");
  lab.site.pmxcfs("pve01").authorizedKeys += `${publicKeyOf(key)}\n`;
  const shells = new Map<string, HostShell>();
  const shellOf = (name: string): HostShell => {
    const shell = shells.get(name) ?? new HostShell(lab.site, lab.site.host(name), shellOf);
    shells.set(name, shell);
    return shell;
  };
  server = sshServer(lab.site, host, shellOf("pve01"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  logIn = (password) =>
    new Promise((done) => {
      const other = new Client();
      other.on("ready", () => {
        other.end();
        done("accepted");
      });
      other.on("error", () => done("refused"));
      other.connect({ host: "127.0.0.1", port, username: "root", password });
    });
  lab.site.access.setPassword("pve01", "root@pam", "right");
  client = new Client();
  await new Promise<void>((done, fail) => {
    client.on("ready", done).on("error", fail);
    const hostVerifier = (given: Buffer): boolean =>
      publicKeyOf(host.sshHostKey).endsWith(given.toString("base64"));
    client.connect({ host: "127.0.0.1", port, username: "root", privateKey: key, hostVerifier });
  });
});

afterAll(() => {
  client.end();
  server.close();
});

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function exec(
  command: string,
  feed: (channel: ClientChannel) => Promise<void> | void,
): Promise<{ stdout: string; code: number }> {
  const channel = await new Promise<ClientChannel>((done, fail) => {
    client.exec(command, (error, opened) => (error ? fail(error) : done(opened)));
  });
  const chunks: Buffer[] = [];
  let code = -1;
  channel.on("data", (chunk: Buffer) => chunks.push(chunk));
  channel.on("exit", (status: number) => (code = status));
  const closed = new Promise<void>((done) => channel.on("close", done));
  await feed(channel);
  await closed;
  return { stdout: Buffer.concat(chunks).toString(), code };
}

describe("root", () => {
  it("may log in with the password of root@pam, and with no other", async () => {
    expect(await logIn("right")).toBe("accepted");
    expect(await logIn("wrong")).toBe("refused");
    expect(await logIn("")).toBe("refused");
  });
});

describe("a command that reads its input", () => {
  it.each(["bash -s one", `bash -c 's=$(cat); eval "$s"'`, "cat", "/usr/bin/tee /root/copy"])(
    "waits for it, however late it comes: %s",
    async (command) => {
      const { stdout, code } = await exec(command, async (channel) => {
        await pause(400);
        channel.end("echo late\n");
      });
      expect([stdout.replace("echo ", ""), code]).toEqual(["late\n", 0]);
    },
  );
});

describe("a command that does not", () => {
  it.each(["hostname", "cat /etc/hostname"])(
    "starts though a terminal never ends its input: %s",
    async (command) => {
      expect(await exec(command, () => undefined)).toEqual({ stdout: "pve01\n", code: 0 });
    },
  );

  it("gets the input that comes at once all the same", async () => {
    const { stdout } = await exec("sed s/a/b/", (channel) => {
      channel.end("a\n");
    });
    expect(stdout).toBe("b\n");
  });
});
