import type { LabClient } from "../support/labClient";

/** `removed`: the part is taken out of the site file again, and the rest of the site stays. */
export type Step = "created" | "changed" | "removed";

/** A part of the model, tried on the whole site: made, changed in place in every way, and taken out again. */
export interface Fragment {
  /** What is added to the reference site: mappings are merged, anything else takes its place. */
  created: object;
  /** Merged over `created`: a change of every kind that needs no replacement. */
  changed: object;
  /** Configuration keys that the part names, with their values. */
  secrets?: Record<string, string>;
  /** What others have made on the site before. */
  prepare?(lab: LabClient): void;
  /** What the site then says of itself, asked from outside. */
  check(step: Step, lab: LabClient): Promise<void>;
}

/** Mappings are merged; lists and values of `over` take the place of those of `base`. */
export function merged(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in over ? merged(base[key], over[key]) : base[key]]),
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
