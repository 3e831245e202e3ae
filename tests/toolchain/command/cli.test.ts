import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createProject, type Project, type Run } from "./support/cli";
import { end, until } from "./support/processes";
import { RELEASED_PROGRAM, releasedState } from "./support/releasedState";
import { type Sshd, startSshd } from "./support/sshd";

jest.setTimeout(180_000);

let sshd: Sshd;
let project: Project;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd?.stop());
beforeEach(async () => {
  project = await createProject();
});
afterEach(() => project?.remove());

const up = (program: unknown) => project.pulumi(["up", "--yes", "--skip-preview"], program);

function succeeded({ status, text }: Run): string {
  if (status !== 0) throw new Error(text);
  return text;
}

/** What the test's commands did on "the host". */
function diary(): string[] {
  const file = join(sshd.dir, "diary");
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  writeFileSync(file, "");
  return lines.filter((line) => line !== "");
}

const note = (what: string) => `echo ${what} | tee -a ${sshd.dir}/diary`;

function greet(changes: Record<string, unknown> = {}, options = {}) {
  const args = {
    connection: sshd.connection(),
    create: note("create"),
    update: note("update"),
    delete: note("delete"),
    ...changes,
  };
  return { greet: { args, options } };
}

test("a command is created, left alone, updated, replaced by a trigger and deleted", async () => {
  diary();
  const preview = await project.pulumi(["preview"], greet());
  expect(preview.text).toMatch(/\+ {2}command:remote:Command greet create/);
  expect(diary()).toEqual([]);

  const created = await up(greet());
  expect(created.text).toMatch(/creating \(\d+s\) create\n/); // its log line
  expect(created.text).toMatch(/greet: "create"/);
  expect(diary()).toEqual(["create"]);

  expect((await up(greet())).text).toMatch(/2 unchanged/);
  succeeded(await project.pulumi(["preview", "--expect-no-changes"], greet()));
  expect(diary()).toEqual([]);

  const changed = greet({ environment: { TEST_A: "a" } });
  const shown = await project.pulumi(["preview", "--diff"], changed);
  expect(shown.text).toMatch(/~ command:remote:Command: \(update\)/);
  expect((await up(changed)).text).toMatch(/1 updated/);
  expect(diary()).toEqual(["update"]);

  expect((await up(greet({ triggers: [1] }))).text).toMatch(/1 replaced/);
  expect(diary()).toEqual(["create", "delete"]);
  expect((await up(greet({ triggers: [2] }))).text).toMatch(/1 replaced/);
  expect(diary()).toEqual(["create", "delete"]);

  succeeded(await project.pulumi(["refresh", "--yes", "--expect-no-changes"]));
  expect((await project.pulumi(["destroy", "--yes"])).text).toMatch(/2 deleted/);
  expect(diary()).toEqual(["delete"]);
});

test("a command that fails is not in the state, and the next update creates it", async () => {
  const failed = await up(greet({ create: "echo no room; exit 28" }));
  expect(failed.status).not.toBe(0);
  expect(failed.text).toContain('Process exited with status 28: running "echo no room; exit 28":');
  expect(failed.text).toContain("no room");
  expect(await project.state()).not.toContain("command:remote:Command::greet");
  expect((await up(greet())).text).toMatch(/greet created/);
});

test("secrets reach the host and are nowhere else in plain", async () => {
  const secrets = ["in-the-command", "in-stdin 'é\"", "in-the-environment"];
  const args = {
    connection: sshd.connection(),
    create: {
      secret: `printf '%s|' ${secrets[0]} "$TEST_A" > ${sshd.dir}/got; cat >> ${sshd.dir}/got`,
    },
    update: { secret: `cat >&2; echo "$TEST_A"; false ${secrets[0]}` },
    stdin: { secret: `${secrets[1]}\nand more\n` },
    environment: { TEST_A: { secret: secrets[2] } },
  };
  const created = await up({ greet: { args } });
  succeeded(created);
  expect(readFileSync(join(sshd.dir, "got"), "utf8")).toBe(
    `${secrets[0]}|${secrets[2]}|${secrets[1]}\nand more\n`,
  );
  const failed = await up({
    greet: { args: { ...args, triggers: undefined, logging: "stdoutAndStderr" } },
  });
  expect(failed.text).toContain('Process exited with status 1: running "[secret]":');

  const keyLine = sshd.keys.right.split("\n")[1] ?? "";
  const everything = created.text + failed.text + (await project.state());
  for (const secret of [...secrets, "and more", keyLine]) {
    expect(everything.includes(secret)).toBe(false);
    expect(everything.includes(JSON.stringify(secret).slice(1, -1))).toBe(false);
  }
  const plain = await project.state(true);
  expect(plain).toContain("in-the-command");
  expect(plain).toContain(keyLine);
});

