import {
  type Failure,
  functionOf,
  MOST_EXCEPTIONS,
  type Outcome,
  type PackageResult,
  type Verdict,
} from "./results";

const COLUMNS: Outcome[] = ["passed", "failed", "skipped"];

/** Package, passed, failed, skipped; after that each test that failed, with its first error line. */
export function table(results: PackageResult[]): string {
  const rows = results.map((result) => [
    result.package,
    ...COLUMNS.map((column) => String(count(result, column))),
  ]);
  const sums = COLUMNS.map((column) =>
    String(results.reduce((sum, result) => sum + count(result, column), 0)),
  );
  const all = [["package", ...COLUMNS], ...rows, ["all", ...sums]];
  const width = Math.max(...all.map(([name = ""]) => name.length));
  const lines = all.map(([name = "", ...figures]) =>
    [name.padEnd(width), ...figures.map((figure) => figure.padStart(8))].join(""),
  );
  const failures = results
    .filter(({ failures }) => failures.length > 0)
    .map((result) => [result.package, ...result.failures.map(shown)].join("\n"));
  return `${[lines.join("\n"), ...failures].join("\n\n")}\n`;
}

/** Cases that fail alike are told of once. */
function shown({ test, error }: Failure, index: number, all: Failure[]): string {
  const before = all[index - 1];
  const alike = before?.error === error && functionOf(before.test) === functionOf(test);
  return alike ? `  ${test}: the same` : `  ${test}\n      ${error}`;
}

function count({ outcomes }: PackageResult, wanted: Outcome): number {
  return [...outcomes.values()].filter((outcome) => outcome === wanted).length;
}

export function conclusion({ unexcused, stale, tooMany }: Verdict): string {
  const lines = [
    unexcused.length > 0 ? `${unexcused.length} tests did not pass and are no exceptions.` : "",
    ...stale.map((key) => `${key} passes: take it off the list of exceptions.`),
    tooMany ? `The list of exceptions is longer than ${MOST_EXCEPTIONS}.` : "",
  ].filter(Boolean);
  return lines.length > 0 ? `${lines.join("\n")}\n` : "Every test passed but for the exceptions.\n";
}
