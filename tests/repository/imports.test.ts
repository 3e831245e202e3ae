import { type Imported, importsOf, read, sourcesIn } from "./support/sources";

/** Who may know whom. What is not listed here is not allowed. */
const MAY_IMPORT: Record<string, RegExp> = {
  "index.ts": /^components\//,
  components: /^components\//,
  // The launcher, because operators' commands find the site as every run of pulumi does (docs/adr/006). The site file is
  // checked by the schema that also checks it before an update; hosts are judged by the steps and scripts of an update
  // (docs/adr/008).
  ops: /^(ops\/|components\/(outputs|scriptText|site|values|cluster\/(plan|steps.*)|ha\/plan|storage\/plan)$|policy\/(facts\/|inputs\/recorded$)|toolchain\/launcher\/)/,
  policy: /^policy\//,
  lab: /^lab\//,
  toolchain: /^toolchain\//,
};

const inside = (imports: Imported[]): Imported[] => imports.filter(({ isPackage }) => !isPackage);
const named = (imports: Imported[]): string[] => imports.map(({ from, to }) => `${from} → ${to}`);

describe.each(Object.entries(MAY_IMPORT))("%s", (folder, allowed) => {
  const files = sourcesIn(folder);

  it("imports only what the design allows it", () => {
    expect(files.length).toBeGreaterThan(0);
    const forbidden = inside(files.flatMap(importsOf)).filter(({ to }) => !allowed.test(to));
    expect(named(forbidden)).toEqual([]);
  });
});

const packagesOf = (files: string[]): Imported[] =>
  files.flatMap(importsOf).filter(({ isPackage, typeOnly }) => isPackage && !typeOnly);

describe("the pure core", () => {
  const schemasAndPlans = sourcesIn("components").filter((file) =>
    /(\/(schema|plan|steps|mark|names)|components\/(checks|problems|values|site|outputs))\.ts$/.test(
      file,
    ),
  );
  const rules = sourcesIn("policy/rules", "policy/facts");

  it("of schemas and plans imports no Pulumi and does no I/O", () => {
    expect(schemasAndPlans.length).toBeGreaterThan(15);
    const impure = packagesOf(schemasAndPlans).filter(
      ({ to }) => to !== "zod" && to !== "node:net",
    );
    expect(named(impure)).toEqual([]);
  });

  it("of rules and facts imports no package but what reckons with addresses", () => {
    expect(rules.length).toBeGreaterThan(5);
    expect(named(packagesOf(rules).filter(({ to }) => to !== "node:net"))).toEqual([]);
  });
});

describe("the policy pack", () => {
  it("is made in one place only", () => {
    const makers = sourcesIn("policy").filter((file) => read(file).includes("new PolicyPack("));
    expect(makers).toEqual(["policy/index.ts"]);
  });
});
