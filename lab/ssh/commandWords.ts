import type { ScriptNode, SimpleCommandNode, TransformPlugin, WordNode } from "just-bash";

type WordPart = WordNode["parts"][number];

/** Parts whose value bash splits into words where they stand unquoted. */
const SPLIT = new Set<WordPart["type"]>(["ParameterExpansion", "CommandSubstitution"]);
/** Positional parameters and arrays keep their elements apart even within quotes. */
const ELEMENTS = /^@$|\[@\]$/;

/** Expands to no word at all, under `set -u` too. */
const NOTHING: WordNode = {
  type: "Word",
  parts: [
    {
      type: "ParameterExpansion",
      parameter: "_NOTHING",
      operation: { type: "DefaultValue", word: { type: "Word", parts: [] }, checkEmpty: true },
    },
  ],
};

/**
 * just-bash takes the first word of a command for one word, whatever it expands to, where bash splits it as any other:
 * `"$@"` runs the arguments, `$sudo tee FILE` runs `sudo -n tee FILE`. It splits the words behind an empty one.
 */
export const commandWords: TransformPlugin = {
  name: "commandWords",
  transform: ({ ast }) => {
    visit(ast);
    return { ast };
  },
};

function visit(value: ScriptNode | object): void {
  if (isCommand(value) && value.name && value.name !== NOTHING && mayBeMany(value.name)) {
    value.args.unshift(value.name);
    value.name = NOTHING;
  }
  for (const child of Object.values(value) as unknown[]) {
    if (typeof child === "object" && child !== null) visit(child);
  }
}

function isCommand(value: object): value is SimpleCommandNode {
  return "type" in value && value.type === "SimpleCommand";
}

function mayBeMany({ parts }: WordNode): boolean {
  return parts.some(
    (part) =>
      SPLIT.has(part.type) ||
      (part.type === "DoubleQuoted" &&
        part.parts.some(
          (inner) => inner.type === "ParameterExpansion" && ELEMENTS.test(inner.parameter),
        )),
  );
}
