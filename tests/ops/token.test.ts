import { OpsError } from "../../ops/errors";
import { rotateToken } from "../../ops/token";
import { type StandInHost, startHost } from "../toolchain/launcher/support/node";
import { printed } from "../toolchain/launcher/support/output";
import { type CliAnswer, Project } from "../toolchain/launcher/support/project";
import { members, report } from "../toolchain/launcher/support/reports";
import { checkpoint, dev, resource, urnOf } from "./support/site";

let project: Project;
let node: StandInHost;
let probe: string;
beforeAll(async () => {
  node = await startHost(() => ({ stdout: probe }));
});
afterAll(() => node.stop());
beforeEach(() => {
  probe = report({});
  project = new Project();
  project.lab({ pve01: node });
});
afterEach(() => project.dispose());

const BUILT = checkpoint([
  resource("command:remote:Command", "join-pve02"),
  resource("command:remote:Command", "token"),
  resource("pulumi:providers:proxmoxve", "pve"),
]);
const UP =
  `up --yes --skip-preview --refresh=false --target ${urnOf("command:remote:Command", "token")} ` +
  `--target ${urnOf("pulumi:providers:proxmoxve", "pve")} --stack dev`;

function answer(generation: string | undefined, up: CliAnswer = {}): void {
  const values = generation ? { "proxmox-ha:tokenGeneration": { value: generation } } : {};
  project.answer({
    "stack export": { stdout: JSON.stringify(BUILT) },
    "config --json": { stdout: JSON.stringify(values) },
    up,
  });
}
const changes = () => project.calls().filter((call) => /^(config (set|rm)|up)/.test(call));

describe("a rotation of the token", () => {
  it("raises the generation and updates only the token and what uses it", async () => {
    answer("4");
    const text = await printed(process.stdout, () => rotateToken(dev(project)));
    expect(changes()).toEqual(["config set proxmox-ha:tokenGeneration 5 --stack dev", UP]);
    expect(project.environmentOf("up").PROXMOX_HA_ROTATE_TOKEN).toBe("1");
    expect(text).toBe(
      "The token is new (generation 5, noted in Pulumi.dev.yaml). The next pulumi up works with it.\n",
    );
  });

  it("works while a node is off, whose guests it does not touch anyway", async () => {
    answer("4");
    probe = report({ members: members(true, false) });
    await printed(process.stdout, () => rotateToken(dev(project)));
    expect(changes()[1]).toBe(UP);
  });

  it("is the second generation where none was noted", async () => {
    answer(undefined);
    await printed(process.stdout, () => rotateToken(dev(project)));
    expect(changes()[0]).toBe("config set proxmox-ha:tokenGeneration 2 --stack dev");
  });

  it("that fails puts the generation back", async () => {
    answer("4", { code: 255 });
    await expect(rotateToken(dev(project))).rejects.toThrow(OpsError);
    expect(changes().at(-1)).toBe("config set proxmox-ha:tokenGeneration 4 --stack dev");
  });

  it("that fails leaves the file as it was where none was noted", async () => {
    answer(undefined, { code: 1 });
    await expect(rotateToken(dev(project))).rejects.toThrow(
      /^The token could not be renewed; see above\.$/,
    );
    expect(changes().at(-1)).toBe("config rm proxmox-ha:tokenGeneration --stack dev");
  });

  it("that cannot even begin puts the generation back and says why", async () => {
    answer("4");
    project.lab({});
    await expect(rotateToken(dev(project))).rejects.toThrow("but the lab has none of them");
    expect(changes()).toEqual([
      "config set proxmox-ha:tokenGeneration 5 --stack dev",
      "config set proxmox-ha:tokenGeneration 4 --stack dev",
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["no token", checkpoint([resource("pulumi:providers:proxmoxve", "pve")])],
    ["no provider", checkpoint([resource("command:remote:Command", "token")])],
  ])("is refused where the stack has %s, and changes nothing", async (_, state) => {
    const missing = { stderr: "error: no stack named 'dev' found", code: 255 };
    project.answer({ "stack export": state ? { stdout: JSON.stringify(state) } : missing });
    await expect(rotateToken(dev(project))).rejects.toThrow(
      /^Stack dev has no token yet\. It makes one by itself: pulumi up --stack dev$/,
    );
    expect(changes()).toEqual([]);
  });
});
