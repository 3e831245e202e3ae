import { PROVIDER_TYPES, type Use } from "./providerTypes";

const HEAD = `# What of the provider the model uses

Every type of resource of the provider (\`@muhlba91/pulumi-proxmoxve\`), and the place in the site file that it is made for, or why the
model does without it. Written from \`components/reference/providerTypes.ts\` by \`npm run reference\`; tests hold it against the provider's
SDK and against what the components import. A type that ends in \`Legacy\` beside one of the same name without it is the same resource under
its older name; the model takes the newer.
`;

/** `docs/coverage.md`. */
export function renderCoverage(types: Record<string, Use> = PROVIDER_TYPES): string {
  const entries = Object.entries(types).sort(([one], [other]) => (one < other ? -1 : 1));
  const used = entries.flatMap(([type, use]) => ("in" in use ? [[code(type), code(use.in)]] : []));
  const unused = entries.flatMap(([type, use]) => ("not" in use ? [[code(type), use.not]] : []));
  return [
    HEAD,
    `## Used: ${used.length}`,
    "",
    ...table(["Type", "In the site file"], used),
    "",
    `## Not used: ${unused.length}`,
    "",
    ...table(["Type", "Why not"], unused),
    "",
  ].join("\n");
}

const code = (text: string): string => `\`${text}\``;

function table(head: string[], rows: string[][]): string[] {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
