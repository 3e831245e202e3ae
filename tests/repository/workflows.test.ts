import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Command } from "commander";
import { parse } from "yaml";
import { opsProgram } from "../../ops/program";
import { filesIn, read, ROOT } from "./support/sources";

/** What runs where a team hosts this repository: pinned, with no more rights than needed, and nothing but our commands. */

const workflows = filesIn(".github/workflows").filter((file) => file.endsWith(".yml"));
const actions = filesIn(".github/actions").filter((file) => file.endsWith(".yml"));
const GITLAB = "docs/examples/gitlab-ci.yml";

interface Job {
  permissions?: Record<string, string>;
  environment?: string;
  steps?: { uses?: string; run?: string; if?: string }[];
  "timeout-minutes"?: number;
}
interface GitlabJob {
  script?: string[];
  after_script?: string[];
}
interface Workflow {
  on: Record<string, unknown> | string;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

const workflow = (file: string): Workflow => parse(read(file)) as Workflow;
const jobsOf = (file: string): [string, Job][] =>
  Object.entries(workflow(file).jobs).map(([name, job]) => [`${file}: ${name}`, job]);

/** Lines that take something of others which may be another thing tomorrow. */
function unpinned(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(- )?(uses|image):/.test(line) && !/^(- )?uses: \.\//.test(line))
    .filter(
      (line) =>
        !/^(- )?uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line) &&
        !/^image: [\w./-]+@sha256:[0-9a-f]{64} # [\w.]+$/.test(line),
    );
}

/** What an attacker could put code into: an expression in a script is text before the shell reads it. */
const expressionsInScripts = (job: Job): string[] =>
  (job.steps ?? []).flatMap(({ run = "" }) => run.match(/\$\{\{.*?\}\}/g) ?? []);

/** Files below ~/.ssh that a script writes. */
const keysIn = (script: string): string[] =>
  [...script.matchAll(/(?:> ?|install .*)(~\/\.ssh\/\w+)/g)].map(([, file = ""]) => file);

/** Those of them that no step of the job removes when it ends, however it ends. */
function keysLeft(steps: NonNullable<Job["steps"]>, written: string[]): string[] {
  const last = steps.at(-1);
  const removed = last?.if === "always()" && last.run ? last.run.split(/\s+/) : [];
  return written.filter((file) => removed[0] !== "rm" || !removed.includes(file));
}

/** Why a command line of ours cannot be said so. */
function wrongCommands(text: string): string[] {
  const targets = new Set([...read("Makefile").matchAll(/^([a-z-]+):/gm)].map(([, name]) => name));
  const program: Command = opsProgram({});
  const ops = [...text.matchAll(/npm run -s ops -- (\S+)([^\n|]*)/g)].flatMap(
    ([line, name = "", rest = ""]) => {
      const command = program.commands.find((one) => one.name() === name);
      if (!command) return [line];
      const known = command.options.map(({ long }) => long);
      return [...rest.matchAll(/(--[a-z-]+)/g)].some(([, flag = ""]) => !known.includes(flag))
        ? [line]
        : [];
    },
  );
  const make = [...text.matchAll(/^\s*(?:- )?(?:run: )?make (?:-s )?([a-z-]+)/gm)];
  return [...ops, ...make.filter(([, target]) => !targets.has(target)).map(([line]) => line)];
}

