import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/site";

/** Words in front of a condition, in which a function may fail as it likes. */
const CONDITION = /^(if|elif|while|until)\b/;
/** Words in front of a command. */
const OPENING = /^(then|else|do|!|\{|\()\s*/;
/** How a function may end so that the lab's shell goes on: told by hand, or with what cannot fail. */
const SAFE_END = /\b(return|exit|stop|say|fact|problem|warning|printf|will|echo)\b/;

interface Text {
  path: string;
  text: string;
}

/** Functions that end with a command that may fail. */
function endingOpenly(files: Text[]): Set<string> {
  const found = new Set<string>();
  for (const { text } of files) {
    for (const [, name = "", body = ""] of text.matchAll(/^([a-z_]+)\(\) \{\n([^]*?)^\}/gm)) {
      const lines = body.split("\n").map((line) => line.trim());
      const commands = lines.filter(
        (line) => line !== "" && !/^(fi|esac|done|\}|;;|#.*)$/.test(line),
      );
      if (!SAFE_END.test(commands.at(-1) ?? "")) found.add(name);
    }
  }
  return found;
}

/** Lines without what is quoted, each with those that continue it. */
function commandLines(text: string): string[] {
  return text
    .replace(/<<'?EOF'?\n[^]*?^EOF$/gm, "")
    .replace(/\\\n/g, " ")
    .replace(/\|\|\n/g, "|| ")
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/'[^']*'/g, "''")
        .replace(/"(\\.|[^"\\])*"/g, '""'),
    )
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** Names of functions that stand left of an `||`, alone or in a chain. */
function leftOfOr(line: string): string[] {
  return line.split(/;|\bthen\b|\bdo\b/).flatMap((part) => {
    const chain = part.trim();
    if (CONDITION.test(chain)) return [];
    const commands = chain.split(/\|\|/).slice(0, -1);
    return commands
      .flatMap((command) => command.split("&&"))
      .map((command) => command.trim().replace(OPENING, "").split(/\s/)[0] ?? "");
  });
}

/** What the lab's shell would end a script at where another goes on with the right side. */
function problems(files: Text[]): string[] {
  const open = endingOpenly(files);
  return files.flatMap(({ path, text }) =>
    commandLines(text)
      .filter((line) => leftOfOr(line).some((name) => open.has(name)))
      .map((line) => `${path}: ${line}`),
  );
}

const files = readdirSync(join(ROOT, "components"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".sh"))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(ROOT, "components", path), "utf8") }));

describe("a function left of ||", () => {
  it("ends with a return in every script, as the lab's shell needs it", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(problems(files)).toEqual([]);
  });

  it.each([
    ["f() {\n  false\n}\nf || stop WHAT REMEDY\n", 1],
    ["f() {\n  false\n}\nf ||\n  stop WHAT REMEDY\n", 1],
    ["f() {\n  false\n}\ntrue && f >file || true\n", 1],
    ["f() {\n  false\n}\nif ! f || true; then stop WHAT REMEDY; fi\n", 0],
    ['f() {\n  false\n}\nx="$(f)" || stop WHAT REMEDY\n', 0],
    ["f() {\n  false || return 1\n}\nf || stop WHAT REMEDY\n", 0],
  ])("is found where it does not: %j", (text, count) => {
    expect(problems([{ path: "one", text }])).toHaveLength(count);
  });
});
