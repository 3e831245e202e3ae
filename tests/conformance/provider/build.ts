import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Listr } from "listr2";
import { cached, cacheRoot, sourceHash } from "../../../toolchain/build/cache";
import { type Report, run } from "../../../toolchain/build/process";
import { ROOT } from "../../../toolchain/launcher/root";
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
  /** Where it lies once it is built: FOLDER/FILE. */
  folder: string;
  file: string;
  args: string[];
}

/** OpenTofu and the packages' test binaries, built now as far as the cache does not have them. */
export async function build(packages: string[]): Promise<Built> {
  const cache = cacheRoot();
  const hash = await sourceHash(join(ROOT, "tests/conformance/provider"), [
    "build.ts",
    "modules.ts",
  ]);
  const tofu: Binary = {
    title: `OpenTofu ${OPENTOFU.version}`,
    module: OPENTOFU,
    folder: join(cache, `tofu-${hash}`),
    file: "tofu",
    args: ["build", "-v", ...GO_FLAGS, "./cmd/tofu"],
  };
  const tests = packages.map((name): Binary => {
    const file = `${name.replaceAll("/", "-")}.test`;
    return {
      title: `the tests of ${name}`,
      module: PROVIDER,
      folder: join(cache, `acceptance-${hash}`, name.replaceAll("/", "-")),
      file,
      args: ["test", "-c", "-tags", "acceptance", ...GO_FLAGS, `./${name}`],
    };
  });
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
        const report = spaced((text) => {
          task.output = text;
        });
        await mkdir(join(binary.folder, ".."), { recursive: true });
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

function spaced(report: Report): Report {
  if (process.stderr.isTTY) return report;
  let last = 0;
  return (text) => {
    if (Date.now() - last < LINE_EVERY_MS) return;
    last = Date.now();
    report(text);
  };
}
