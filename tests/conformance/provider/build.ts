import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Listr } from "listr2";
import { cached, cacheRoot } from "../../../toolchain/build/cache";
import { type Report, run } from "../../../toolchain/build/process";
import { type Module, OPENTOFU, PROVIDER, sourcesOf } from "./modules";

/** A test binary, and the folder that its tests expect to be started in. */
export interface TestBinary {
  package: string;
  program: string;
  folder: string;
}

export interface Built {
  tofu: string;
  tests: TestBinary[];
}

/** Without a terminal a line now and then shows that the build lives. */
const LINE_EVERY_MS = 15_000;
const GO_FLAGS = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w"];

interface Binary {
  title: string;
  module: Module;
  /** The whole arguments of `go`, but for the place of the result. */
  args: string[];
  /** Where it lies once it is built: FOLDER/FILE. */
  folder: string;
  file: string;
}

/** The folder's name tells the binary from others, as a hash over all that decides what it is. */
function binary(title: string, file: string, module: Module, verb: string[], name: string): Binary {
  const args = [...verb, ...GO_FLAGS, `./${name}`];
  const inputs = [process.platform, process.arch, module.path, module.version, module.sum, ...args];
  const hash = createHash("sha256").update(inputs.join("\n")).digest("hex").slice(0, 16);
  return { title, module, args, folder: join(cacheRoot(), `${file}-${hash}`), file };
}

/** OpenTofu and the packages' test binaries, built now as far as the cache does not have them. */
export async function build(packages: string[]): Promise<Built> {
  const tofu = binary(
    `OpenTofu ${OPENTOFU.version}`,
    "tofu",
    OPENTOFU,
    ["build", "-v"],
    "cmd/tofu",
  );
  const tests = packages.map((name) =>
    binary(
      `the tests of ${name}`,
      `acceptance-${name.replaceAll("/", "-")}`,
      PROVIDER,
      ["test", "-c", "-tags", "acceptance"],
      name,
    ),
  );
  const missing = [tofu, ...tests].filter(({ folder }) => !existsSync(folder));
  if (missing.includes(tofu)) {
    process.stderr.write("Building OpenTofu and the tests; this first time takes six minutes.\n");
  }
  if (missing.length > 0) await buildAll(missing);
  const provider = await sourcesOf(PROVIDER);
  return {
    tofu: join(tofu.folder, tofu.file),
    tests: tests.map(({ folder, file }, index) => {
      const name = packages[index] ?? "";
      return { package: name, program: join(folder, file), folder: join(provider, name) };
    }),
  };
}

async function buildAll(binaries: Binary[]): Promise<void> {
  const tasks = new Listr(
    binaries.map((binary) => ({
      title: `build ${binary.title}`,
      task: async (_context: unknown, task: { output: unknown }) => {
        const show: Report = (text) => {
          task.output = text;
        };
        const report = process.stderr.isTTY ? show : spaced(show);
        await mkdir(cacheRoot(), { recursive: true });
        await cached(binary.folder, (out) => goBuild(binary, out, report));
      },
    })),
    { renderer: process.stderr.isTTY ? "default" : "verbose" },
  );
  await tasks.run();
}

async function goBuild(binary: Binary, out: string, report: Report): Promise<void> {
  report(`downloading ${binary.module.path}`);
  const [verb = "", ...args] = binary.args;
  let packages = 0;
  await run("go", [verb, "-o", join(out, binary.file), ...args], {
    cwd: await sourcesOf(binary.module),
    env: { CGO_ENABLED: "0", GOWORK: "off" },
    onLine: (line) =>
      report(
        line.startsWith("go: ") ? line.slice("go: ".length) : `${++packages} packages compiled`,
      ),
  });
}

/** At most one line in a while. */
export function spaced(report: Report): Report {
  let last = 0;
  return (text) => {
    if (Date.now() - last < LINE_EVERY_MS) return;
    last = Date.now();
    report(text);
  };
}
