import { mkdir } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { LauncherError, wordsOf } from "../../../toolchain/launcher/errors";
import { ROOT } from "../../../toolchain/launcher/root";
import { build, spaced, type TestBinary } from "./build";
import exceptions from "./exceptions.json";
import { imageServer } from "./images";
import { OwnLab, RunError } from "./lab";
import { OPTIONAL, REQUIRED } from "./packages";
import { judge, type PackageResult } from "./results";
import { environmentOf, prepare, type Site } from "./site";
import { conclusion, table } from "./table";
import { runTests } from "./tests";

interface Options {
  all?: boolean;
  package?: string[];
  run: string;
  keep?: boolean;
}

const LOGS = join(ROOT, ".stamps/conformance");

/** Runs the provider's own acceptance tests against a lab, and ends with a table of what passed. */
async function main(options: Options): Promise<void> {
  // Builds and tests go on for minutes; the machine stays usable.
  setPriority(10);
  const packages = options.package ?? (options.all ? [...REQUIRED, ...OPTIONAL] : REQUIRED);
  const { tofu, tests } = await build(packages);
  const lab = await OwnLab.create();
  const images = await imageServer();
  const interruption = new AbortController();
  const interrupted = (): void => {
    interruption.abort();
    void lab.dispose().finally(() => process.exit(130));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    await lab.start();
    const site = await prepare(lab);
    for (const refusal of site.refusals) say(`the lab refused: ${refusal}`);
    await lab.keep();
    const tools = {
      TF_ACC_TERRAFORM_PATH: tofu,
      TF_ACC_PROVIDER_NAMESPACE: "hashicorp",
      TF_ACC_PROVIDER_HOST: "registry.opentofu.org",
      PROXMOX_VE_ACC_CLOUD_IMAGES_SERVER: images.url,
      PROXMOX_VE_ACC_CONTAINER_IMAGES_SERVER: images.url,
    };
    const { signal } = interruption;
    const results = await runAll(tests, { lab, site, tools, pattern: options.run, signal });
    const verdict = judge(results, exceptions);
    process.stdout.write(`\n${table(results)}\n${conclusion(verdict)}`);
    say(`The tests' whole output is in ${LOGS}`);
    const { unexcused, stale, tooMany } = verdict;
    process.exitCode = unexcused.length + stale.length > 0 || tooMany ? 1 : 0;
  } finally {
    images.close();
    if (options.keep && !interruption.signal.aborted) say(`the lab stays: ${lab.dir}`);
    else await lab.dispose();
  }
}

interface Against {
  lab: OwnLab;
  site: Site;
  tools: Record<string, string>;
  pattern: string;
  signal: AbortSignal;
}

/** One package after the other, each on the site as it was prepared. */
async function runAll(tests: TestBinary[], against: Against): Promise<PackageResult[]> {
  const { lab, site, tools, pattern, signal } = against;
  await mkdir(LOGS, { recursive: true });
  const results: PackageResult[] = [];
  const progress = spaced(say);
  for (const binary of tests) {
    await lab.restore();
    const started = Date.now();
    const name = binary.package.replaceAll("/", "-");
    const result = await runTests(binary, {
      environment: { ...(await environmentOf(lab, site)), ...tools },
      folder: join(lab.folder, name),
      log: join(LOGS, `${name}.log`),
      pattern,
      signal,
      onProgress: (done, all) => progress(`${binary.package}: ${done} of ${all} done`),
    });
    results.push(result);
    const passed = [...result.outcomes.values()].filter((outcome) => outcome === "passed").length;
    const seconds = Math.round((Date.now() - started) / 1000);
    say(`${binary.package}: ${passed} of ${result.outcomes.size} passed, ${seconds} s`);
  }
  return results;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const program = new Command("conformance")
  .description("The provider's own acceptance tests against the lab.")
  .option("--all", "virtual machines, containers, files and their firewall too")
  .option("--package <names...>", "only these packages")
  .option("--run <pattern>", "only tests whose names match", "")
  .option("--keep", "leave the lab running afterwards")
  .action((options: Options) => main(options));

program.parseAsync().catch((error: unknown) => {
  const words = error instanceof RunError ? new LauncherError(error.message) : error;
  process.stderr.write(`${wordsOf(words)}\n`);
  process.exit(1);
});
