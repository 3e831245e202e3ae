import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";

/** Where built files live, for every clone of this user. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  return environment.PROXMOX_HA_CACHE || join(base, "proxmox-ha");
}

/** A hash over the names and contents of the sources, the platform, and nothing else. */
export async function sourceHash(root: string, sources: string[]): Promise<string> {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\n`);
  for (const source of sources) {
    for (const file of await filesBelow(join(root, source))) {
      hash.update(`${relative(root, file)}\n`).update(await readFile(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The folder of a built thing, built now if it is not there. It appears under its name only when it is complete, so a
 * build that is killed leaves nothing that looks whole.
 */
export async function cached(
  path: string,
  build: (out: string) => Promise<void>,
): Promise<"found" | "built"> {
  if (existsSync(path)) return "found";
  const out = `${path}.${randomUUID()}`;
  await mkdir(out, { recursive: true });
  try {
    await build(out);
    await rename(out, path);
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    // Another clone was faster; its result is the same.
    if (!existsSync(path)) throw error;
  }
  return "built";
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOTDIR") return undefined;
      throw error;
    },
  );
  if (!entries) return [path];
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name !== "node_modules") files.push(...(await filesBelow(join(path, entry.name))));
  }
  return files;
}
