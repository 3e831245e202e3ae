import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const FOLDER = join(__dirname, ".build");
const ENTRY = join(__dirname, "daemon.ts");

/**
 * Node's arguments for the lab's daemon: one file of plain JavaScript, made anew when a source is newer. A process that translates
 * several hundred TypeScript files as it loads them takes three times as long to start, and as much memory.
 */
export async function daemonCommand(): Promise<string[]> {
  const program = join(FOLDER, "daemon.cjs");
  if (!(await isCurrent(program))) await make(program);
  // A smaller young generation: answers are short-lived and the lab shares a laptop with other work.
  return ["--enable-source-maps", "--max-semi-space-size=4", program];
}

async function make(program: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  // Whole or not at all: another start may be reading it.
  const unfinished = `${program}.${process.pid}`;
  await build({
    entryPoints: [ENTRY],
    outfile: unfinished,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "cjs",
    sourcemap: "inline",
    sourcesContent: false,
  });
  await rename(unfinished, program);
}

async function isCurrent(program: string): Promise<boolean> {
  const made = await stat(program).catch(() => undefined);
  if (!made) return false;
  const entries = await readdir(__dirname, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
  // A folder is newer when a file in it has come, gone or got another name.
  const folders = new Set(files.map((file) => file.path));
  const paths = [...files.map((file) => join(file.path, file.name)), ...folders];
  const times = await Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs));
  return Math.max(...times) < made.mtimeMs;
}
