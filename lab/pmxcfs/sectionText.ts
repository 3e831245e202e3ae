/** Keys of a section that come before the others, in PVE's order: those that its type cannot do without. */
export type Required = (type: string) => readonly string[];

/**
 * A file of sections as PVE::SectionConfig writes it: `type: id`, then a tab, key and value a line; the comment and a
 * bare `disable` first, then what the type requires, then the rest, each sorted.
 */
export function sectionsText(
  sections: Record<string, Record<string, string> & { type: string }>,
  required: Required = () => [],
): string {
  return Object.entries(sections)
    .map(([id, { type, ...keys }]) => {
      const { comment, disable, ...rest } = keys;
      const first = required(type);
      const sorted = Object.keys(rest).sort();
      const order = [
        ...sorted.filter((key) => first.includes(key)),
        ...sorted.filter((key) => !first.includes(key)),
      ];
      const lines = [
        ...(comment ? [`comment ${encodeText(comment)}`] : []),
        ...(disable === "1" ? ["disable"] : []),
        ...order.filter((key) => rest[key] !== "").map((key) => `${key} ${rest[key]}`),
      ];
      return `${type}: ${id}\n${lines.map((line) => `\t${line}\n`).join("")}\n`;
    })
    .join("");
}

/** PVE::Tools::encode_text: control characters, percent, colon and non-ASCII as %XX. */
export function encodeText(text: string): string {
  return text.replace(/[^\x20-\x7e]|[%:]/g, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
}

/** `key: value` lines, sorted, with a description as comment lines before them. */
export function settingsText({ description = "", ...settings }: Record<string, string>): string {
  const comments = description === "" ? [] : description.trimEnd().split("\n");
  const lines = [
    ...comments.map((line) => `#${encodeText(line)}`),
    ...Object.keys(settings)
      .sort()
      .map((key) => `${key}: ${settings[key]}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
