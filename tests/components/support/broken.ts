import { InvalidSite, parseSite } from "../../../components/site";
import { type Changes, siteWith } from "./site";

/** The whole error text for a site file; fails where there is none, or any other error. */
export function errorFor(input: unknown): string {
  try {
    parseSite(input);
  } catch (error) {
    if (error instanceof InvalidSite) return error.message;
    throw error;
  }
  throw new Error("this site file was taken");
}

/** What is wrong, the change that makes it so, and every line of the error below its first. */
export type Broken = [what: string, changes: Changes, ...lines: string[]];

/** One test for each broken file, which asserts the whole text of its error. */
export function refuses(table: Broken[]): void {
  it.each(table)("%s", (_what, changes, ...lines) => {
    const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
    expect(errorFor(siteWith(changes))).toBe(
      [`The site file has ${count}:`, ...lines.map((line) => `  site.${line}`)].join("\n"),
    );
  });
}

export const MAPPING = "write a mapping, as in { name: value }";
export const SIZE = "write a number, a blank and MiB, GiB or TiB, as in 2 GiB";
export const UNKNOWN_KEY = "unknown key; see docs/configuration.md for what may stand here";
