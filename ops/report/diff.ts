import { isDeepStrictEqual } from "node:util";
import { isSecret } from "../../policy/inputs/recorded";
import type { Detail, Step } from "./events";
import { firstDifference, isInternal, SECRET_TEXT, shown, UNKNOWN_TEXT } from "./values";

/** A property of a resource that a step changes. */
export interface PropertyChange {
  /** `memory.dedicated`, `disks[0].size`. */
  path: string;
  /** Undefined where there was nothing. */
  before?: string;
  /** Undefined where there is nothing any more. */
  after?: string;
  /** It is why the resource is replaced. */
  replaces: boolean;
}

type Values = Record<string, unknown>;

/**
 * What a step changes: what its provider says, and for those that only say that they differ, what differs between the
 * inputs.
 */
export function propertyChanges(step: Step): PropertyChange[] {
  const before = step.old?.inputs ?? {};
  const after = step.new?.inputs ?? {};
  const keys = step.keys ?? [];
  if (!step.old) return setProperties(after);
  if (!step.new) return [];
  const details = Object.entries(step.detailedDiff ?? {});
  const changes =
    details.length > 0
      ? details.flatMap(([path, detail]) => detailed(step, path, detail))
      : differences("", before, after);
  if (changes.length > 0)
    return changes.map((change) => ({
      ...change,
      replaces: change.replaces || keys.includes(topOf(change.path)),
    }));
  return (step.diffs ?? []).map((path) => ({
    ...{ path, before: shown(step.old?.outputs?.[path]), after: UNKNOWN_TEXT },
    replaces: keys.includes(path),
  }));
}

/** What a program says of a new resource, without what the provider adds. */
function setProperties(inputs: Values): PropertyChange[] {
  const defaults = Array.isArray(inputs.__defaults) ? inputs.__defaults : [];
  return Object.entries(inputs)
    .filter(([key, value]) => !isInternal(key) && !defaults.includes(key) && value !== null)
    .map(([path, value]) => ({ path, after: shown(value), replaces: false }));
}

function detailed(step: Step, path: string, { diffKind, inputDiff }: Detail): PropertyChange[] {
  if (path.split(/[.[]/).some(isInternal)) return [];
  const replaces = diffKind.endsWith("-replace");
  const old = inputDiff ? valueAt(step.old?.inputs, path) : valueAt(step.old?.outputs, path);
  const before = old === undefined ? valueAt(step.old?.inputs, path) : old;
  const after = valueAt(step.new?.inputs, path);
  const [change] = compared(path, before, after);
  // The provider compares with what it read from the cluster, and the inputs may be the same.
  return [change ? { ...change, replaces } : { path, after: shown(after), replaces }];
}

/** What stands at a path of the engine's, as in `disks[0].size`; the secret where that is in one. */
export function valueAt(values: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, word]) => quoted ?? index ?? word ?? "",
  );
  return keys.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && !isSecret(value)
        ? (value as Values)[key]
        : isSecret(value)
          ? value
          : undefined,
    values,
  );
}

function differences(path: string, before: unknown, after: unknown): PropertyChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isMapping(before) || !isMapping(after)) return compared(path, before, after);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys
    .filter((key) => !isInternal(key))
    .flatMap((key) => differences(path ? `${path}.${key}` : key, before[key], after[key]));
}

function isMapping(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

function compared(path: string, before: unknown, after: unknown): PropertyChange[] {
  if (isDeepStrictEqual(before, after) && !isSecret(after)) return [];
  if (isSecret(before) || isSecret(after))
    return [{ path, before: SECRET_TEXT, after: SECRET_TEXT, replaces: false }];
  if (isText(before) && isText(after)) {
    const [old, now] = firstDifference(before, after);
    return [{ path, before: old, after: now, replaces: false }];
  }
  return [
    {
      path,
      ...(isNothing(before) ? {} : { before: shown(before) }),
      ...(isNothing(after) ? {} : { after: shown(after) }),
      replaces: false,
    },
  ];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.includes("\n");
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function topOf(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}