test("an output is secret where the program says so, through updates", async () => {
  const secretly = { additionalSecretOutputs: ["stdout"] };
  const program = (text: string) => greet({ create: `echo ${text}`, update: null }, secretly);
  await up(program("tok-one"));
  await up(program("tok-two"));
  expect((await project.state(true)).match(/tok-two/g)?.length).toBeGreaterThan(1);
  // The program's text is no secret here; the output is.
  expect((await project.state()).match(/tok-two/g)).toHaveLength(2);
});

test("a state written by the released plugin is accepted unchanged", async () => {
  const file = join(sshd.dir, "released.json");
  writeFileSync(file, JSON.stringify(releasedState(project.salt())));
  succeeded(await project.pulumi(["stack", "import", "--file", file]));
  // The stack itself gets outputs from the program; the plugin's resources must stay as they are.
  const state = async () => {
    const { deployment } = JSON.parse(await project.state(true));
    const resources: Record<string, unknown>[] = deployment.resources.slice(1);
    return Object.fromEntries(
      resources.map(({ urn, id, inputs, outputs }) => [urn, { id, inputs, outputs }]),
    );
  };
  const before = await state();
  expect(Object.keys(before)).toHaveLength(3);

  const preview = await project.pulumi(["preview", "--expect-no-changes"], RELEASED_PROGRAM);
  expect(succeeded(preview)).toMatch(/3 unchanged/);
  succeeded(await project.pulumi(["refresh", "--yes", "--expect-no-changes"]));
  expect(succeeded(await up(RELEASED_PROGRAM))).toMatch(/3 unchanged/);
  expect(await state()).toEqual(before);
});

test("a host key that is not the pinned one stops the update", async () => {
  const connection = sshd.connection({ hostKey: sshd.hostKeys.wrong, dialErrorLimit: 10 });
  const { status, text } = await up(greet({ connection }));
  expect(status).not.toBe(0);
  expect(text).toMatch(/The SSH host key of .* is not the pinned one: expected SHA256:/);
});

test("a resource that is left out is refused with the way to the released plugin", async () => {
  const { status, text } = await up({ here: { local: true, args: { create: "true" } } });
  expect(status).not.toBe(0);
  expect(text).toMatch(/command:local:Command is not in .*TOOLCHAIN=system/);
});

describe("an update that is cut short", () => {
  const start = async () => {
    const pid = join(sshd.dir, `pid${Math.random()}`);
    const create = `echo $$ > ${pid}; echo asleep; exec sleep 1000`;
    const running = project.start(["up", "--yes", "--skip-preview"], greet({ create }));
    await until(() => existsSync(pid) && readFileSync(pid, "utf8") !== "", 20_000);
    expect(project.plugins()).toHaveLength(1);
    expect(sshd.connections()).toHaveLength(1);
    return { ...running, sleeper: Number(readFileSync(pid, "utf8")) };
  };

  test("by Ctrl-C ends the command's session and leaves no plugin", async () => {
    const { child, finished, sleeper } = await start();
    child.kill("SIGINT");
    const { status, text } = await finished;
    expect(status).not.toBe(0);
    expect(text).toMatch(/cancelled: /);
    await until(() => project.plugins().length === 0);
    await until(() => sshd.connections().length === 0);
    endRootsProcess(sleeper);
  });

  test("by the death of the CLI ends the command's session and leaves no plugin", async () => {
    const { child, finished, sleeper } = await start();
    child.kill("SIGKILL");
    await finished;
    await until(() => project.plugins().length === 0);
    await until(() => sshd.connections().length === 0);
    endRootsProcess(sleeper);
  });

  // OpenSSH passes our TERM on for every user but root, and says so in its log.
  function endRootsProcess(pid: number): void {
    if (end(pid)) expect(sshd.log()).toContain("session signalling requires privilege separation");
  }
});
