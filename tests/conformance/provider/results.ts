/** What test2json tells of a run, and what it comes to. Pure: events in, results out. */

export interface TestEvent {
  Action: string;
  Test?: string;
  Output?: string;
}

export interface Failure {
  /** The test with its subtests: `TestA/case`. */
  test: string;
  error: string;
}

export type Outcome = "passed" | "failed" | "skipped";

export interface PackageResult {
  package: string;
  /** Test functions by name. One with a skipped subtest counts as skipped: something of it was not tried. */
  outcomes: Map<string, Outcome>;
  /** Every failed or skipped test that has no failed or skipped subtest. */
  failures: Failure[];
}

/** A test that may fail or be skipped, and why. */
export interface Exception {
  package: string;
  test: string;
  reason: string;
}

/** How many exceptions there may be before the lab is no stand-in any more. */
export const MOST_EXCEPTIONS = 5;

interface Tried {
  outcome?: Outcome;
  output: string[];
}

/** How Go's testing prefixes what a test says: `file_test.go:12: `. */
const GO_LINE = /^\w+\.go:\d+:/;
const OUTCOMES: Record<string, Outcome> = { pass: "passed", fail: "failed", skip: "skipped" };

/** `listed` are the test functions that the binary has: one of which nothing is heard has failed. */
export function resultOf(name: string, listed: string[], events: TestEvent[]): PackageResult {
  const tried = new Map<string, Tried>(listed.map((test) => [test, { output: [] }]));
  for (const { Action: action, Test: test, Output: output } of events) {
    if (!test) continue;
    const known = tried.get(test) ?? { output: [] };
    tried.set(test, known);
    if (output) known.output.push(output);
    const outcome = OUTCOMES[action];
    if (outcome) known.outcome = outcome;
  }
  const outcomes = new Map<string, Outcome>();
  const failures: Failure[] = [];
  for (const [test, { outcome, output }] of tried) {
    const top = functionOf(test);
    outcomes.set(top, worse(outcomes.get(top), outcome ?? "failed"));
    if (outcome === "passed" || [...tried].some(([other, it]) => isCause(test, other, it)))
      continue;
    // Some tests report what a case found at the function's own name.
    const said = output.some((line) => GO_LINE.test(line.trim())) ? output : tried.get(top)?.output;
    const error = outcome ? firstError(said ?? output) : "did not end";
    failures.push({ test, error: outcome === "skipped" ? `skipped: ${error}` : error });
  }
  failures.sort((one, other) => functionOf(one.test).localeCompare(functionOf(other.test)));
  return { package: name, outcomes, failures };
}

function isCause(test: string, other: string, { outcome }: Tried): boolean {
  return other.startsWith(`${test}/`) && outcome !== "passed";
}

/** The test function that a subtest belongs to. */
export function functionOf(test: string): string {
  return test.split("/")[0] ?? test;
}

function worse(one: Outcome | undefined, other: Outcome): Outcome {
  const order: Outcome[] = ["passed", "skipped", "failed"];
  return order[Math.max(order.indexOf(one ?? "passed"), order.indexOf(other))] ?? "failed";
}

/**
 * What a reader needs of a failed test's output: which step, and the first error with its detail. OpenTofu writes
 * "Error: SUMMARY", the place in the configuration, and after that the detail.
 */
export function firstError(output: string[]): string {
  const lines = output
    .join("")
    .split("\n")
    .map((line) => line.replace(/^[\s│╷╵]+|\s+$/g, ""))
    .filter((line) => line !== "" && !/^(=== |--- )/.test(line));
  const says = (pattern: RegExp): number => lines.findIndex((line) => pattern.test(line));
  const step = says(/^\w+\.go:\d+: (Step|Error running) /);
  const place = step >= 0 ? step : says(GO_LINE);
  if (place < 0) return lines[Math.max(says(/^panic: /), 0)] ?? "failed without a word";
  const first = (lines[place] ?? "").replace(/^\w+\.go:\d+: ?/, "");
  const error = lines.findIndex((line, index) => index > place && line.startsWith("Error:"));
  if (error < 0) return [first, lines[place + 1]].filter(Boolean).join(" ").slice(0, 300);
  const detail = lines
    .slice(error + 1)
    .filter((line) => !/^(with |on .* line \d+|\d+: |\S+\.(go|s):\d+|Test: )/.test(line))
    .slice(0, 3);
  const summary = (lines[error] ?? "").replace(/\s+/g, " ");
  // Without a step, the first words are whatever the test has logged.
  return [step >= 0 ? first : "", summary, ...detail].filter(Boolean).join(" ").slice(0, 400);
}

export interface Verdict {
  /** Not passed and not excepted. */
  unexcused: string[];
  /** Excepted, and yet passed. */
  stale: string[];
  tooMany: boolean;
}

/** Only packages that ran are judged. */
export function judge(results: PackageResult[], exceptions: Exception[]): Verdict {
  const keyOf = (name: string, test: string): string => `${name} ${test}`;
  const excused = new Set(exceptions.map((exception) => keyOf(exception.package, exception.test)));
  const notPassed = results.flatMap((result) =>
    [...result.outcomes]
      .filter(([, outcome]) => outcome !== "passed")
      .map(([test]) => keyOf(result.package, test)),
  );
  const ran = results.flatMap((result) =>
    [...result.outcomes.keys()].map((test) => keyOf(result.package, test)),
  );
  return {
    unexcused: notPassed.filter((key) => !excused.has(key)),
    stale: ran.filter((key) => excused.has(key) && !notPassed.includes(key)),
    tooMany: exceptions.length > MOST_EXCEPTIONS,
  };
}
