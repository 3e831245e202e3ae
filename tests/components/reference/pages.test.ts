import Ajv from "ajv";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type JsonSchema, stackFileJsonSchema } from "../../../components/reference/jsonSchema";
import { renderReference } from "../../../components/reference/markdown";
import { policiesSchema } from "../../../policy/settings/schema";
import { ROOT } from "../support/site";
import { pages } from "./pages";
import { partsOf } from "./support/parts";

const schema = stackFileJsonSchema(policiesSchema);
const parts = partsOf(schema);
/** What a rule goes by is the rule's to tell; docs/policies.md has a table for each. */
const ofRules = ({ path }: (typeof parts)[number]): boolean =>
  path.startsWith("/config/proxmox-ha:policies/rules/");
const paths = (found: typeof parts): string[] => found.map(({ path }) => path);

describe("what is written from the schemas", () => {
  it.each(Object.entries(pages()).map(([file, text]) => [basename(file), file, text]))(
    "%s is current; if not: npm run reference",
    (_name, file, text) => {
      expect(readFileSync(file, "utf8")).toBe(text);
    },
  );
});

describe.each(["dev", "prod"])("Pulumi.%s.yaml", (stack) => {
  it("names the schema in its first line, by a path that leads there", () => {
    const [first = ""] = readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8").split("\n");
    const [, path = ""] = /^# yaml-language-server: \$schema=(\S+)$/.exec(first) ?? [];
    expect(Object.keys(pages())).toContain(resolve(ROOT, path));
  });
});

describe("the JSON Schema", () => {
  it("says of every key what it means", () => {
    const described = parts.filter(({ as }) => as === "key" || as === "alternative");
    // Whether a setting is a text or not means nothing.
    const plain = ({ schema: { type } }: (typeof parts)[number]): boolean =>
      type !== "object" && type !== "array";
    const silent = described.filter(
      (part) => !part.schema.description && !(part.as === "alternative" && plain(part)),
    );
    expect(described.length).toBeGreaterThan(80);
    expect(paths(silent.filter((part) => !ofRules(part)))).toEqual([]);
    const keys = described.filter((part) => part.as === "key" && !ofRules(part));
    for (const { schema: part } of keys) {
      expect(part.description).toMatch(/\.$|: `.+`\.?$/);
    }
  });

  it("says of every entry of a mapping what it is", () => {
    const entries = parts.filter(({ as }) => as === "entry");
    expect(entries.length).toBeGreaterThan(5);
    const silent = entries.filter(({ schema: s }) => !s.description && !s.oneOf);
    expect(paths(silent.filter((part) => !ofRules(part)))).toEqual([]);
  });

  it("closes every mapping, so that a misspelt key is seen", () => {
    const mappings = parts.filter(({ schema: part }) => part.type === "object");
    expect(mappings.length).toBeGreaterThan(15);
    const open = mappings.filter(({ schema: { additionalProperties: others } }) =>
      typeof others === "object" ? Object.keys(others).length === 0 : others !== false,
    );
    expect(paths(open)).toEqual([]);
  });

  it("has patterns that editors can read, each with words for people", () => {
    const patterns = parts.filter((part) => part.schema.pattern !== undefined && !ofRules(part));
    expect(patterns.length).toBeGreaterThan(20);
    for (const { path, schema: part } of patterns) {
      // The YAML language server compiles them with this flag.
      expect(() => new RegExp(part.pattern ?? "", "u")).not.toThrow();
      expect(`${path}: ${String(part.patternErrorMessage)}`).toMatch(/: (write|use|name) /);
    }
  });

  it("tells the default too where an editor shows what a key means", () => {
    const mode = parts.find(({ path }) => path.endsWith("/backups/*/compress"));
    expect(mode?.schema).toMatchObject({
      description: "How archives are packed.",
      markdownDescription: "How archives are packed.\n\nDefault: `zstd`",
    });
  });

  it("says the same as a run where text has the wrong form, or is no text", () => {
    const size = parts.find(({ path }) => path.endsWith("/guests/*/memory"));
    const words = "write a number, a blank and MiB, GiB or TiB, as in 2 GiB";
    expect(size?.schema).toMatchObject({ errorMessage: words, patternErrorMessage: words });
  });

  it("has no default and no example that it refuses itself", () => {
    const ajv = new Ajv({ unknownFormats: "ignore" });
    const wrong = parts.flatMap(({ path, schema: part }) => {
      const { default: given, examples = [] } = part;
      const values = [...(given === undefined ? [] : [given]), ...(examples as unknown[])];
      return values.filter((value) => !ajv.validate(part, value)).map((value) => [path, value]);
    });
    expect(wrong).toEqual([]);
    expect(parts.filter(({ schema: part }) => part.examples !== undefined).length).toBeGreaterThan(
      25,
    );
  });
});

describe("the reference", () => {
  const page = renderReference(schema);
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => title);

  it("has one section for each mapping", () => {
    expect(new Set(headings).size).toBe(headings.length);
    expect(headings).toEqual(
      expect.arrayContaining(["cluster", "nodes.NAME", "guests.NAME (type: vm)", "guests.NAME.ha"]),
    );
  });

  it("has links that lead to a section or a file", () => {
    const anchors = headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    const links = [...page.matchAll(/\]\((#?)([^)]+)\)/g)];
    expect(links.length).toBeGreaterThan(20);
    for (const [, hash, target = ""] of links) {
      if (hash === "#") expect(anchors).toContain(target);
      else expect(existsSync(join(ROOT, "docs", target))).toBe(true);
    }
  });

  it("has a line for every key", () => {
    const rules = /\/rules\/[^/]+\//;
    const keys = parts
      .filter(({ as, path }) => as === "key" && !rules.test(path))
      .map(({ path }) => path.split("/").at(-1));
    for (const key of keys)
      if (key && /^[\w:-]+$/.test(key) && key !== "secure")
        expect(page).toContain(`\n| \`${key}\` | `);
  });

  it("shows values, defaults and limits as the file writes them", () => {
    const small: JsonSchema = {
      type: "object",
      description: "Top.",
      required: ["a"],
      properties: {
        a: { type: "integer", minimum: 1, maximum: 3, description: "A." },
        b: { type: "string", description: "B | C.", default: "02:00", examples: ["yes", "x"] },
        c: { type: "string", patternErrorMessage: "write a b, as in x", examples: ["x", "y"] },
        d: { enum: ["4.2", "no", "de"], default: { e: [1, "1"] } },
      },
    };
    expect(renderReference(small).split("\n").slice(-9)).toEqual([
      "Top.",
      "",
      "| Key | Value | Default | Meaning |",
      "| --- | --- | --- | --- |",
      "| `a` | whole number, 1 to 3 | needed | A. |",
      '| `b` | text | `"02:00"` | B \\| C. Example: `"yes"` |',
      "| `c` | a b, as in x | – |  Example: `y` |",
      '| `d` | `"4.2"`, `"no"`, `de` | `{ e: [1, "1"] }` |  |',
      "",
    ]);
  });
});
