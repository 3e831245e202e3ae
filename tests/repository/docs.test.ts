import { dirname, join, normalize } from "node:path";
import type { Command } from "commander";
import { labProgram } from "../../lab/cli/program";
import { opsProgram } from "../../ops/program";
import { filesIn, read } from "./support/sources";

/** What people read resolves: links, anchors, and commands that are named there. */

const files = filesIn().filter((file) => /^(\w+\.md|(docs|lab|tests)\/.*\.md)$/.test(file));
const FENCE = /^( *)(```+)[^\n]*\n([\s\S]*?)^\1\2/gm;
const withoutCode = (text: string): string =>
  text.replace(FENCE, "").replace(/(`+)[\s\S]*?\1/g, (span) => span.replace(/[[\]]/g, ""));

/** As GitHub makes them. */
function anchorsOf(file: string): Set<string> {
  const found = new Set<string>();
  for (const [, title = ""] of read(file)
    .replace(FENCE, "")
    .matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/ /g, "-");
    let name = slug;
    for (let count = 1; found.has(name); count++) name = `${slug}-${count}`;
    found.add(name);
  }
  return found;
}

function brokenLinks(file: string): string[] {
  const links = [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)];
  return links
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = "", anchor] = target.split("#");
      const to = path === "" ? file : normalize(join(dirname(file), path)).replace(/\/$/, "");
      if (filesIn(to).length === 0) return true;
      return anchor !== undefined && !anchorsOf(to).has(anchor);
    });
}

/** Inline code and the lines of blocks. */
const codeIn = (text: string): string[] => [
  ...[...text.matchAll(FENCE)].flatMap(([, , , block = ""]) => block.split("\n")),
  ...[...text.replace(FENCE, "").matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span),
];

/** Why a command line of ours cannot be said so. */
function wrongIn(program: Command, line: string): string | undefined {
  const words = (line.split(/ +#|[|;&)]/)[0] ?? "").trim().split(/\s+/);
  let command = program;
  const rest = [...words];
  for (;;) {
    const next = command.commands.find((one) => one.name() === rest[0]);
    if (!next) break;
    command = next;
    rest.shift();
  }
  if (command.commands.length > 0 && rest[0] !== "COMMAND" && rest[0] !== "--help")
    return `no command: ${line}`;
  const options = [...command.options, ...program.options].map(({ long }) => long);
  const flags = rest.filter((word) => /^--./.test(word)).map((word) => word.split("=")[0]);
  const unknown = flags.find((flag) => flag !== "--help" && !options.includes(flag));
  return unknown && `no option ${unknown}: ${line}`;
}

describe("documents", () => {
  const programs = { lab: labProgram(".lab"), ops: opsProgram({}) };
  const targets = new Set([...read("Makefile").matchAll(/^([a-z-]+):/gm)].map(([, name]) => name));

  it.each(files)("%s has links that lead somewhere", (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  it.each(files)("%s names commands that there are", (file) => {
    const wrong = codeIn(read(file)).flatMap((line): string[] => [
      ...[...line.matchAll(/\bnpm run -s (lab|ops) -- (.+)/g)].flatMap(
        ([, program = "", rest = ""]) =>
          wrongIn(programs[program as keyof typeof programs], rest) ?? [],
      ),
      ...[...line.matchAll(/(?:^|[(;&] *|^[A-Z_]+=\S+ )make (?:-s )?([a-z][a-z-]*)/g)]
        .map(([, target = ""]) => target)
        .filter((target) => !targets.has(target))
        .map((target) => `make ${target}`),
    ]);
    expect(wrong).toEqual([]);
  });

  it("are looked at: the runbooks and the links to them from the README", () => {
    const runbooks = files.filter((file) => file.startsWith("docs/runbooks/"));
    expect(runbooks.length).toBeGreaterThanOrEqual(7);
    const readme = read("README.md");
    expect(runbooks.filter((file) => !readme.includes(`](${file})`))).toEqual([]);
  });

  it("with a command, an option or a link that does not exist are found out", () => {
    expect(wrongIn(programs.ops, "node remov pve02")).toBe("no command: node remov pve02");
    expect(wrongIn(programs.ops, "node remove pve02 --off")).toBe(
      "no option --off: node remove pve02 --off",
    );
    expect(wrongIn(programs.lab, "clock --advance 5m  # five minutes")).toBeUndefined();
    expect(anchorsOf("docs/runbooks/losing-the-witness.md")).toContain(
      "it-is-gone-or-another-machine-is-to-be-it",
    );
  });
});
