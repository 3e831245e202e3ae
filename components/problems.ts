import type { z } from "zod";
import { rootOnlyProblem } from "./guest/rootOnly";

/** A problem of the site file: where, what, and what to do. */
export interface Problem {
  /** Keys from the top of the site, as in ["guests", "web", "vmid"]. */
  path: (string | number)[];
  message: string;
}

/** A schema issue in the operator's words: what stands there, and what to write instead. */
export function explain(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const path = issue.path.filter((key) => typeof key !== "symbol");
  const value = path.reduce<unknown>(
    (current, key) => (current as Record<string | number, unknown> | undefined)?.[key],
    input,
  );
  const problem = (remedy: string): Problem[] => [
    { path, message: `${value === undefined ? "missing" : shown(value)}; ${remedy}` },
  ];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message:
          rootOnlyProblem([...path, key], input) ??
          "unknown key; see docs/configuration.md for what may stand here",
      }));
    case "invalid_key":
      return issue.issues.map((inner) => ({
        path,
        message: `this name cannot be used; ${inner.message}`,
      }));
    case "invalid_union": {
      // An alternative that fits but for something deeper inside is the one that was meant.
      const meant = issue.errors.find((issues) => issues.every((inner) => inner.path.length > 0));
      return meant
        ? meant.flatMap((inner) => explain({ ...inner, path: [...path, ...inner.path] }, input))
        : problem(issue.message);
    }
    case "invalid_type":
      return problem(isOurs(issue) ? issue.message : rightType(issue.expected, value));
    case "invalid_value":
      return problem(oneOf(issue.values, value));
    case "too_small":
    case "too_big":
      return problem(isOurs(issue) ? issue.message : withinLimits(issue));
    default:
      return problem(issue.message);
  }
}

/** The schema gave words of its own. */
function isOurs({ message }: { message: string }): boolean {
  return !/^(Invalid|Too) /.test(message);
}

/** Values as the file shows them; those of many lines by what they are. */
function shown(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") {
    return Object.keys(value).length === 0 ? "an empty mapping" : "a mapping";
  }
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function rightType(expected: string, value: unknown): string {
  switch (expected) {
    case "string":
      return typeof value === "number" || typeof value === "boolean" ? quoted(value) : "write text";
    case "number":
    case "int":
      return isNumeric(value) ? unquoted(value) : "write a whole number";
    case "boolean":
      return value === "true" || value === "false" ? unquoted(value) : "write true or false";
    case "array":
      return "write a list, as in [one, two]";
    default:
      return "write a mapping, as in { name: value }";
  }
}

function oneOf(allowed: readonly unknown[], value: unknown): string {
  const same = allowed.find((candidate) => String(candidate) === String(value));
  if (typeof same === "string") return quoted(same);
  if (same !== undefined) return unquoted(String(same));
  return allowed.length === 1
    ? `write ${String(allowed[0])}`
    : `write one of ${allowed.map(String).join(", ")}`;
}

function withinLimits(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const big = issue.code === "too_big";
  const limit = Number(big ? issue.maximum : issue.minimum);
  switch (issue.origin) {
    case "string":
      return big ? `write ${limit} characters at most` : "write text";
    case "array":
      return "name at least one";
    default:
      if (issue.inclusive) return `write ${limit} or ${big ? "less" : "more"}`;
      return `write ${big ? limit - 1 : limit + 1} or ${big ? "less" : "more"}`;
  }
}

const quoted = (value: unknown): string => `write it in quotes: "${String(value)}"`;
const unquoted = (value: string): string => `write it without quotes: ${value}`;

function isNumeric(value: unknown): value is string {
  return typeof value === "string" && /^-?\d+$/.test(value);
}
