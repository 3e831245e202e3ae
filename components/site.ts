import type { z } from "zod";
import { crossCheck } from "./checks";
import type { Draft } from "./draft";
import { explain, type Problem } from "./problems";
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
  if (parsed.success) {
    const problems = crossCheck(parsed.data);
    if (problems.length > 0) throw new InvalidSite(problems);
    return deepFreeze(parsed.data);
  }
  const { issues } = parsed.error;
  throw new InvalidSite([
    ...issues.flatMap((issue) => explain(issue, input)),
    ...crossCheck(soundPart(input, issues)),
  ]);
}

/** The input with a hole at each fault, so that what is said elsewhere can be checked all the same. */
function soundPart(input: unknown, issues: z.core.$ZodIssue[]): Draft<Site> {
  const draft: unknown = structuredClone(input);
  if (!isMapping(draft)) return {};
  for (const issue of issues) {
    // The rest of such a mapping is read.
    if (issue.code === "unrecognized_keys") continue;
    // Without its type a guest is not read at all.
    const path = issue.code === "invalid_union" && issue.discriminator ? -1 : undefined;
    leaveOut(draft, issue.path.slice(0, path));
  }
  return {
    hosts: {},
    storages: {},
    media: {},
    guests: {},
    pools: {},
    backups: {},
    metrics: {},
    copies: {},
    ...draft,
  };
}

/** A list with a fault is left out as a whole, as its other entries do not say what it was to be. */
function leaveOut(draft: Record<PropertyKey, unknown>, path: PropertyKey[]): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  const inner = draft[key];
  if (rest.length > 0 && isMapping(inner)) leaveOut(inner, rest);
  else draft[key] = undefined;
}

function isMapping(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}

export type { Site } from "./schema";
