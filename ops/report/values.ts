import { isSecret, UNKNOWN_VALUES } from "../../policy/inputs/recorded";

export const UNKNOWN_TEXT = "known after the update";
export const SECRET_TEXT = "[secret]";

/** More of a value tells a reader nothing. */
const LONGEST = 200;

/** A value as a reader sees it, on one line. Secrets stay secret, whatever they are in. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? plain(value) : (JSON.stringify(readable(value)) ?? "");
  return shortened(text);
}

function plain(text: string): string {
  return UNKNOWN_VALUES.includes(text) ? UNKNOWN_TEXT : text;
}

/** Without what bridged providers note for themselves. */
function readable(value: unknown): unknown {
  if (isSecret(value)) return SECRET_TEXT;
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => !isInternal(key) && one !== null)
      .map(([key, one]) => [key, readable(one)]),
  );
}

/** `__defaults`, `__internal` and the like. */
export function isInternal(key: string): boolean {
  return key.startsWith("__");
}

export function shortened(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** Of two texts of several lines: the first line that differs, with its number. */
export function firstDifference(before: string, after: string): [string, string] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const at = old.findIndex((line, index) => line !== now[index]);
  const line = at === -1 ? old.length : at;
  const told = (lines: string[]): string =>
    `line ${line + 1} of ${lines.length}: ${shortened(lines[line] ?? "(none)")}`;
  return [told(old), told(now)];
}
