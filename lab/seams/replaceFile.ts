import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Puts `text` in the place of a file, its owner's alone: whatever ends the process or the machine, the file is the old
 * one or the new one, and once this returns it stays the new one.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(temporary, { force: true });
  await written(temporary, text);
  await rename(temporary, path);
  // The new name is an entry of the folder, which has to reach the disk as well.
  await synced(folder);
}

async function written(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function synced(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
