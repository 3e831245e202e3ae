import { type Entry, LISTS, type PrivateEntry } from "./types";

/** A file of sections as proxmox-section-config writes it: a key a line, lists with a line for each. */
export function sectionsOf(entries: Record<string, Entry | PrivateEntry>): string {
  return Object.entries(entries)
    .map(([name, { type, values }]) => {
      const lines = Object.entries(values).flatMap(([key, value]) =>
        (Array.isArray(value) ? value : [value]).map((one) => `\t${key} ${one}\n`),
      );
      return `${type}: ${name}\n${lines.join("")}`;
    })
    .join("\n");
}

/** What somebody has written into priv/notifications.cfg. */
export function parsePrivate(text: string): Record<string, PrivateEntry> {
  const found: Record<string, PrivateEntry> = {};
  let current: PrivateEntry | undefined;
  for (const line of text.split("\n")) {
    const [, type, name] = /^([a-z]+):\s*(\S+)\s*$/.exec(line) ?? [];
    if (type !== undefined && name !== undefined) {
      current = found[name] = { type, values: {} };
      continue;
    }
    const [, key, value = ""] = /^\s+(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || current === undefined) continue;
    if (!LISTS.includes(key)) current.values[key] = value;
    else current.values[key] = [...[current.values[key] ?? []].flat(), value];
  }
  return found;
}
