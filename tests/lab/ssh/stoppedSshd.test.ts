import { type AddressInfo, createServer } from "node:net";
import { Client } from "ssh2";
import { newSshKey, publicKeyOf } from "../../../lab/state/sshKey";
import { freshHosts, type Machines } from "../cluster/support/machines";

/** sshd of a lab's host on a socket, as somebody sees it who switches it off from within. */
let lab: Machines;
let key: string;
const open: Client[] = [];

beforeAll(async () => {
  lab = await freshHosts();
  key = await newSshKey("test");
  for (const host of Object.values(lab.state.hosts)) {
    host.sshPort = await freePort();
    if (host.node) host.node.apiPort = await freePort();
  }
  const keys = lab.site.host("nas").files["/root/.ssh/authorized_keys"];
  if (keys) keys.content += `${publicKeyOf(key)}\n`;
  await lab.hosts.start();
});
afterAll(async () => {
  for (const client of open) client.end();
  await lab.hosts.stop();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

function logIn(): Promise<Client> {
  const client = new Client();
  open.push(client);
  return new Promise((done, fail) => {
    client.on("ready", () => done(client)).on("error", fail);
    const { sshPort: port } = lab.site.host("nas");
    client.connect({ host: "127.0.0.1", port, username: "root", privateKey: key });
  });
}

function run(client: Client, command: string): Promise<string> {
  return new Promise((done, fail) => {
    client.exec(command, (error, channel) => {
      if (error) return fail(error);
      let text = "";
      channel.on("data", (chunk: Buffer) => (text += chunk.toString()));
      channel.on("close", () => done(text));
    });
  });
}

describe("sshd that is stopped", () => {
  it("refuses new logins and keeps sessions, until the host has booted again", async () => {
    const client = await logIn();
    await run(client, "systemctl stop ssh.socket ssh.service");
    await expect(logIn()).rejects.toThrow("ECONNREFUSED");
    expect(await run(client, "hostname")).toBe("nas\n");
    await lab.hosts.power("nas", false);
    await lab.hosts.power("nas", true);
    expect(await run(await logIn(), "systemctl is-active ssh")).toBe("active\n");
  });
});
