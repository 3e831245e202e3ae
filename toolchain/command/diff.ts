import { equal, isPlainObject, isUnknown, type Properties, type Value } from "./values";

/** A property that changes, by its path (`environment.A`, `triggers[0]`). */
export interface Change {
  kind: "add" | "delete" | "update";
  /** Whether it takes a new resource: a trigger does, all else is an update. */
  replace: boolean;
}

/**
 * What differs between a command's inputs in the state and its new inputs, by path. A value that is not known yet differs
 * from every known one, except for a connection that is unknown as a whole: the released plugin previews that as unchanged,
 * and so do we, lest the two show different plans. Secrets are compared whole, so that no path tells what is inside one.
 */
export function diffInputs(olds: Properties, news: Properties): Map<string, Change> {
  const changes = new Map<string, Change>();
  const add = (path: string, kind: Change["kind"]) =>
    changes.set(path, { kind, replace: topLevel(path) === "triggers" });
  diffObject("", withoutInternals(olds), withoutInternals(news), add);
  if (isUnknown(news.connection ?? null)) changes.delete("connection");
  return changes;
}

/** The property a path begins with. */
export function topLevel(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

type Add = (path: string, kind: Change["kind"]) => void;

// The engine's own entries: they say nothing about the command.
function withoutInternals(object: Properties): Properties {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => name !== "version" && !name.startsWith("__")),
  );
}

function diffObject(path: string, olds: Properties, news: Properties, add: Add): void {
  for (const name of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    diffValue(`${path}${segment(name, path === "")}`, olds[name] ?? null, news[name] ?? null, add);
  }
}

function diffValue(path: string, was: Value, is: Value, add: Add): void {
  if (equal(was, is)) return;
  if (was === null) add(path, "add");
  else if (is === null) add(path, "delete");
  else if (Array.isArray(was) && Array.isArray(is)) diffList(path, was, is, add);
  else if (isPlainObject(was) && isPlainObject(is)) diffObject(path, was, is, add);
  else add(path, "update");
}

function diffList(path: string, was: Value[], is: Value[], add: Add): void {
  for (let i = 0; i < Math.max(was.length, is.length); i++) {
    if (i >= was.length) add(`${path}[${i}]`, "add");
    else if (i >= is.length) add(`${path}[${i}]`, "delete");
    else diffValue(`${path}[${i}]`, was[i] ?? null, is[i] ?? null, add);
  }
}

// Pulumi's notation of property paths.
function segment(name: string, first: boolean): string {
  if (/^\w+$/.test(name)) return first ? name : `.${name}`;
  return `["${name.replaceAll('"', '\\"')}"]`;
}