describe("workflows", () => {
  it("are those that the documentation describes", () => {
    expect(workflows.map((file) => file.split("/").at(-1)).sort()).toEqual([
      ...["apply.yml", "check.yml", "comment.yml", "drift.yml", "live.yml", "preview.yml"],
    ]);
    expect(actions.length).toBeGreaterThan(0);
  });

  it("are sound in the eyes of actionlint and, for their scripts, of shellcheck", () => {
    const files = workflows.map((file) => join(ROOT, file));
    const flags = "-mod=readonly -trimpath -buildvcs=false";
    const { status, stdout, stderr, error } = spawnSync(
      "go",
      ["tool", "actionlint", "-no-color", ...files],
      {
        cwd: join(__dirname, "actionlint"),
        encoding: "utf8",
        env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: flags },
      },
    );
    expect(error).toBeUndefined();
    expect(`${stdout}${stderr.replace(/^go: downloading .*\n/gm, "")}`).toBe("");
    expect(status).toBe(0);
  });

  it.each([...workflows, ...actions])(
    "%s takes from others only what a digest names, with its version",
    (file) => {
      expect(unpinned(read(file))).toEqual([]);
    },
  );

  it.each(workflows)(
    "%s says which rights it has, and none of them writes but for the comment",
    (file) => {
      const { permissions, jobs } = workflow(file);
      expect(permissions).toBeDefined();
      const all = [permissions, ...Object.values(jobs).map((job) => job.permissions)];
      const writing = all.flatMap((rights = {}) =>
        Object.entries(rights).flatMap(([name, right]) =>
          right === "read" ? [] : [`${name}: ${right}`],
        ),
      );
      expect(writing).toEqual(file.endsWith("comment.yml") ? ["pull-requests: write"] : []);
    },
  );

  it.each(workflows)(
    "%s runs no code of a pull request with the repository's own rights",
    (file) => {
      const { on } = workflow(file);
      expect(JSON.stringify(on)).not.toContain("pull_request_target");
      const privileged = JSON.stringify(on).includes("workflow_run");
      expect(privileged && /actions\/checkout|uses: \.\//.test(read(file))).toBe(false);
    },
  );

  it.each(workflows.flatMap(jobsOf))(
    "%s ends some time, and puts no expression into a script",
    (_, job) => {
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
      expect(expressionsInScripts(job)).toEqual([]);
    },
  );

  it.each(workflows.flatMap(jobsOf))(
    "%s has the site's secrets only in an environment that asks",
    (_, job) => {
      const secrets = JSON.stringify(job).includes("secrets.");
      expect(secrets).toBe(job.environment !== undefined);
    },
  );

  it("leave none of the site's keys behind", () => {
    const CREDENTIALS = "./.github/actions/credentials";
    const written = keysIn(read(".github/actions/credentials/action.yml"));
    expect(written).toEqual(["~/.ssh/id_ed25519", "~/.ssh/known_hosts"]);
    const jobs = workflows
      .flatMap(jobsOf)
      .filter(([, { steps = [] }]) => steps.some(({ uses }) => uses === CREDENTIALS));
    expect(jobs).toHaveLength(3);
    expect(jobs.map(([name, { steps = [] }]) => [name, keysLeft(steps, written)])).toEqual(
      jobs.map(([name]) => [name, []]),
    );
    const gitlab = Object.values(parse(read(GITLAB)) as Record<string, GitlabJob>);
    const left = gitlab.map(({ script = [], after_script: after = [] }) =>
      keysLeft([{ if: "always()", run: after.join("\n") }], keysIn(script.join("\n"))),
    );
    expect(left.flat()).toEqual([]);
    expect(gitlab.flatMap(({ script = [] }) => keysIn(script.join("\n")))).toHaveLength(4);
  });

  it("leave no events of the real site behind, which hold its secrets", () => {
    const left = workflows
      .flatMap(jobsOf)
      .filter(([, { steps = [] }]) => steps.some(({ run }) => run?.includes("--live --out review")))
      .map(([name, { steps = [] }]) => [name, keysLeft(steps, ["review"])]);
    expect(left).toEqual([[expect.stringMatching(/live\.yml: live$/), []]]);
  });

  it.each([...workflows, ...actions, GITLAB])("%s calls commands that there are", (file) => {
    expect(wrongCommands(read(file))).toEqual([]);
  });

  it("of GitLab are a document with a script in each job", () => {
    const {
      default: _,
      variables: __,
      stages,
      ...jobs
    } = parse(read(GITLAB)) as Record<string, unknown>;
    const all = Object.values(jobs) as { stage: string; script: unknown[]; rules: unknown[] }[];
    expect(all.map(({ stage }) => stage)).toEqual(stages);
    expect(all.every(({ script, rules }) => script.length > 0 && rules.length > 0)).toBe(true);
    // A colon and a space would make a mapping of a line.
    expect(all.flatMap(({ script }) => script).filter((line) => typeof line !== "string")).toEqual(
      [],
    );
  });

  it("with what is not pinned or does not exist are found out", () => {
    const digest = "a".repeat(40);
    expect(unpinned(`- uses: actions/checkout@v7`)).toHaveLength(1);
    expect(unpinned(`  uses: actions/checkout@${digest}`)).toHaveLength(1);
    expect(unpinned(`image: debian:13 # 13`)).toHaveLength(1);
    expect(unpinned(`- uses: actions/checkout@${digest} # v7.0.1`)).toEqual([]);
    const rm = "rm -f ~/.ssh/key";
    expect(keysIn("printf x > ~/.ssh/key")).toEqual(["~/.ssh/key"]);
    expect(keysLeft([{ if: "always()", run: rm }], ["~/.ssh/key"])).toEqual([]);
    expect(keysLeft([{ if: "always()", run: rm }], ["~/.ssh/other"])).toHaveLength(1);
    expect(keysLeft([{ run: rm }], ["~/.ssh/key"])).toHaveLength(1);
    expect(keysLeft([{ if: "always()", run: rm }, { run: "true" }], ["~/.ssh/key"])).toHaveLength(
      1,
    );
    expect(wrongCommands("npm run -s ops -- reviw --base x")).toHaveLength(1);
    expect(wrongCommands("npm run -s ops -- review --bas x")).toHaveLength(1);
    expect(wrongCommands("make -s upp STACK=prod")).toHaveLength(1);
    expect(expressionsInScripts({ steps: [{ run: "echo ${{ github.head_ref }}" }] })).toHaveLength(
      1,
    );
  });
});
