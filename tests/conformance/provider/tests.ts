import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { TestBinary } from "./build";
import { type PackageResult, resultOf, type TestEvent } from "./results";

/** Upstream's own script runs four tests of a package at a time. */
const FLAGS = ["-test.v=test2json", "-test.count=1", "-test.parallel=4", "-test.timeout=20m"];

export interface TestRun {
  environment: Record<string, string>;
  /** HOME and TMPDIR of the tests are below it. */
  folder: string;
  /** Where the whole output goes. */
  log: string;
  /** Only tests whose names match. */
  pattern: string;
  /** Ends the tests before their time. */
  signal: AbortSignal;
  /** Said after each test function. */
  onProgress(done: number, all: number): void;
}

/** Runs one package's tests to their end. A failed test is a result, not an error. */
export async function runTests(binary: TestBinary, run: TestRun): Promise<PackageResult> {
  const home = join(run.folder, "home");
  const temporary = join(run.folder, "tmp");
  for (const folder of [home, temporary]) await mkdir(folder, { recursive: true });
  const options = {
    cwd: binary.folder,
    // Nothing else of the user's: a setting of Terraform's or the provider's would change the results.
    env: { ...run.environment, PATH: process.env.PATH, HOME: home, TMPDIR: temporary, TF_ACC: "1" },
  };
  const listing = await promisify(execFile)(
    binary.program,
    ["-test.list", run.pattern || "."],
    options,
  );
  const listed = listing.stdout.split("\n").filter((line) => /^Test/.test(line));
  if (listed.length === 0) return resultOf(binary.package, [], []);
  const flags = run.pattern ? [...FLAGS, "-test.run", run.pattern] : FLAGS;
  const tests = spawn(binary.program, flags, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  run.signal.addEventListener("abort", () => tests.kill());
  const log = createWriteStream(run.log);
  const events: TestEvent[] = [];
  let done = 0;
  for await (const event of eventsOf(tests, binary.package)) {
    events.push(event);
    log.write(event.Output ?? "");
    const { Action: action, Test: test = "/" } = event;
    if (!test.includes("/") && /^(pass|fail|skip)$/.test(action)) {
      run.onProgress(++done, listed.length);
    }
  }
  log.end();
  return resultOf(binary.package, listed, events);
}

/** Go's own converter reads what the test binary writes. */
async function* eventsOf(tests: ChildProcess, name: string): AsyncGenerator<TestEvent> {
  const converter = spawn("go", ["tool", "test2json", "-t", "-p", name], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let open = 2;
  for (const stream of [tests.stdout, tests.stderr]) {
    stream?.pipe(converter.stdin, { end: false });
    stream?.on("end", () => {
      if (--open === 0) converter.stdin.end();
    });
  }
  for await (const line of createInterface({ input: converter.stdout })) {
    yield JSON.parse(line) as TestEvent;
  }
}
