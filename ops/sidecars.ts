import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stackName } from "../toolchain/launcher/arguments";
import { backendFolder } from "./locks";
import type { Stack } from "./stack";

/**
 * The file backend writes the state in one step, but the attributes beside it (`dev.json.attrs`) not: a CLI that is
 * killed just then leaves them empty, and no state can be read any more. Nothing depends on them, so torn ones go.
 */
export function removeTornAttributes(stack: Stack): string[] {
  const backend = backendFolder(stack);
  if (backend === undefined) return [];
  const folders = ["stacks/proxmox-ha", `history/proxmox-ha/${stackName(stack.name)}`];
  const files = folders
    .map((folder) => join(backend, ".pulumi", folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const torn = files.filter((file) => file.endsWith(".attrs") && !isWhole(file));
  for (const file of torn) rmSync(file, { force: true });
  return torn.length === 0 ? [] : ["removed what a killed run had written half beside the state"];
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
