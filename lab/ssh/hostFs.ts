import { InMemoryFs } from "just-bash";
import { CLUSTER } from "../pmxcfs/files";
import { caller } from "./redirections";

type Fs = InMemoryFs;

export type Refusal = "EACCES" | "ENOSPC";

export const REFUSALS: Record<Refusal, string> = {
  EACCES: "Permission denied",
  ENOSPC: "No space left on device",
};

/** Why a file cannot be written; its text is what just-bash's commands print. */
export class RefusedWrite extends Error {
  constructor(
    readonly path: string,
    readonly refusal: Refusal,
  ) {
    super(`${refusal}: ${REFUSALS[refusal].toLowerCase()}, open '${path}'`);
  }
}

/** What decides over a host's files besides the files themselves. */
export interface FsRules {
  /** Why a path cannot be written now. */
  refusal(path: string): Refusal | undefined;
  /** Removes what a path below `/etc/pve` stands for; false where it is just a file. */
  remove(path: string): boolean;
  /** Moves what a path below `/etc/pve` stands for; false where it is just a file. */
  move(from: string, to: string): boolean;
  /** Comes when the file system of a path answers: a mount whose server is away does not. */
  answer(path: string): Promise<void> | undefined;
  /** Is told every path that a script changes. */
  wrote(path: string): void;
}

/**
 * A host's files in memory. just-bash puts a new file in the place of a link that is written to; Linux writes to the
 * link's target. `/etc/pve` is not as free as a disk, and a network mount may hang.
 */
export class HostFs extends InMemoryFs {
  /** Where just-bash checks the target of a redirection. */
  redirectionCheck = "";

  constructor(private readonly rules: FsRules) {
    super();
  }

  /** The same files for the lab itself, which asks nobody. */
  readonly plain = {
    readFile: (path: string): Promise<string> => super.readFile(path),
    lstat: (path: string): ReturnType<Fs["lstat"]> => super.lstat(path),
    readlink: (path: string): Promise<string> => super.readlink(path),
    rm: async (path: string): Promise<void> => {
      const inside = this.getAllPaths().filter((other) => other.startsWith(`${path}/`));
      // What is deepest first; the folders have to be empty.
      for (const other of inside.sort().reverse()) await super.rm(other, { force: true });
      await super.rm(path, { force: true });
    },
    chmod: (path: string, mode: number): Promise<void> => super.chmod(path, mode),
    symlink: (target: string, path: string): Promise<void> => super.symlink(target, path),
  };

  override async exists(path: string): Promise<boolean> {
    const from = caller();
    await this.rules.answer(path);
    if (from === this.redirectionCheck && from !== "") {
      this.requirePossible(await this.target(path));
    }
    return super.exists(path);
  }

  override async stat(path: string): ReturnType<Fs["stat"]> {
    await this.rules.answer(path);
    return super.stat(path);
  }

  override async lstat(path: string): ReturnType<Fs["lstat"]> {
    await this.rules.answer(path);
    return super.lstat(path);
  }

  override async readFile(...[path, ...rest]: Parameters<Fs["readFile"]>): Promise<string> {
    await this.rules.answer(path);
    return super.readFile(path, ...rest);
  }

  override async readFileBytes(path: string): ReturnType<Fs["readFileBytes"]> {
    await this.rules.answer(path);
    return super.readFileBytes(path);
  }

  override async readFileBuffer(path: string): Promise<Uint8Array> {
    await this.rules.answer(path);
    return super.readFileBuffer(path);
  }

  override async readdir(path: string): Promise<string[]> {
    await this.rules.answer(path);
    return super.readdir(await this.followed(path));
  }

  override async readdirWithFileTypes(path: string): ReturnType<Fs["readdirWithFileTypes"]> {
    await this.rules.answer(path);
    return super.readdirWithFileTypes(await this.followed(path));
  }

  override async writeFile(...[path, ...rest]: Parameters<Fs["writeFile"]>): Promise<void> {
    await this.rules.answer(path);
    return super.writeFile(this.requireWritable(await this.target(path)), ...rest);
  }

  override async appendFile(...[path, ...rest]: Parameters<Fs["appendFile"]>): Promise<void> {
    await this.rules.answer(path);
    return super.appendFile(this.requireWritable(await this.target(path)), ...rest);
  }

  override async chmod(path: string, mode: number): Promise<void> {
    await this.rules.answer(path);
    // pmxcfs has modes of its own, and takes an order that changes nothing.
    if (isCluster(path)) return;
    this.rules.wrote(path);
    return super.chmod(path, mode);
  }

  override async rm(...[path, ...rest]: Parameters<Fs["rm"]>): Promise<void> {
    await this.rules.answer(path);
    if (isCluster(path) && this.rules.remove(path)) return this.rules.wrote(path);
    return super.rm(this.requireAllowed(path), ...rest);
  }

  override async mv(from: string, to: string): Promise<void> {
    await this.rules.answer(from);
    await this.rules.answer(to);
    if (isCluster(from) && this.rules.move(from, to)) return this.rules.wrote(to);
    return super.mv(this.requireAllowed(from), this.requireAllowed(to));
  }

  override async cp(...[from, to, ...rest]: Parameters<Fs["cp"]>): Promise<void> {
    await this.rules.answer(from);
    await this.rules.answer(to);
    return super.cp(from, this.requireWritable(to), ...rest);
  }

  override async mkdir(...[path, ...rest]: Parameters<Fs["mkdir"]>): Promise<void> {
    await this.rules.answer(path);
    if (!(await super.exists(path))) this.requireWritable(path);
    return super.mkdir(path, ...rest);
  }

  override async symlink(target: string, path: string): Promise<void> {
    await this.rules.answer(path);
    return super.symlink(target, this.requireWritable(path));
  }

  /** just-bash follows a link at the end of a folder's path, and none on the way. */
  private followed(path: string): Promise<string> {
    return super.realpath(path).catch(() => path);
  }

  private async target(path: string): Promise<string> {
    const isLink = await super.lstat(path).then(
      (stat) => stat.isSymbolicLink,
      () => false,
    );
    if (!isLink) return path;
    return this.resolvePath(path.slice(0, path.lastIndexOf("/")), await super.readlink(path));
  }

  private requireWritable(path: string): string {
    this.requirePossible(path);
    this.rules.wrote(path);
    return path;
  }

  private requirePossible(path: string): void {
    const refusal = this.rules.refusal(path);
    if (refusal) throw new RefusedWrite(path, refusal);
  }

  /** What takes no room is possible on a full disk. */
  private requireAllowed(path: string): string {
    if (this.rules.refusal(path) !== "ENOSPC") return this.requireWritable(path);
    this.rules.wrote(path);
    return path;
  }
}

const isCluster = (path: string): boolean => path.startsWith(`${CLUSTER}/`);
