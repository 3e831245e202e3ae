import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "./seams/replaceFile";
import { FileStore } from "./seams/store";
import type { LabState } from "./state/types";

export interface Snapshot {
  name: string;
  /** The lab's time when it was taken, in epoch milliseconds. */
  time: number;
  /** Bytes. */
  size: number;
}

interface Content {
  time: number;
  state: LabState;
}

const SUFFIX = ".json";

/** States of the whole site, each in a file of its own. */
export class Snapshots {
  constructor(private readonly folder: string) {}

  /** The newest first. */
  async list(): Promise<Snapshot[]> {
    const files = await readdir(this.folder).catch(none);
    const found = await Promise.all(
      files
        .filter((file) => file.endsWith(SUFFIX))
        .map(async (file): Promise<Snapshot[]> => {
          const name = file.slice(0, -SUFFIX.length);
          const content = await this.content(name);
          const { size } = await stat(this.path(name));
          return content ? [{ name, time: content.time, size }] : [];
        }),
    );
    return found.flat().sort((a, b) => b.time - a.time || (a.name < b.name ? -1 : 1));
  }

  /** Keeps `state` as it is at this moment, in the place of what had that name. */
  async save(name: string, state: LabState, time: number): Promise<void> {
    await replaceFile(this.path(name), JSON.stringify({ time, state } satisfies Content));
  }

  async read(name: string): Promise<LabState | undefined> {
    const content = await this.content(name);
    return content && { ...content.state, writtenAt: content.time };
  }

  /** False if there was none. */
  async remove(name: string): Promise<boolean> {
    if (!(await this.content(name))) return false;
    await rm(this.path(name));
    return true;
  }

  private content(name: string): Promise<Content | undefined> {
    return FileStore.read<Content>(this.path(name));
  }

  private path(name: string): string {
    return join(this.folder, `${name}${SUFFIX}`);
  }
}

function none(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}
