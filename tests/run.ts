import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Toolchain } from "../toolchain/build/main";

/** Runs everything that must hold and ends with the counts. A test that did not run counts as failed. */

const ROOT = resolve(__dirname, "..");

interface Counts {
  passed: number;
  failed: number;
}

interface Step {
  title: string;
  run(): Counts;
}

/** Same flags as the build, so that Go's cache serves both. */
const GO_TEST = ["test", "-mod=readonly", "-trimpath", "-buildvcs=false", "./..."];

/** Programs that only the tests need, and what they come from in Debian. */
const PROGRAMS: Record<string, string> = {
  "/usr/bin/chromium": "chromium",
  mmdebstrap: "mmdebstrap",
  shellcheck: "shellcheck",
  ssh: "openssh-client",
  "/usr/sbin/sshd": "openssh-server",
  ps: "procps",
};

const LONGEST_FIRST = "--testSequencer=<rootDir>/tests/e2e/support/longestFirst.js";

const STEPS: Step[] = [
  { title: "programs", run: programs },
  { title: "types", run: () => program("npx", ["tsc", "--noEmit"]) },
  { title: "types of the lab's page", run: () => program("npx", ["tsc", "-p", "lab/page"]) },
  {
    title: "format",
    run: () => program("npx", ["prettier", "--check", "--log-level", "warn", "."]),
  },
  { title: "lint", run: () => program("npx", ["eslint", "--max-warnings", "0", "."]) },
  {
    title: "shell scripts",
    run: () => program("shellcheck", ["--external-sources", ...shellScripts()]),
  },
  { title: "Go", run: () => program("go", GO_TEST, join(ROOT, "toolchain/go/proxmoxve")) },
  { title: "unit, policy and lab tests", run: () => jest("unit", "--maxWorkers=2") },
  // They wait for one another's programs and for HA more than they compute.
  { title: "end-to-end tests", run: () => jest("e2e", "--maxWorkers=3", LONGEST_FIRST) },
];

function program(name: string, args: string[], cwd = ROOT): Counts {
  const { status, error } = spawnSync(name, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
  });
  if (error) process.stderr.write(`${name}: ${error.message}\n`);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Without one of them some tests could not run, which would be no success. */
function programs(): Counts {
  const missing = Object.entries(PROGRAMS).filter(
    ([name]) => spawnSync("sh", ["-c", `command -v ${name}`]).status !== 0,
  );
  for (const [name, debian] of missing) {
    process.stderr.write(`${name} is missing. Debian: apt-get install ${debian}\n`);
  }
  return { passed: Object.keys(PROGRAMS).length - missing.length, failed: missing.length };
}

function shellScripts(): string[] {
  const { stdout } = spawnSync(
    "git",
    ["grep", "-lE", "^#!.*\\b(ba)?sh$|^# shellcheck shell=", "--", ":!*.ts"],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  return stdout.split("\n").filter((file) => file !== "");
}

interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
  numTotalTests: number;
}

function jest(project: string, ...options: string[]): Counts {
  const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-jest-"));
  const file = join(folder, "result.json");
  const { cli } = JSON.parse(
    readFileSync(join(ROOT, ".stamps/toolchain.json"), "utf8"),
  ) as Toolchain;
  spawnSync(
    "npx",
    [...["jest", ...options, "--json", `--outputFile=${file}`], ...["--selectProjects", project]],
    {
      cwd: ROOT,
      // Its JSON also goes to standard output, which nobody wants to read.
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...withoutPulumi(), PROXMOX_HA_TOOLCHAIN_BIN: resolve(cli, "..") },
    },
  );
  try {
    const result = JSON.parse(readFileSync(file, "utf8")) as JestResult;
    const notRun = result.numPendingTests + result.numTodoTests + result.numRuntimeErrorTestSuites;
    const none = result.numTotalTests === 0 ? 1 : 0;
    return { passed: result.numPassedTests, failed: result.numFailedTests + notRun + none };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A caller's settings must not decide whether the tests pass. */
function withoutPulumi(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PULUMI_/.test(name)));
}

const total: Counts = { passed: 0, failed: 0 };
for (const { title, run } of STEPS) {
  const started = Date.now();
  process.stdout.write(`== ${title}\n`);
  const { passed, failed } = run();
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`== ${title}: ${passed} passed, ${failed} failed (${seconds} s)\n`);
  total.passed += passed;
  total.failed += failed;
}
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
