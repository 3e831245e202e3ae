import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Toolchain } from "../build/main";
import { readArguments } from "./arguments";
import { connectionsOf } from "./connections";
import { LauncherError } from "./errors";
import { ROOT } from "./root";
import { addSite } from "./site";
import { readStackFile, type StackFile } from "./stackFile";

/** The lab's stack is no secret: its hosts are made up, and anyone with the clone may read its state. */
const LAB_PASSPHRASE = "lab";

export interface Settings {
  /** To be set for the CLI and all that it starts. */
  variables: Record<string, string>;
  args: string[];
}

/** Everything that a call of pulumi with these arguments needs: tools, backend, and for some commands the site. */
export async function settingsFor(
  args: string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Settings> {
  const { stack, command, touchesSite } = readArguments(args, environment);
  const settings: Settings = { variables: toolVariables(environment), args };
  if (stack === undefined) return settings;
  const file = touchesSite ? readStackFile(ROOT, stack) : stackFileIfAny(stack);
  if (file?.lab) Object.assign(settings.variables, labBackend(environment));
  if (touchesSite && file) {
    const connections = connectionsOf(ROOT, file, environment);
    await addSite(settings, { stack, file, connections, command, environment });
  }
  return settings;
}

/** Where the CLI is, and a home of its own for its plugins. */
function toolVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
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
    PATH: [...toolchain.path, environment.PATH ?? ""].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(toolchain.home
      ? { PULUMI_HOME: toolchain.home, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }
      : {}),
  };
}

/** A stack that is not described here may still be listed or removed. */
function stackFileIfAny(stack: string): StackFile | undefined {
  try {
    return readStackFile(ROOT, stack);
  } catch {
    return undefined;
  }
}

/** A lab's state lies in the clone. Any other stack's backend and passphrase are the team's. */
function labBackend(environment: NodeJS.ProcessEnv): Record<string, string> {
  const folder = join(ROOT, ".state");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    PULUMI_BACKEND_URL: environment.PULUMI_BACKEND_URL ?? `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: environment.PULUMI_CONFIG_PASSPHRASE ?? LAB_PASSPHRASE,
  };
}
