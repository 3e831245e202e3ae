import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readScenario, runScenario } from "./support/scenario";

const ROOT = join(__dirname, "../../../scenarios/ha");
const NAMES = readdirSync(ROOT).sort();

describe("the HA manager in the scenario", () => {
  it.each(NAMES)("%s does what is documented", (name) => {
    const folder = join(ROOT, name);
    const { spec, commands } = readScenario(folder);
    const { log } = runScenario(spec, commands);
    expect(log).toEqual(readFileSync(join(folder, "log.expect"), "utf8").trimEnd().split("\n"));
  });
});

describe("a scenario folder", () => {
  it.each(NAMES)("%s names what it shows and where that is documented", (name) => {
    const readme = readFileSync(join(ROOT, name, "README"), "utf8");
    expect(readme).toMatch(/guide|\.pm|\(\d\)/);
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});
