import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { labOptions } from "../../ops/review/hosts";
import { examples } from "../support/examples";
import { type Result, Sandbox } from "./support/sandbox";

/** Each site of docs/examples as its README says to try it: a copy on a lab of its own, judged by production's policies. */

const sandbox = new Sandbox("examples");
afterAll(() => sandbox.dispose());

const pulumi = (stack: string, ...args: string[]): Result =>
  sandbox.run(join(sandbox.root, "toolchain/bin/pulumi"), [...args, "--color", "never"], {
    PULUMI_STACK: stack,
  });

const must = ({ code, text }: Result): string => {
  if (code !== 0) throw new Error(text);
  return text;
};

it.each(examples().map((example) => [example.path, example] as const))(
  "%s is previewed",
  (path, { folder, stack, secrets }) => {
    const file = `Pulumi.${stack}.yaml`;
    writeFileSync(
      join(sandbox.root, file),
      sandbox.read(path).replace(/^config:$/m, '$&\n  proxmox-ha:lab: "true"'),
    );
    const options = labOptions([sandbox.root], stack);
    sandbox.begin(...options);
    expect(commandsOf(folder)).toContain(["npm run -s lab -- start", ...options].join(" "));
    must(pulumi(stack, "stack", "init", stack));
    const values = secrets.flatMap((name) => ["--secret", `${name}=example-${name}`]);
    if (values.length > 0) must(pulumi(stack, "config", "set-all", ...values));
    const text = must(pulumi(stack, "preview", "--policy-pack", "policy", "--suppress-outputs"));
    expect(text).toMatch(/\+ \d+ to create/);
    expect(levels(text)).toEqual(expected(text));
  },
);

/** Nobody knows the day of a token that is not made yet; what is excused is told in each run. */
const expected = (text: string): string[] =>
  ["advisory advise-token-age", "advisory excused-violations"].filter((one) =>
    text.includes(one.split(" ")[1] ?? one),
  );

const levels = (text: string): string[] =>
  [...text.matchAll(/^ +- \[(\w+)\] +\[severity: \w+\] +(\S+) /gm)]
    .map(([, level, rule]) => `${level} ${rule}`)
    .sort();

/** Lines of a README that are to be typed. */
const commandsOf = (folder: string): string[] =>
  readFileSync(join(sandbox.root, "docs/examples", folder, "README.md"), "utf8").split("\n");
