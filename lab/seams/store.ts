import { readFile } from "node:fs/promises";
import { replaceFile } from "./replaceFile";

/**
 * Keeps the lab's state on disk. A change is acknowledged only after `flush()`, and the file is replaced as a
 * whole, so a lab that is killed at any moment comes back with every acknowledged change and never with half a file.
 */
export interface Store<T> {
  readonly state: T;
  /** How often `state` was changed since the lab started. */
  readonly changes: number;
  /** Says that `state` was changed; `flush()` then waits until that change is on disk. */
  touch(): void;
  flush(): Promise<void>;
}

export class FileStore<T> implements Store<T> {
  changes = 0;
  private saved = 0;
  private writing: Promise<void> | undefined;
  private closed = false;

  /** Is given the state just before it is written. */
  stamp: (state: T) => void = () => undefined;

  constructor(
    readonly state: T,
    private readonly path: string,
  ) {}

  static async read<T>(path: string): Promise<T | undefined> {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  touch(): void {
    this.changes++;
  }

  /** Callers that arrive while a write is under way share the next one. */
  async flush(): Promise<void> {
    const wanted = this.changes;
    while (this.saved < wanted) {
      // What is changed from now on is nobody's, so it is never acknowledged.
      if (this.closed) return new Promise(() => undefined);
      this.writing ??= this.write().finally(() => {
        this.writing = undefined;
      });
      await this.writing;
    }
  }

  /** Another state takes the place of this one: nothing of it is written any more once this returns. */
  async close(): Promise<void> {
    this.closed = true;
    await this.settled();
  }

  /** Waits for the write that is under way, if there is one. */
  async settled(): Promise<void> {
    await this.writing?.catch(() => undefined);
  }

  private async write(): Promise<void> {
    const covered = this.changes;
    this.stamp(this.state);
    await replaceFile(this.path, JSON.stringify(this.state));
    this.saved = covered;
  }
}

/** For tests and anything else that needs no disk. */
export class MemoryStore<T> implements Store<T> {
  changes = 0;

  constructor(readonly state: T) {}

  touch(): void {
    this.changes++;
  }

  async flush(): Promise<void> {}
}
