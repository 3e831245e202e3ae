import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { OpsError } from "../errors";
import { withoutBackend } from "./environment";
import type { Place } from "./place";
import type { Runner } from "./runner";

export interface Base {
  /** As the operator called it. */
  ref: string;
  commit: string;
}

/** The commit that the work tree has grown from: what `ref` has come to since is no change of ours. */
export async function findBase(runner: Runner, root: string, ref: string): Promise<Base> {
  const args = ["merge-base", "HEAD", ref];
  const { code, text, output } = await runner.run("git", args, { cwd: root });
  if (code === 0) return { ref, commit: output.trim() };
  throw new OpsError(
    `${ref} and the commit that is checked out have no commit in common here. Fetch the history first: ` +
      `git fetch --unshallow origin, or fetch-depth: 0 where CI checks out.${text.trim() === "" ? "" : `\n${text.trim()}`}`,
  );
}

export async function checkOutBase(
  runner: Runner,
  { root, base }: Place,
  commit: string,
): Promise<void> {
  const args = ["worktree", "add", "--quiet", "--detach", base, commit];
  const { code, text } = await runner.run("git", args, { cwd: root });
  if (code !== 0) throw new OpsError(`git worktree add failed:\n${text.trim()}`);
}

/** The work tree as it is: what git knows and what it would take. */
export async function copyHead(runner: Runner, { root, head }: Place): Promise<void> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { code, text, output } = await runner.run("git", args, { cwd: root });
  if (code !== 0) throw new OpsError(`git ls-files failed:\n${text.trim()}`);
  for (const file of new Set(output.split("\0"))) {
    const source = join(root, file);
    // A file that was deleted is still listed; a link is taken as one.
    if (file === "" || !existsSync(source)) continue;
    const target = join(head, file);
    mkdirSync(dirname(target), { recursive: true });
    if (lstatSync(source).isFile()) copyFileSync(source, target);
    else cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  }
}

/** Packages and tools of a tree: those of the clone where they are the same, else they are installed and built. */
export async function equip(runner: Runner, root: string, tree: string): Promise<void> {
  const lock = (folder: string): string => readFileSync(join(folder, "package-lock.json"), "utf8");
  const packages = join(tree, "node_modules");
  if (lock(root) !== lock(tree)) {
    const install = ["ci", "--ignore-scripts", "--no-progress", "--loglevel", "error"];
    // Installing into a link would empty what it leads to.
    rmSync(packages, { recursive: true, force: true });
    await must(runner, "npm", install, tree);
  } else if (!existsSync(packages)) symlinkSync(join(root, "node_modules"), packages);
  // Finds by itself what was built from the same sources before.
  const installed = existsSync(join(root, ".stamps/mode-system")) ? { TOOLCHAIN: "system" } : {};
  const build = ["--import", "tsx", "toolchain/build/main.ts"];
  await must(runner, process.execPath, build, tree, installed);
}

async function must(
  runner: Runner,
  program: string,
  args: string[],
  cwd: string,
  more: NodeJS.ProcessEnv = {},
): Promise<void> {
  const env = { ...withoutBackend(process.env), ...more };
  const { code, text } = await runner.run(program, args, { cwd, env, show: true });
  if (code !== 0) throw new OpsError(`${program} ${args.join(" ")} failed:\n${text.trim()}`);
}
