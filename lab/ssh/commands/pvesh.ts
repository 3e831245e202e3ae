import { callAsRoot } from "../../api/dispatch";
import type { RawParameters } from "../../api/verify";
import { asPveCommand, type Commands, fail, ok, parseArgs } from "../command";

const METHODS: Record<string, string> = {
  get: "GET",
  ls: "GET",
  create: "POST",
  set: "PUT",
  delete: "DELETE",
};

export const pveshCommands: Commands = {
  pvesh: (args, { site, host }) =>
    asPveCommand(async () => {
      const { positional, options, repeated } = parseArgs(args, ["noborder", "noheader", "quiet"]);
      const [verb = "", path = ""] = positional;
      const method = METHODS[verb];
      if (!method) return fail(`ERROR: unknown command 'pvesh ${verb}'`, 255);
      const {
        "output-format": format = "text",
        noborder: _b,
        noheader: _h,
        quiet: _q,
        ...params
      } = options;
      const raw: RawParameters = { ...params, ...repeated };
      const result = await callAsRoot(site, host.name, method, path, raw);
      return ok(format.startsWith("json") ? `${asJson(result, format)}\n` : asText(result));
    }),
};

function asJson(result: unknown, format: string): string {
  return JSON.stringify(canonical(result), null, format === "json-pretty" ? 3 : undefined);
}

/** Keys in their order, as PVE::CLIFormatter has them. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, canonical(inner)]));
}

/** PVE draws a table of a list, and one of keys and values for an object. Columns are sorted unless they are named. */
export function asText(result: unknown, named?: string[]): string {
  if (result === null || result === undefined) return "";
  if (Array.isArray(result)) {
    const columns =
      named ?? [...new Set(result.flatMap((row) => Object.keys(row as object)))].sort();
    const rows = result.map((row) =>
      columns.map((column) => cell((row as Record<string, unknown>)[column])),
    );
    return table(columns, rows);
  }
  if (typeof result === "object") {
    const rows = Object.entries(result as object).map(([key, value]) => [key, cell(value)]);
    return table(["key", "value"], rows);
  }
  return `${String(result)}\n`;
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (left: string, middle: string, right: string): string =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}`;
  const text = (row: string[]): string =>
    `│${row.map((entry, index) => ` ${entry.padEnd(widths[index] ?? 0)} `).join("│")}│`;
  const body = rows.flatMap((row) => [line("├", "┼", "┤"), text(row)]);
  return `${[line("┌", "┬", "┐"), text(head), ...body, line("└", "┴", "┘")].join("\n")}\n`;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
