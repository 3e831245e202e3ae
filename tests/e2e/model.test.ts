import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { type Fragment, merged, type Step } from "./model/fragment";
import { FRAGMENTS } from "./model";
import { ON_RELEASE_8, type Result, Sandbox, UP } from "./support/sandbox";

/** `MODEL=firewall,access npx jest tests/e2e/model.test.ts` takes some parts only. */
const chosen =
  process.env.MODEL?.split(",") ??
  // Release 8 cannot disarm HA, without which no network is changed under HA guests.
  Object.keys(FRAGMENTS).filter((name) => !(ON_RELEASE_8 && name === "network"));
const parts = chosen.map((name): [string, Fragment] => {
  const fragment = FRAGMENTS[name];
  if (!fragment) throw new Error(`MODEL: there is no part ${name}`);
  return [name, fragment];
});

const FILE = "Pulumi.dev.yaml";
const sandbox = new Sandbox("model");
let reference: unknown;

beforeAll(() => {
  sandbox.labCommand("start");
  for (const [, part] of parts) part.prepare?.(sandbox.lab);
  const pulumi = (...args: string[]): void => {
    const { code, text } = sandbox.pulumi(...args);
    if (code !== 0) throw new Error(text);
  };
  // A secret is encrypted for a stack, which must be there for it.
  pulumi("stack", "init", "dev");
  for (const [, { secrets = {} }] of parts) {
    for (const [key, value] of Object.entries(secrets)) {
      pulumi("config", "set", "--secret", key, value);
    }
  }
  reference = parse(sandbox.read(FILE));
});
afterAll(() => sandbox.dispose());

/** What a run that fails has said is worth more than its code. */
function mustRun({ code, text }: Result): string {
  if (code !== 0) throw new Error(`exit code ${code}\n${text}`);
  return text;
}

/** The reference site with what all parts add in this step. */
function write(step: Step): void {
  const site = parts.reduce<unknown>((whole, [, { created, changed }]) => {
    if (step === "removed") return whole;
    const added = step === "created" ? created : merged(created, changed);
    return merged(whole, { config: { "proxmox-ha:site": added } });
  }, reference);
  // In quotes, as Pulumi takes a date without them for a point in time.
  const text = stringify(site, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
  writeFileSync(join(sandbox.root, FILE), text);
}

describe.each<Step>(["created", "changed", "removed"])("the whole model, %s", (step) => {
  it("is applied by one update, in which nothing is replaced", () => {
    write(step);
    expect(mustRun(sandbox.make(...UP))).not.toMatch(/\breplaced\b/);
  });

  it("leaves nothing to do, asked from Pulumi with a refresh", () => {
    const text = mustRun(sandbox.pulumi("preview", "--refresh", "--expect-no-changes", "--diff"));
    expect(text).toMatch(/\d+ unchanged/);
  });

  it.each(parts)("%s is on the site as the file says", async (_name, { check }) => {
    await check(step, sandbox.lab);
  });
});

describe("the whole model, destroyed", () => {
  it("leaves what is declared to stay, and says so", () => {
    expect(mustRun(sandbox.make("down"))).toMatch(/cluster/);
  });
});
