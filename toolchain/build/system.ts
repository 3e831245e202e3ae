import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ToolError } from "./process";

/** The launcher of any clone stands on PATH under the CLI's name. */
const LAUNCHER = /\/toolchain\/bin\/pulumi$/;

/** The pulumi that the user has installed: the first on PATH that is not one of ours. */
export function installedCli(environment: NodeJS.ProcessEnv): string {
  const found = (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "pulumi"))
    .find((file) => !LAUNCHER.test(file) && isProgram(file));
  if (!found) throw new ToolError("TOOLCHAIN=system, but there is no pulumi on PATH.");
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
