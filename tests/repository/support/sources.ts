import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

export const ROOT = resolve(__dirname, "../../..");

/** Files of the repository below `folders`, as git knows them or would take them. */
export function filesIn(...folders: string[]): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...folders];
  const listed = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).split("\n");
  return [...new Set(listed)].filter((file) => file !== "" && existsSync(join(ROOT, file)));
}

export const sourcesIn = (...folders: string[]): string[] =>
  filesIn(...folders).filter((file) => file.endsWith(".ts"));

export const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

export interface Imported {
  from: string;
  /** A file of the repository without its ending, or a package. */
  to: string;
  isPackage: boolean;
  /** Gone when the program runs. */
  typeOnly: boolean;
}

export function importsOf(from: string): Imported[] {
  const source = ts.createSourceFile(from, read(from), ts.ScriptTarget.Latest);
  const found: Imported[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const isPackage = !specifier.startsWith(".");
    const to = isPackage ? specifier : relative(ROOT, join(ROOT, dirname(from), specifier));
    found.push({ from, to, isPackage, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.importClause?.isTypeOnly ?? false);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      if (ts.isStringLiteral(node.moduleSpecifier)) add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(node.expression) && node.expression.text === "require"))
    ) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(argument.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
