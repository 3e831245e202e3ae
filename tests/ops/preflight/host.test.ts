import { createServer, type Server } from "node:net";
import { lookAt, type HostReport, WAYS } from "../../../ops/preflight/host";
import { looks } from "../../../components/cluster/steps";
import type { Connection } from "../../../toolchain/launcher/connections";
import { freePort } from "../../toolchain/command/support/sshd";
import { type Asked, reset, startAsked } from "./support/answers";
import { situation } from "./support/situation";

const steps = situation().steps.filter((step) => step.host === "pve01" && looks(step));
let host: Asked;
let said: string[];

beforeAll(async () => {
  host = await startAsked("pve01");
});
beforeEach(() => {
  reset(host, "pve01");
  said = [];
});
afterAll(() => host.stop());

function look(connection: Connection | undefined = host.connection(), ms = 20_000) {
  const target = { name: "pve01", address: "192.168.18.251", connection, steps };
  const ways = { ...WAYS, connectMs: ms, scriptMs: ms };
  return lookAt(target, (text) => said.push(text), ways);
}
const problemsOf = ({ problems }: HostReport): string[] => problems.map(({ what }) => what);

describe("a host that is looked at", () => {
  it("runs the scripts of the steps that only look, with what these steps are told", async () => {
    const report = await look();
    expect(report).toMatchObject({ state: "member", will: [], problems: [], warnings: [] });
    expect(report.identity).toMatchObject({ machine: "pve01", members: { pve01: true } });
    expect(host.commands).toHaveLength(1 + steps.length);
    expect(host.commands[1]).toMatch(/^flock -w 2 -E 75 .* cluster-check apply$/);
    expect(host.inputs[1]).toMatch(/^CLUSTER='mizar'\nRELEASE='9'\n/);
    expect(host.inputs[1]).toMatch(/^HOST='pve01'$/m);
  });

  it("tells all that its scripts have found", async () => {
    host.check = {
      stdout: "state\tdebian\nwill\treboot\nproblem\tno VT\tenable it\nchecklist\tAC\n",
      code: 1,
    };
    expect(await look()).toMatchObject({
      state: "debian",
      will: ["reboot"],
      problems: [{ what: "no VT", remedy: "enable it" }],
      checklist: ["AC"],
    });
  });

  it("is waited for while a script of an earlier run is at work there, and that is said", async () => {
    let calls = 0;
    Object.defineProperty(host, "check", {
      configurable: true,
      get: () => (calls++ === 0 ? { code: 75 } : { stdout: "state\tmember\n" }),
    });
    const report = await look();
    Object.defineProperty(host, "check", { value: {}, writable: true, configurable: true });
    expect(report.problems).toEqual([]);
    expect(said).toEqual(["pve01: a script of an earlier run is still at work; waiting"]);
  });

  it("is not waited for without an end", async () => {
    host.check = { code: 75 };
    expect(problemsOf(await look())).toEqual([
      "another script of this stack has been at work there for 15 minutes; see with: pgrep -af proxmox-ha.lock",
    ]);
  });
});

describe("an answer that is of no use", () => {
  it("is a problem of the host: garbage", async () => {
    host.check = { stdout: "\u0000\u0001{]\n<html>\n" };
    host.identity = "<html>";
    expect(problemsOf(await look())).toEqual(["its shell prints what no script of ours does: {]"]);
  });

  it("is a problem of the host: nothing at all", async () => {
    host.check = {};
    expect(problemsOf(await look())).toEqual([
      "cluster/check has come to its end without saying what this host is",
    ]);
  });

  it("makes the host a silent one when the connection is cut", async () => {
    host.check = { stdout: "state\tmem", code: undefined };
    expect((await look()).silent).toBe("the connection was cut before the answer");
  });
});

describe("a host that gives no answer", () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  it.each<[string, () => Promise<Connection>, RegExp]>([
    [
      "shows another key",
      async () => Promise.resolve(host.connection({ hostKey: "ssh-ed25519 AAAA" })),
      /^its host key is not the pinned one$/,
    ],
    [
      "refuses connections",
      async () => host.connection({ port: await freePort() }),
      /^connect ECONNREFUSED/,
    ],
    [
      "cannot be tried for want of a key",
      async () => Promise.resolve(host.connection({ keyFile: "/nowhere/id" })),
      /^the SSH key cannot be read/,
    ],
  ])("is told with the reason when it %s", async (_, connection, reason) => {
    const report = await look(await connection());
    expect(report.silent).toMatch(reason);
    expect(report.problems).toEqual([]);
  });

  it("is waited for only so long", async () => {
    const silent = createServer((socket) => socket.on("error", () => {}));
    server = silent;
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    expect((await look(host.connection({ port }), 100)).silent).toBe("no answer within 0.1 s");
  });

  it("may be one that nobody has said how to reach", async () => {
    const target = { name: "pve01", address: "192.168.18.251", connection: undefined, steps };
    expect((await lookAt(target, () => {})).silent).toBe("nobody has said how to reach it");
  });
});
