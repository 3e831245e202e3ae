import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { createAuthority, issueCertificate } from "../../../lab/state/pki";
import { OpsError } from "../../../ops/errors";
import { rotateToken } from "../../../ops/token/rotate";
import { printed } from "../../toolchain/launcher/support/output";
import { type CliAnswer, Project } from "../../toolchain/launcher/support/project";
import { members, report } from "../../toolchain/launcher/support/reports";
import { checkpoint, dev, resource, type SiteNode, startNode, urnOf } from "../support/site";

const OLD = "proxmox-ha-dev@pve!pulumi-dev=00000000-old";
const NEW = "proxmox-ha-dev@pve!pulumi-dev=00000000-new";
const TODAY = new Date().toISOString().slice(0, 10);

let project: Project;
let node: SiteNode;
let api: Server;
/** What the API answers, by token. */
let answers: Record<string, number>;
/** PEM. */
let authority: string;

beforeAll(async () => {
  node = await startNode();
  const made = await createAuthority(Date.now());
  authority = made.certificate.trim();
  const host = { name: "pve01", address: "192.168.18.251" };
  const { certificate: cert, key } = await issueCertificate(made, host, Date.now());
  api = createServer({ cert, key }, ({ headers }, response) => {
    const token = headers.authorization?.replace("PVEAPIToken=", "") ?? "";
    response.writeHead(answers[token] ?? 401, "as told").end();
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  api.closeAllConnections();
  api.close();
  await node.stop();
});
beforeEach(() => {
  node.probe = report({ authority });
  answers = { [NEW]: 200 };
  project = new Project();
  const { port } = api.address() as AddressInfo;
  project.lab({ pve01: node }, { pve01: `https://127.0.0.1:${port}` });
});
afterEach(() => project.dispose());

const COMMAND =
  "flock -w 900 /run/lock/proxmox-ha.lock access-token apply proxmox-ha-dev pulumi-dev";
const built = (generation: number, token: string) =>
  checkpoint([
    resource("proxmox-ha:access:Access", "pulumi-dev"),
    resource("command:remote:Command", "join-pve02"),
    resource("command:remote:Command", "token", { create: `${COMMAND} '${generation}'` }),
    resource("pulumi:providers:proxmoxve", "pve", {
      apiToken: { plaintext: JSON.stringify(token) },
    }),
  ]);
const UP =
  `up --yes --skip-preview --refresh=false --target ${urnOf("proxmox-ha:access:Access", "pulumi-dev")} ` +
  `--target ${urnOf("command:remote:Command", "token")} ` +
  `--target ${urnOf("pulumi:providers:proxmoxve", "pve")} --stack dev`;

interface Noted {
  generation?: string;
  issued?: string;
}

/** The stack has generation 4; an update makes what follows. */
function answer(noted: Noted, up: CliAnswer = {}): void {
  const { generation, issued } = noted;
  const values = {
    ...(generation ? { "proxmox-ha:tokenGeneration": { value: generation } } : {}),
    ...(issued ? { "proxmox-ha:tokenIssued": { value: issued } } : {}),
  };
  project.answer({
    "stack export": { stdout: JSON.stringify(built(4, OLD)) },
    "stack history": { stdout: "[]" },
    "config --json": { stdout: JSON.stringify(values) },
    up: { exports: JSON.stringify(built(5, NEW)), ...up },
  });
}
const changes = () => project.calls().filter((call) => /^(config (set|rm)|up)/.test(call));
const rotate = () => rotateToken(dev(project));
const set = (key: string, value: string | number) =>
  `config set proxmox-ha:${key} ${value} --stack dev`;
const NOTED = [set("tokenGeneration", 5), set("tokenIssued", TODAY)];

describe("a rotation of the token", () => {
  it("raises the generation, notes the day and updates only the token and what uses it", async () => {
    answer({ generation: "4", issued: "2026-01-31" });
    const text = await printed(process.stdout, rotate);
    expect(changes()).toEqual([...NOTED, UP]);
    expect(project.environmentOf("up").PROXMOX_HA_ROTATE_TOKEN).toBe("1");
    expect(text).toBe(
      "rotate: generation 5; the old secret stops working as soon as there is a new one\n" +
        "rotate: the new token works, and the old one is refused\n" +
        "The token is new (generation 5, noted in Pulumi.dev.yaml). The next pulumi up works with it.\n",
    );
  });

  it("prints neither the old secret nor the new one", async () => {
    answer({ generation: "4" });
    expect(await printed(process.stdout, rotate)).not.toMatch(/-old|-new/);
  });

  it("works while a node is off, whose guests it does not touch anyway", async () => {
    answer({ generation: "4" });
    node.probe = report({ authority, members: members(true, false) });
    await printed(process.stdout, rotate);
    expect(changes()).toContain(UP);
  });

  it("follows the stack where none was noted", async () => {
    answer({});
    await printed(process.stdout, rotate);
    expect(changes()).toEqual([...NOTED, UP]);
  });

  it("that was killed before its update is gone on with, and not raised again", async () => {
    answer({ generation: "5", issued: TODAY });
    const text = await printed(process.stdout, rotate);
    expect(changes()).toEqual([...NOTED, UP]);
    expect(text).toContain("rotate: going on with generation 5, which was cut short\n");
  });

  it("that fails puts back what was noted", async () => {
    answer({ generation: "4", issued: "2026-01-31" }, { code: 255 });
    await expect(printed(process.stdout, rotate)).rejects.toThrow(OpsError);
    expect(changes().slice(-2)).toEqual([
      set("tokenGeneration", 4),
      set("tokenIssued", "2026-01-31"),
    ]);
  });

  it("that fails leaves the file as it was where nothing was noted", async () => {
    answer({}, { code: 1 });
    await expect(printed(process.stdout, rotate)).rejects.toThrow(
      /^The token could not be renewed; see above\. Try again\.$/,
    );
    expect(changes().slice(-2)).toEqual([
      "config rm proxmox-ha:tokenGeneration --stack dev",
      "config rm proxmox-ha:tokenIssued --stack dev",
    ]);
  });

  it("that cannot even begin puts back what was noted and says why", async () => {
    answer({ generation: "4", issued: "2026-01-31" });
    project.lab({});
    await expect(printed(process.stdout, rotate)).rejects.toThrow("but the lab has none of them");
    expect(changes()).toEqual([
      ...NOTED,
      set("tokenGeneration", 4),
      set("tokenIssued", "2026-01-31"),
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["no token", checkpoint([resource("pulumi:providers:proxmoxve", "pve")])],
    ["no provider", checkpoint([resource("command:remote:Command", "token")])],
  ])("is refused where the stack has %s, and changes nothing", async (_, state) => {
    const missing = { stderr: "error: no stack named 'dev' found", code: 255 };
    project.answer({ "stack export": state ? { stdout: JSON.stringify(state) } : missing });
    await expect(rotate()).rejects.toThrow(
      /^Stack dev has no token yet\. It makes one by itself: pulumi up --stack dev$/,
    );
    expect(changes()).toEqual([]);
  });
});

describe("what came of it", () => {
  it("is told where the stack has its old token still", async () => {
    answer({ generation: "4" }, { exports: JSON.stringify(built(5, OLD)) });
    await expect(printed(process.stdout, rotate)).rejects.toThrow(
      "The update went well, but the stack still has its old token. Try again;",
    );
  });

  it("is told where the new one does not work, and nothing is put back", async () => {
    answer({ generation: "4" });
    answers = {};
    await expect(printed(process.stdout, rotate)).rejects.toThrow(
      "The new token is in the stack, but Proxmox VE answers 401 as told to it. " +
        "Look at pveum user token list on a node, then rotate it again.",
    );
    expect(changes()).toEqual([...NOTED, UP]);
  });

  it("is told where the old one works as well", async () => {
    answer({ generation: "4" });
    answers = { [NEW]: 200, [OLD]: 200 };
    await expect(printed(process.stdout, rotate)).rejects.toThrow(
      "The new token works, but the old one does as well: Proxmox VE answers 200 to it. " +
        "Remove it on a node, where its user has another of that name: pveum user token list proxmox-ha-dev@pve",
    );
  });
});
