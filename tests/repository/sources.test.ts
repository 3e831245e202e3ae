import { filesIn, read, sourcesIn } from "./support/sources";

const PRODUCT = ["index.ts", "components", "ops", "policy", "lab", "toolchain"];
const lines = (file: string): number => read(file).trimEnd().split("\n").length;
const longer = (files: string[], limit: number): string[] =>
  files.filter((file) => lines(file) > limit).map((file) => `${file}: ${lines(file)}`);

describe("a source file", () => {
  const files = sourcesIn(...PRODUCT);

  it("has 400 lines at most, and 110 in the median", () => {
    expect(longer(files, 400)).toEqual([]);
    const sorted = files.map(lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(110);
  });

  it("has 60 lines at most where it is a rule or the program's entry", () => {
    expect(longer([...sourcesIn("policy/rules"), "index.ts"], 60)).toEqual([]);
  });

  it("of the lab asks the clock seam for the time, and nobody else", () => {
    // Real processes and a real socket's patience have real time, whatever the site's clock says.
    const seams = /^lab\/(seams\/|cli\/|daemon\.ts|installation\.ts|ssh\/server\.ts)/;
    const asks = /\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval)\(/;
    const files = sourcesIn("lab").filter((file) => !seams.test(file));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => asks.test(code(file)))).toEqual([]);
  });
});

describe("the repository", () => {
  it("names its dependencies by exact versions", () => {
    const manifests = filesIn().filter((file) => /(^|\/)package\.json$/.test(file));
    expect(manifests.length).toBeGreaterThan(3);
    for (const file of manifests) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file)) as Record<
        string,
        Record<string, string> | undefined
      >;
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        expect(`${file} ${name} ${version}`).toMatch(/ \d+\.\d+\.\d+$/);
      }
    }
  });

  it("says nowhere that TLS need not be verified", () => {
    const unsafe = /\binsecure: true|rejectUnauthorized: false|StrictHostKeyChecking[= ]no\b/;
    expect(sourcesIn(...PRODUCT, "tests").filter((file) => unsafe.test(code(file)))).toEqual([]);
  });
});

/** A file without its comments, and without the patterns of this one. */
function code(file: string): string {
  if (file.startsWith("tests/repository/")) return "";
  return read(file)
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "");
}
