import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RULES } from "../../policy/catalogue";
import type { Toolchain } from "../../toolchain/build/main";
import { MISTAKES } from "./support/mistakes";
import { type Result, Sandbox } from "./support/sandbox";

/** The pack as anybody gets it: packed, installed beside a program that knows nothing of it, started by the CLI. */

const EXAMPLE = "docs/examples/policies-only";
const FIXTURE = "tests/e2e/fixtures/mistakes";

interface Spoken {
  level: string;
  rule: string;
  /** Its logical name. */
  resource: string;
  message: string;
}

let sandbox: Sandbox;
/** Where the package is installed, and where the stacks are. */
let folder: string;
let files: string[];
let mistakes: Result;
let example: Result;

beforeAll(async () => {
  sandbox = new Sandbox("policies");
  folder = mkdtempSync(join(tmpdir(), "proxmox-ha-pack-"));
  mkdirSync(join(folder, "state"));
  const begun = Promise.all([begin(FIXTURE), begin(EXAMPLE)]);
  files = await install();
  await begun;
  // The example's README has this command.
  await pulumi(EXAMPLE, "config", "set", "--secret", "apiToken", "pulumi@pve!ci=0000-0000");
  const pack = ["--policy-pack", join(folder, "node_modules/proxmox-ha-policy")];
  [mistakes, example] = await Promise.all([
    pulumi(FIXTURE, "preview", ...pack),
    pulumi(EXAMPLE, "preview", ...pack),
  ]);
});

afterAll(() => {
  sandbox.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe("the package", () => {
  it("has what it needs beside the rules, compiled, and nothing of this machine", () => {
    expect(files.filter((file) => !file.startsWith("dist/")).sort()).toEqual([
      "LICENSE",
      "NOTICE",
      "PulumiPolicy.yaml",
      "README.md",
      "docs/policies.md",
      "package.json",
      "start.cjs",
    ]);
    expect(files.filter((file) => file.startsWith("dist/rules/"))).toHaveLength(RULES.length + 1);
    for (const file of files) {
      const text = readFileSync(join(folder, "node_modules/proxmox-ha-policy", file), "utf8");
      expect({ file, found: text.includes(sandbox.root) || text.includes(process.cwd()) }).toEqual({
        file,
        found: false,
      });
    }
  });
});

describe("a program with a mistake for each rule", () => {
  it("is stopped", () => {
    expect(mistakes.text).toContain("error: preview failed");
    expect(mistakes.code).not.toBe(0);
  });

  it.each(RULES.map((rule) => [rule.name, rule] as const))(
    "is told by %s",
    (name, { enforcementLevel, description }) => {
      const [resource = "no entry in support/mistakes.ts", fact = ""] = MISTAKES[name] ?? [];
      const about = spoken(mistakes).filter(({ rule }) => rule === name);
      expect(about).toContainEqual({
        rule: name,
        level: enforcementLevel,
        resource,
        message: expect.stringContaining(`${description}\n${fact}`),
      });
    },
  );
});

describe("the example in docs", () => {
  it("passes without a server, without a component of ours, by production's levels", () => {
    expect(spoken(example).filter(({ level }) => level !== "advisory")).toEqual([]);
    expect(example.text).toMatch(/\+ \d+ to create/);
    expect(example.code).toBe(0);
  });

  it("is judged by what its configuration tells", () => {
    const told = ["require-second-link", "require-backup-room", "require-notification"];
    expect(spoken(example).filter(({ rule }) => told.includes(rule))).toEqual([]);
    expect(example.text).not.toContain("cannot judge");
  });
});

/** Packs, installs, and returns the package's files. */
async function install(): Promise<string[]> {
  const packed = await run("npm", ["pack", "--json", "--pack-destination", folder, "./policy"]);
  const [{ filename, files: listed }] = JSON.parse(packed.text) as [
    { filename: string; files: { path: string }[] },
  ];
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  const installed = await run("npm", ["install", ...flags, join(folder, filename)], folder);
  if (installed.code !== 0) throw new Error(installed.text);
  return listed.map(({ path }) => path);
}

async function begin(program: string): Promise<void> {
  const { code, text } = await pulumi(program, "stack", "init");
  if (code !== 0) throw new Error(text);
}

/** The CLI as an operator of another project has it, without our launcher. */
function pulumi(program: string, ...args: string[]): Promise<Result> {
  const { cli, path, home = "" } = JSON.parse(sandbox.read(".stamps/toolchain.json")) as Toolchain;
  return run(cli, [...args, "--stack", "prod", "--color", "never"], join(sandbox.root, program), {
    PATH: [...path, process.env.PATH].join(":"),
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${folder}/state`,
    PULUMI_CONFIG_PASSPHRASE: "policies",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  });
}

function run(
  program: string,
  args: string[],
  cwd = sandbox.root,
  env: NodeJS.ProcessEnv = {},
): Promise<Result> {
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env: { PATH, HOME, ...env } }, (error, stdout, stderr) => {
      const code = error ? Number(error.code ?? -1) : 0;
      resolve({ code, text: code === 0 ? stdout : `${stdout}${stderr}` });
    });
  });
}

/** What the CLI lists under its policies. */
function spoken({ text }: Result): Spoken[] {
  const head = /^ +- \[(\w+)\] +\[severity: \w+\] +(\S+) +\(\S+: (.+)\)\n((?: {10}.*\n)+)/gm;
  return [...text.matchAll(head)].map(([, level = "", rule = "", resource = "", message = ""]) => ({
    level,
    rule,
    resource,
    message: message.replace(/^ +/gm, ""),
  }));
}
