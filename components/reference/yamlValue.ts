/** A value as it stands in the file, in Markdown: `[a, "4.2"]`, `{ last: 3 }`. */
export const code = (value: unknown): string => `\`${inYaml(value)}\``;

function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => `${key}: ${inYaml(one)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return typeof value === "string" && NEEDS_QUOTES.test(value) ? `"${value}"` : String(value);
}

/** Text that YAML, by version 1.1 or 1.2, would read as something else. */
const NEEDS_QUOTES = /^(\d+(\.\d+)?|[\d:-]+|\*.*|true|false|yes|no|on|off|null|)$/;
