import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Toolchain } from "../build/main";
import { readArguments } from "./arguments";
import { connectionsOf } from "./connections";
import { LauncherError } from "./errors";
import { ROOT } from "./root";
import { addSite } from "./site";
import { hasStackFile, readStackFile } from "./stackFile";

/** The lab's stack is no secret: its hosts are made up, and anyone with the clone may read its state. */
const LAB_PASSPHRASE = "lab";

export interface Settings {
  /** To be set for the CLI and all that it starts. */
  variables: Record<string, string>;
  args: string[];
  /** What this run leaves out. Whoever runs it tells the operator. */
  leftOut: LeftOut[];
  /** The cluster of the node that this run works through; undefined when it is in none or was not asked for. */
  cluster?: string;
}

/** A guest whose node does not answer. */
export interface LeftOut {
  node: string;
  name: string;
  vmid: number;
}

/** For the operator, in one sentence. */
export function leftOutInWords({ node, name, vmid }: LeftOut): string {
  return `${node} does not answer, so ${name} (VMID ${vmid}) is left out of this run.`;
}

/** Everything that a call of pulumi with these arguments needs: tools, backend, and for some commands the site. */
export async function settingsFor(
  args: string[],
  environment: NodeJS.ProcessEnv = process.env,
  root = ROOT,
): Promise<Settings> {
  const { stack, command, touchesSite } = readArguments(args, environment);
  const settings: Settings = { variables: toolVariables(root, environment), args, leftOut: [] };
  if (stack === undefined) return settings;
  if (!touchesSite && !hasStackFile(root, stack)) return settings;
  const file = readStackFile(root, stack);
  if (file.lab) Object.assign(settings.variables, labBackend(root, environment));
  if (touchesSite) {
    const connections = connectionsOf(root, file, environment);
    await addSite(settings, { root, stack, file, connections, command, environment });
  }
  return settings;
}

/** Where the CLI is, and a home of its own for its plugins. */
function toolVariables(root: string, environment: NodeJS.ProcessEnv): Record<string, string> {
  const { cli, path, home } = readToolchain(join(root, ".stamps/toolchain.json"));
  return {
    PROXMOX_HA_CLI: cli,
    // By this the clone knows its own processes, should one be left behind.
    PROXMOX_HA_ROOT: root,
    PATH: [...path, environment.PATH ?? ""].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(home ? { PULUMI_HOME: home, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" } : {}),
  };
}

function readToolchain(path: string): Toolchain {
  let toolchain: Toolchain;
  try {
    toolchain = JSON.parse(readFileSync(path, "utf8")) as Toolchain;
  } catch {
    throw new LauncherError("The tools are not built yet. Build them: make toolchain");
  }
  if (!existsSync(toolchain.cli)) {
    throw new LauncherError(
      `The tools are gone: there is no ${toolchain.cli}. Make them again: rm ${path} && make toolchain`,
    );
  }
  return toolchain;
}

/** A lab's state lies in the clone. Any other stack's backend and passphrase are the team's. */
function labBackend(root: string, environment: NodeJS.ProcessEnv): Record<string, string> {
  const folder = join(root, ".state");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    PULUMI_BACKEND_URL: environment.PULUMI_BACKEND_URL ?? `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: environment.PULUMI_CONFIG_PASSPHRASE ?? LAB_PASSPHRASE,
  };
}
