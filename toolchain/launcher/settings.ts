import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { Toolchain } from "../build/main";
import { readArguments } from "./arguments";
import { writeBundle } from "./bundle";
import { choose, unreachableGuests } from "./choose";
import { type Connection, connectionsOf } from "./connections";
import { LauncherError } from "./errors";
import { probe } from "./probe";
import { readStackFile, type StackFile } from "./stackFile";

/** The lab's stack is no secret: its hosts are made up, and anyone with the clone may read its state. */
const LAB_PASSPHRASE = "lab";

export const ROOT = resolve(__dirname, "../..");

/** Commands that can leave resources out. */
const EXCLUDING = ["preview", "pre", "up", "update", "refresh", "destroy", "down", "dn"];

export interface Settings {
  /** To be set for the CLI and all that it starts. */
  variables: Record<string, string>;
  args: string[];
}

/** Everything that a call of pulumi with these arguments needs: tools, backend, and for some commands the site. */
export async function settingsFor(args: string[]): Promise<Settings> {
  const invocation = readArguments(args, process.env);
  const settings: Settings = { variables: toolVariables(), args };
  const { stack } = invocation;
  if (stack === undefined) return settings;
  if (!invocation.touchesSite) {
    Object.assign(settings.variables, backendVariables(stack, undefined));
    return settings;
  }
  const file = readStackFile(ROOT, stack);
  Object.assign(settings.variables, backendVariables(stack, file));
  const connections = connectionsOf(ROOT, file, process.env);
  const { command = "" } = invocation;
  await addSite(settings, stack, file, connections, command);
  return settings;
}

/** Where the CLI is, and a home of its own for its plugins. */
function toolVariables(): Record<string, string> {
  let toolchain: Toolchain;
  try {
    toolchain = JSON.parse(readFileSync(join(ROOT, ".stamps/toolchain.json"), "utf8")) as Toolchain;
  } catch {
    throw new LauncherError("The tools are not built yet. Build them: make toolchain");
  }
  return {
    PROXMOX_HA_CLI: toolchain.cli,
    // By this the clone knows its own processes, should one be left behind.
    PROXMOX_HA_ROOT: ROOT,
    PATH: [...toolchain.path, process.env.PATH ?? ""].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(toolchain.home
      ? { PULUMI_HOME: toolchain.home, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }
      : {}),
  };
}

/** A lab's state lies in the clone. Any other stack's backend and passphrase are the team's. */
function backendVariables(stack: string, known: StackFile | undefined): Record<string, string> {
  let file = known;
  try {
    file ??= readStackFile(ROOT, stack);
  } catch {
    return {};
  }
  if (!file.lab) return {};
  mkdirSync(join(ROOT, ".state"), { recursive: true, mode: 0o700 });
  return {
    PULUMI_BACKEND_URL: process.env.PULUMI_BACKEND_URL ?? `file://${join(ROOT, ".state")}`,
    PULUMI_CONFIG_PASSPHRASE: process.env.PULUMI_CONFIG_PASSPHRASE ?? LAB_PASSPHRASE,
  };
}

async function addSite(
  settings: Settings,
  stack: string,
  file: StackFile,
  connections: Record<string, Connection>,
  command: string,
): Promise<void> {
  const preferred = process.env.PROXMOX_VE_ENDPOINT;
  const nodes = file.nodes
    .flatMap(({ name }) => (connections[name] ? [{ name, connection: connections[name] }] : []))
    .sort(
      (a, b) => Number(b.connection.web === preferred) - Number(a.connection.web === preferred),
    );
  const asked = nodes.map(({ name, connection }) => ({ name, answer: probe(name, connection) }));
  const reasons = asked.map(
    async ({ name, answer }) =>
      `  ${name}: ${await answer.then(
        () => "",
        (e: Error) => e.message,
      )}`,
  );
  const choice = await choose(asked, file.clusterName);
  if (!choice) {
    throw new LauncherError(
      `No node answers over SSH:\n${(await Promise.all(reasons)).join("\n")}`,
    );
  }
  for (const notice of choice.notices) process.stderr.write(`${notice}\n`);
  const { report } = choice;
  const bundle = join(ROOT, `.stamps/ca-${stack}.pem`);
  writeBundle(bundle, report.authority, process.env);
  // A file, because the list of a large site is longer than a variable may be.
  const inventory = join(ROOT, `.stamps/inventory-${stack}.json`);
  writeFileSync(inventory, JSON.stringify(report.guests));
  Object.assign(settings.variables, {
    PROXMOX_VE_ENDPOINT: connections[report.name]?.web ?? "",
    SSL_CERT_FILE: bundle,
    PROXMOX_HA_CONNECTIONS: JSON.stringify(connections),
    PROXMOX_HA_INVENTORY: inventory,
  });
  if (!EXCLUDING.includes(command)) return;
  const missing = unreachableGuests(report, stack);
  for (const { vmid, node, urn } of missing) {
    process.stderr.write(
      `${node} does not answer, so ${urn.split("::").at(-1)} (VMID ${vmid}) is left out of this run.\n`,
    );
  }
  settings.args = [...settings.args, ...missing.flatMap(({ urn }) => ["--exclude", urn])];
}
