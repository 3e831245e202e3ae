import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { buildPlugin } from "./plugin";
import { processes } from "./processes";

const VARIABLE = "PROXMOX_HA_TOOLCHAIN_BIN";

/** A finished run of the CLI. `text` is all it printed, on both streams. */
export interface Run {
  status: number | null;
  text: string;
}

/** A Pulumi project with a home, a file backend and the built plugin of its own. */
export interface Project {
  /** Runs the CLI on the stack. `case` is what the program reads. */
  pulumi(args: string[], program?: unknown): Promise<Run>;
  /** Starts the CLI and hands out the process at once, with what it will print. */
  start(args: string[], program?: unknown): { child: ChildProcess; finished: Promise<Run> };
  /** What the stack's secrets are encrypted with, beside the passphrase. */
  salt(): string;
  /** The stack's state as exported: secrets encrypted, unless asked for in plain. */
  state(inPlain?: boolean): Promise<string>;
  /** Processes of our plugin. */
  plugins(): number[];
  remove(): void;
}

// The program makes what the test says: commands by name, with their options.
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const command = require("@pulumi/command");
const reveal = (value) =>
  Array.isArray(value) ? value.map(reveal)
  : typeof value !== "object" || value === null ? value
  : "secret" in value ? pulumi.secret(value.secret)
  : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, reveal(inner)]));
const commands = JSON.parse(process.env.TEST_PROGRAM);
for (const [name, { args, options, local }] of Object.entries(commands)) {
  const made = new command[local ? "local" : "remote"].Command(name, reveal(args), options);
  exports[name] = made.stdout;
}
`;

/** Makes a project and its stack "dev". Fails with a sentence where there is no CLI. */
export async function createProject(): Promise<Project> {
  const bin = process.env[VARIABLE];
  if (!bin || !existsSync(join(bin, "pulumi"))) {
    throw new Error(
      `These tests need the Pulumi CLI. Set ${VARIABLE} to the folder that has pulumi and pulumi-language-nodejs` +
        (bin ? `: there is none in ${bin}.` : "."),
    );
  }
  const dir = mkdtempSync(join(tmpdir(), "command-cli-"));
  const plugin = await buildPlugin();
  for (const folder of ["home", "backend", "project"]) mkdirSync(join(dir, folder));
  const cwd = join(dir, "project");
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }";
  writeFileSync(join(cwd, "Pulumi.yaml"), `name: proj\n${runtime}\n`);
  writeFileSync(join(cwd, "package.json"), '{ "main": "index.js" }');
  writeFileSync(join(cwd, "index.js"), PROGRAM);
  symlinkSync(resolve(__dirname, "../../../../node_modules"), join(cwd, "node_modules"));
  const { SSH_AUTH_SOCK: _, ...inherited } = process.env;
  const environment = {
    ...inherited,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    PULUMI_HOME: join(dir, "home"),
    PULUMI_BACKEND_URL: `file://${join(dir, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };

  const start: Project["start"] = (args, program = {}) => {
    const env = { ...environment, TEST_PROGRAM: JSON.stringify(program) };
    const options = ["--non-interactive", "--color=never"];
    const child = spawn(join(bin, "pulumi"), [...args, ...options], { cwd, env, stdio: "pipe" });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        text += chunk;
      });
    }
    const finished = new Promise<Run>((done) =>
      child.once("close", (status) => done({ status, text })),
    );
    return { child, finished };
  };
  const pulumi: Project["pulumi"] = (args, program) => start(args, program).finished;
  for (const args of [
    ["plugin", "install", "resource", "command", "1.2.1", "--file", plugin.dir],
    ["stack", "init", "dev"],
  ]) {
    const { status, text } = await pulumi(args);
    if (status !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${text}`);
  }
  return {
    pulumi,
    start,
    salt: () => /v1:.*/.exec(readFileSync(join(cwd, "Pulumi.dev.yaml"), "utf8"))?.[0] ?? "",
    state: async (inPlain = false) =>
      (await pulumi(["stack", "export", ...(inPlain ? ["--show-secrets"] : [])])).text,
    plugins: () =>
      processes()
        .filter(({ args }) => args.some((arg) => arg.startsWith(join(dir, "home", "plugins"))))
        .map(({ pid }) => pid),
    remove: () => {
      plugin.remove();
      rmSync(dir, { recursive: true });
    },
  };
}
