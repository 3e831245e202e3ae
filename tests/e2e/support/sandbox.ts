import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { LabClient } from "./labClient";

const SOURCE = resolve(__dirname, "../../..");

/** `RELEASE=8` runs the suites on a lab of release 8, with site files that say so. */
export const ON_RELEASE_8 = process.env.RELEASE === "8";

export interface Result {
  code: number;
  /** Standard output and error, as a person would see them, without colours. */
  text: string;
}

/** `make` with these applies the file without a preview before, which takes as long again and which few tests are about. */
export const UP = ["up", "UP_FLAGS=--skip-preview"];

/**
 * A clone of the project as it stands in the working tree, with a lab, a state and a git history of its own. Packages
 * and tools are those of the project, so that nothing is installed or built again.
 */
export class Sandbox {
  readonly root: string;
  readonly lab: LabClient;

  constructor(name: string) {
    if (!existsSync(join(SOURCE, ".stamps/toolchain.json"))) {
      throw new Error("The tools are not built. Build them: make toolchain");
    }
    this.root = mkdtempSync(join(tmpdir(), `proxmox-ha-${name}-`));
    for (const file of projectFiles()) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      copyFileSync(join(SOURCE, file), join(this.root, file));
    }
    symlinkSync(join(SOURCE, "node_modules"), join(this.root, "node_modules"));
    cpSync(join(SOURCE, ".stamps"), join(this.root, ".stamps"), { recursive: true });
    // Not older than any source, so that make neither installs nor builds anything here.
    const later = new Date();
    for (const stamp of ["prerequisites", "node_modules", "toolchain.json"]) {
      writeFileSync(join(this.root, ".stamps", stamp), stampContent(stamp));
      utimesSync(join(this.root, ".stamps", stamp), later, later);
    }
    if (ON_RELEASE_8) {
      for (const file of ["Pulumi.dev.yaml", "Pulumi.prod.yaml"])
        this.edit(file, "      release: 9\n", "      release: 8\n");
    }
    this.git("init", "--quiet");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "start");
    this.lab = new LabClient(this.root);
  }

  /** Ends the lab and everything else of this sandbox. */
  dispose(): void {
    if (existsSync(join(this.root, ".lab"))) this.labCommand("stop");
    rmSync(this.root, { recursive: true, force: true });
  }

  make(...args: string[]): Result {
    return this.run("make", args);
  }

  /** Our pulumi, in the environment that `make env` prints. */
  pulumi(...args: string[]): Result {
    return this.run(join(this.root, "toolchain/bin/pulumi"), [...args, "--color", "never"], {
      PULUMI_STACK: "dev",
    });
  }

  ops(...args: string[]): Result {
    return this.run("npm", ["run", "-s", "ops", "--", ...args]);
  }

  labCommand(...args: string[]): Result {
    const release = ON_RELEASE_8 && args[0] === "start" && !args.includes("--release");
    const all = release ? [...args, "--release", "8"] : args;
    return this.run("node", ["--require", "tsx/cjs", "lab/cli.ts", ...all]);
  }

  run(program: string, args: string[], env: Record<string, string> = {}): Result {
    const result = spawnSync(program, args, {
      cwd: this.root,
      encoding: "utf8",
      env: { ...cleanEnvironment(), ...env },
      maxBuffer: 256 * 1024 ** 2,
    });
    return { code: result.status ?? -1, text: `${result.stdout}${result.stderr}` };
  }

  /** Starts a program in a process group of its own and goes on. */
  start(program: string, args: string[]) {
    const child = spawn(program, args, {
      cwd: this.root,
      env: cleanEnvironment(),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
    const ended = new Promise<number | NodeJS.Signals>((done) => {
      child.on("close", (code, signal) => done(signal ?? code ?? -1));
    });
    return { pid: child.pid ?? 0, ended, text: () => chunks.join("") };
  }

  /** A new lab with the hosts that `options` of `lab start` say, and a stack that has built nothing. */
  begin(...options: string[]): void {
    this.labCommand("reset");
    rmSync(join(this.root, ".state"), { recursive: true, force: true });
    const { code, text } = this.labCommand("start", ...options);
    if (code !== 0) throw new Error(text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Replaces text in a file; the text must be there. */
  edit(path: string, from: string, to: string): void {
    const before = this.read(path);
    if (!before.includes(from)) throw new Error(`${path} does not contain ${JSON.stringify(from)}`);
    writeFileSync(
      join(this.root, path),
      before.replace(from, () => to),
    );
  }

  /** Puts a file back as it was in the beginning. */
  restore(path: string): void {
    this.git("checkout", "--quiet", "--", path);
  }

  /** What was changed becomes what files are put back to. */
  commit(message: string): void {
    this.git("commit", "--quiet", "--all", "--message", message);
  }

  gitStatus(): string {
    return this.git("status", "--porcelain");
  }

  private git(...args: string[]): string {
    return execFileSync(
      "git",
      ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args],
      {
        cwd: this.root,
        encoding: "utf8",
      },
    );
  }
}

/** No PULUMI_* variable of the caller's, so that what passes here passes in a stranger's shell. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(PULUMI|PROXMOX|SSL_CERT|MAKE|MFLAGS|npm_)/.test(name),
    ),
  );
}

function projectFiles(): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: SOURCE,
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(SOURCE, file)));
}

function stampContent(stamp: string): string {
  const path = join(SOURCE, ".stamps", stamp);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
