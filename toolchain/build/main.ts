import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Listr } from "listr2";
import { wordsOf } from "../launcher/errors";
import { ROOT } from "../launcher/root";
import versions from "../versions.json";
import { cached, cacheRoot, sourceHash } from "./cache";
import { PIECES } from "./pieces";
import { run } from "./process";
import { installedCli } from "./system";

/** What the launcher needs to know of the built tools. */
export interface Toolchain {
  /** The CLI itself. */
  cli: string;
  /** The folder of the CLI's helpers, which is its own: beside it, it finds them without a warning. */
  path: string[];
  /** PULUMI_HOME; absent when the user's own installation is used. */
  home?: string;
}

const RESULT = join(ROOT, ".stamps/toolchain.json");
/** Without a terminal a line now and then shows that the build lives. */
const LINE_EVERY_MS = 15_000;

async function main(): Promise<void> {
  // The user's own Pulumi comes with the released plugins, its home and its login.
  const toolchain: Toolchain =
    process.env.TOOLCHAIN === "system"
      ? { cli: installedCli(process.env), path: [] }
      : await builtToolchain();
  await mkdir(dirname(RESULT), { recursive: true });
  await writeFile(RESULT, JSON.stringify(toolchain, null, 2));
}

async function builtToolchain(): Promise<Toolchain> {
  const cache = cacheRoot();
  const folders = new Map<string, string>();
  for (const piece of PIECES) {
    folders.set(piece.name, join(cache, `${piece.name}-${await sourceHash(ROOT, piece.sources)}`));
  }
  const folder = (name: string): string => folders.get(name) ?? "";
  const names = [...folders.values(), await sourceHash(ROOT, ["toolchain/build"])].join("\n");
  const home = join(cache, `home-${createHash("sha256").update(names).digest("hex").slice(0, 16)}`);
  const toolchain: Toolchain = {
    cli: join(home, "bin/pulumi"),
    path: [join(home, "bin")],
    home,
  };

  const missing = PIECES.filter((piece) => !existsSync(folder(piece.name)));
  const tasks = new Listr(
    [
      ...missing.map((piece) => ({
        title: `build ${piece.title}`,
        task: async (_context: unknown, task: { output: unknown }) => {
          const report = spaced((text) => {
            task.output = text;
          });
          await cached(folder(piece.name), (out) => piece.build({ root: ROOT, out, report }));
        },
      })),
      {
        title: "install the plugins",
        skip: () => existsSync(home),
        task: () => cached(home, (out) => assemble(out, folder)),
      },
    ],
    {
      renderer: process.stderr.isTTY ? "default" : "verbose",
      rendererOptions: { collapseSubtasks: false },
    },
  );
  if (missing.length > 0 || !existsSync(home)) {
    process.stderr.write(
      missing.length > 1
        ? "Building Pulumi and its plugins; the first time this takes about eight minutes.\n"
        : "",
    );
    await mkdir(cache, { recursive: true });
    await tasks.run();
  }
  return toolchain;
}

/** PULUMI_HOME: the programs in its `bin`, and the plugins installed as `pulumi plugin install` does it. */
async function assemble(home: string, folder: (name: string) => string): Promise<void> {
  const bin = join(home, "bin");
  await mkdir(bin, { recursive: true });
  for (const piece of ["pulumi", "language-nodejs", "runners"]) {
    for (const file of await readdir(folder(piece))) {
      await copyFile(join(folder(piece), file), join(bin, file), constants.COPYFILE_FICLONE);
    }
  }
  for (const name of ["proxmoxve", "command"] as const) {
    await run(
      join(bin, "pulumi"),
      ["plugin", "install", "resource", name, versions[name], "--file", folder(name)],
      { cwd: ROOT, env: { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" } },
    );
  }
  await rm(join(home, "logs"), { recursive: true, force: true });
}

function spaced(report: (text: string) => void): (text: string) => void {
  if (process.stderr.isTTY) return report;
  let last = 0;
  return (text) => {
    if (Date.now() - last < LINE_EVERY_MS) return;
    last = Date.now();
    report(text);
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exit(1);
});
