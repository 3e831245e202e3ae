import type { z } from "zod";
import { crossCheck, type Problem } from "./checks";
import { type Site, siteSchema } from "./schema";

/** Every problem of a site file at once. The message lists them with their YAML paths. */
export class InvalidSite extends Error {
  constructor(readonly problems: Problem[]) {
    const lines = problems.map(
      ({ path, message }) => `  ${["site", ...path].join(".")}: ${message}`,
    );
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(`The site file has ${count}:\n${lines.join("\n")}`);
  }
}

/** Checks what the YAML says and returns the site, frozen. Throws `InvalidSite`. */
export function parseSite(input: unknown): Site {
  const parsed = siteSchema.safeParse(input);
  if (!parsed.success) {
    throw new InvalidSite(parsed.error.issues.flatMap((issue) => explain(issue, input)));
  }
  const problems = crossCheck(parsed.data);
  if (problems.length > 0) throw new InvalidSite(problems);
  return deepFreeze(parsed.data);
}

/** A schema issue in the operator's words, with the value that is at fault. */
function explain(issue: z.core.$ZodIssue, input: unknown): Problem[] {
  const path = issue.path.filter((key) => typeof key !== "symbol");
  const value = valueAt(input, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: "unknown key; see docs/configuration.md for what may stand here",
      }));
    case "invalid_type":
      if (value === undefined)
        return [{ path, message: `missing; ${expected(issue.expected)} is needed` }];
      return [{ path, message: withValue(issue.message, value, expected(issue.expected)) }];
    case "invalid_value":
      return [{ path, message: withValue("", value, `one of ${issue.values.join(", ")}`) }];
    case "invalid_key":
      return issue.issues.map((inner) => ({
        path,
        message: `this name cannot be used: ${inner.message}`,
      }));
    case "invalid_union":
      return [{ path, message: unionMessage(issue, value) }];
    default:
      return [{ path, message: withValue(issue.message, value) }];
  }
}

function unionMessage(issue: z.core.$ZodIssueInvalidUnion, value: unknown): string {
  const messages = issue.errors.flat().map((inner) => inner.message);
  return withValue(
    issue.message === "Invalid input" ? [...new Set(messages)].join(", or ") : issue.message,
    value,
  );
}

function expected(type: string): string {
  const article = /^[aeio]/.test(type) ? "an" : "a";
  const names: Record<string, string> = {
    record: "a mapping",
    object: "a mapping",
    array: "a list",
    int: "a whole number",
    string: "a text",
  };
  return names[type] ?? `${article} ${type}`;
}

function withValue(message: string, value: unknown, wanted?: string): string {
  const shown = value === undefined ? "" : `${JSON.stringify(value)}: `;
  const own = message !== "" && !message.startsWith("Invalid input");
  return `${shown}${own ? message : `write ${wanted ?? "something else"}`}`;
}

function valueAt(input: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) => (current as Record<string | number, unknown> | undefined)?.[key],
    input,
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

export type { Site } from "./schema";
