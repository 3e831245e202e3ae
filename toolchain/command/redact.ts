import { CREDENTIALS } from "./inputs";
import { isObject, isPlainObject, isSecret, type Properties, reveal, type Value } from "./values";

/** A function that puts `[secret]` where a text shows a secret. */
export type Redact = (text: string) => string;

// Pulumi's own filter leaves shorter values alone too: hiding them would make every message unreadable.
const SHORTEST = 3;
// Shorter lines of a script are "done", "fi" and the like.
const SHORTEST_LINE = 5;

/**
 * Knows the secrets in these properties and hides them in texts: each whole, and each line of it, since a shell that traces
 * or complains quotes single lines of a script. Host and user of a connection are shown, though all of it is secret.
 */
export function redactor(...all: Properties[]): Redact {
  const secrets = new Set<string>();
  for (const properties of all) {
    for (const [name, value] of Object.entries(properties)) {
      if (name === "connection") collect(credentialsOf(value), true, secrets);
      else collect(value, false, secrets);
    }
  }
  const byStart = new Map<string, string[]>();
  for (const found of [...secrets].sort((a, b) => b.length - a.length)) {
    const start = found.slice(0, SHORTEST);
    const others = byStart.get(start);
    if (others) others.push(found);
    else byStart.set(start, [found]);
  }
  return byStart.size === 0 ? (text) => text : (text) => hide(text, byStart);
}

function hide(text: string, byStart: ReadonlyMap<string, string[]>): string {
  let shown = "";
  let copied = 0;
  for (let at = 0; at < text.length;) {
    const here = at;
    const found = byStart
      .get(text.slice(at, at + SHORTEST))
      ?.find((candidate) => text.startsWith(candidate, here));
    if (found) {
      shown += `${text.slice(copied, at)}[secret]`;
      at += found.length;
      copied = at;
    } else {
      at += 1;
    }
  }
  return shown + text.slice(copied);
}

function credentialsOf(connection: Value): Value {
  const inner = reveal(connection);
  if (!isPlainObject(inner)) return null;
  return Object.fromEntries(Object.entries(inner).filter(([name]) => CREDENTIALS.has(name)));
}

function collect(value: Value, inSecret: boolean, secrets: Set<string>): void {
  if (isSecret(value)) collect(reveal(value), true, secrets);
  else if (Array.isArray(value)) for (const inner of value) collect(inner, inSecret, secrets);
  else if (isObject(value))
    for (const inner of Object.values(value)) collect(inner, inSecret, secrets);
  else if (inSecret && value !== null && typeof value !== "boolean") add(String(value), secrets);
}

function add(value: string, secrets: Set<string>): void {
  const whole = value.trim();
  if (whole.length >= SHORTEST) secrets.add(whole);
  const lines = whole.split(/\r?\n/).map((line) => line.trim());
  for (const line of lines) if (line.length >= SHORTEST_LINE) secrets.add(line);
}
