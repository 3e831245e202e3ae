const BEGIN = "<!-- Written by npm run reference. -->\n\n";
const END = "\n\n<!-- Up to here. -->";

/** The page with that table where it has one that is written. */
export function withTable(page: string, headings: string[], rows: string[][]): string {
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  return page.slice(0, begin) + table([headings, ...rows]) + page.slice(page.indexOf(END));
}

/** Padded as prettier does. */
function table([headings = [], ...rows]: string[][]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [line(headings), line(rule), ...rows.map(line)].join("\n");
}
