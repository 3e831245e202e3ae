/** Lines that are none of the flowchart's grammar that a report uses: shapes with quoted labels, edges, classes. */
export function wrongLines(text: string): string[] {
  const id = "[a-z]+\\d+";
  // A quote ends a label, and a semicolon a statement but in an entity.
  const label = '"(?:[^"`;#<>&|{}\\\\]|#\\d+;|<br/>)*"';
  const shape = `(?:\\[${label}\\]|\\[\\(${label}\\)\\]|\\{\\{${label}\\}\\})`;
  const grammar = [
    "flowchart TB",
    `subgraph ${id}\\[${label}\\]`,
    "end",
    `${id}${shape}(?::::(?:create|update|replace|delete))?`,
    `${id} (?:---|-\\. votes \\.-) ${id}`,
    `class ${id} (?:create|update|replace|delete)`,
    "classDef (?:create|update|replace|delete) [a-z0-9#:, -]+",
  ].map((line) => new RegExp(`^ *${line}$`, "u"));
  const lines = text.split("\n");
  const wrong = lines.filter((line) => !grammar.some((one) => one.test(line)));
  const open = lines.reduce(
    (depth, line) => depth + (/^ *subgraph /.test(line) ? 1 : 0) - (/^ *end$/.test(line) ? 1 : 0),
    0,
  );
  return open === 0 ? wrong : [...wrong, `${open} subgraphs are left open`];
}
