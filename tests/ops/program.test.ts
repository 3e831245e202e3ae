import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { type Command, CommanderError } from "commander";
import { opsProgram } from "../../ops/program";
import { Project } from "../toolchain/launcher/support/project";
import { printed } from "../toolchain/launcher/support/output";

const project = new Project();
afterAll(() => project.dispose());

interface Outcome {
  text: string;
  error: unknown;
}

/** Runs the program with everything that it prints caught. */
async function ops(line: string, environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const program = opsProgram(environment, project.root);
  let text = "";
  const catchAll = (command: Command): void => {
    const write = (words: string): void => void (text += words);
    command.configureOutput({ writeOut: write, writeErr: write });
    command.commands.forEach(catchAll);
  };
  catchAll(program);
  let error: unknown;
  const rest = await printed(process.stdout, () =>
    program.parseAsync(line.split(" ").filter(Boolean), { from: "user" }).catch((failure) => {
      error = failure;
    }),
  );
  return { text: text + rest, error };
}

describe("the operators' commands", () => {
  it("are listed with what they do", async () => {
    const { text, error } = await ops("--help");
    expect(text).toContain("What operators do besides pulumi preview and pulumi up.");
    expect(
      [...text.matchAll(/^ {2}(\w+) .*\[options\]|^ {2}(token) /gm)].map(([, a, b]) => a ?? b),
    ).toEqual(expect.arrayContaining(["begin", "resume", "preflight", "summary", "remains"]));
    expect(text).toMatch(/token +the API token that the stack works with/);
    expect((error as CommanderError).exitCode).toBe(0);
  });

  it.each([
    ["begin", "what make does before a run"],
    ["resume", "clean up after a run that was cut short"],
    ["preflight", "look at every host, without changing anything"],
    ["summary", "show what the stack has built and where to look at it"],
    ["remains", "say what pulumi destroy leaves as it is, and what it could not remove"],
    ["secrets", "look for secrets that stand in plain text in the stack's state"],
    ["token rotate", "make a new secret for the token"],
  ])("have a help text: %s", async (name, description) => {
    const { text, error } = await ops(`${name} --help`);
    expect(text).toContain(`Usage: ops ${name} [options]`);
    expect(text.replace(/\s+/g, " ")).toContain(description);
    expect(text).toContain('--stack <name>  the stack (default: "dev")');
    expect((error as CommanderError).exitCode).toBe(0);
  });

  it.each([
    ["undo", "error: unknown command 'undo'\n"],
    ["sumary", "error: unknown command 'sumary'\n(Did you mean summary?)\n"],
    ["token burn", "error: unknown command 'burn'\n"],
    ["resume --fast", "error: unknown option '--fast'\n"],
    ["resume --stack", "error: option '--stack <name>' argument missing\n"],
    ["resume dev", "error: too many arguments for 'resume'. Expected 0 arguments but got 1.\n"],
  ])("refuse %j in one sentence", async (line, sentence) => {
    const { text, error } = await ops(line);
    expect(text).toBe(sentence);
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).not.toBe(0);
  });

  it.each(["begin", "resume", "preflight", "summary", "remains", "token rotate"])(
    "run nothing for a stack that no file describes: %s",
    async (name) => {
      const { text, error } = await ops(`${name} --stack nope`);
      expect(text).toBe("");
      expect((error as Error).message).toBe(
        "There is no Pulumi.nope.yaml, so the hosts of stack nope are unknown.",
      );
      expect(project.calls()).toEqual([]);
    },
  );

  it.each([
    [{}, "dev"],
    [{ PULUMI_STACK: "" }, "dev"],
    [{ PULUMI_STACK: "nope" }, "nope"],
  ])("work on the stack of %j: %s", async (environment, stack) => {
    project.answer({ "stack export": { stdout: '{"version":3,"deployment":{}}' } });
    const { text, error } = await ops("remains", environment);
    expect(text + ((error as Error | undefined)?.message ?? "")).toMatch(
      stack === "dev" ? "Left as it is: the cluster mizar" : `There is no Pulumi.${stack}.yaml`,
    );
  });
});

describe("the command line", () => {
  const cli = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "ops/cli.ts", ...args], {
      cwd: resolve(__dirname, "../.."),
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "" },
    });

  it("ends with a sentence and a code, never with a stack trace", () => {
    const refused = "There is no Pulumi.nope.yaml, so the hosts of stack nope are unknown.\n";
    expect(cli("remains", "--stack", "nope")).toMatchObject({
      ...{ status: 1, stdout: "", stderr: refused },
    });
    expect(cli("undo")).toMatchObject({ status: 1, stderr: "error: unknown command 'undo'\n" });
  });

  it("says nothing when whoever reads its output has had enough", () => {
    // `true` has ended long before the program writes.
    const piped = '"$0" --require tsx/cjs ops/cli.ts --help | true';
    const { stderr } = spawnSync("sh", ["-c", piped, process.execPath], {
      cwd: resolve(__dirname, "../.."),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
  });
});
