import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Properties, secret } from "../../../toolchain/command/values";
import { forward } from "./support/forward";
import { end, until } from "./support/processes";
import { job, rejection, testProvider, URN } from "./support/provider";
import { freePort, type Sshd, startSshd } from "./support/sshd";

jest.setTimeout(20_000);

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd?.stop());

/** Creates a command on the test's host. */
function create(inputs: Record<string, unknown>, connection: Record<string, unknown> = {}) {
  const { create, lines } = testProvider();
  const result = create({ connection: sshd.connection(connection), ...inputs });
  return { result, lines };
}

async function outputs(inputs: Record<string, unknown>, connection = {}): Promise<Properties> {
  return (await create(inputs, connection).result).outputs;
}

describe("a create", () => {
  test("runs its command and keeps what it prints, without one newline at the end", async () => {
    expect(await outputs({ create: "echo out; printf 'a\\n\\n'; echo err >&2" })).toMatchObject({
      stdout: "out\na\n",
      stderr: "err",
    });
  });

  test("names the resource in its id, and eight hex digits", async () => {
    const { id } = await create({ create: "true" }).result;
    expect(id).toMatch(/^greet[0-9a-f]{8}$/);
  });

  test("without a command reaches for no host", async () => {
    expect(await outputs({ delete: "true" }, { port: 1 })).toMatchObject({
      stdout: "",
      stderr: "",
    });
  });

  test("in preview reaches for no host", async () => {
    const { provider } = testProvider();
    const { inputs } = provider.check(URN, { connection: { host: "h", port: 1 }, create: "true" });
    const { outputs } = await provider.create(job({ inputs, preview: true }));
    expect(outputs).toMatchObject(inputs);
  });

  test("gives the command an stdin that has ended where it has none", async () => {
    expect(await outputs({ create: "wc -c" })).toMatchObject({ stdout: "0" });
  });

  test("is done when the command is, even if that leaves stdin unread", async () => {
    const stdin = "x".repeat(4 * 1024 * 1024);
    expect(await outputs({ create: "echo done", stdin })).toMatchObject({ stdout: "done" });
  });

  test("replaces bytes that are no UTF-8 rather than losing the resource", async () => {
    expect(await outputs({ create: "printf 'a\\377b'" })).toMatchObject({ stdout: "a�b" });
  });
});

describe("what the command gets", () => {
  const odd = "one\ntwo  'single' \"double\" $HOME `id` \\n é ☃ 😀\t\n\n";

  test("is every byte of stdin", async () => {
    const file = join(sshd.dir, "stdin");
    const stdin = odd + "0123456789abcdef".repeat(65536);
    await outputs({ create: `cat > ${file}`, stdin: secret(stdin) });
    expect(readFileSync(file, "utf8") === stdin).toBe(true);
  });

  test("is every byte of a variable's value, secret or not", async () => {
    const result = await outputs({
      create: 'printf "%s|%s" "$TEST_A" "$TEST_B"',
      environment: { TEST_A: secret(odd), TEST_B: "plain" },
    });
    expect(result.stdout).toBe(`${odd}|plain`);
    expect(result.environment).toEqual({ TEST_A: secret(odd), TEST_B: "plain" });
  });

  test("is every byte of the command's text", async () => {
    const create = `printf %s '${odd.replaceAll("'", "'\\''")}'`;
    const result = await outputs({ create: secret(create) });
    expect(result.stdout).toBe(odd.replace(/\n$/, ""));
    expect(result.create).toEqual(secret(create));
  });
});

describe("a variable that the host does not accept", () => {
  test("fails the command with advice, and without the value", async () => {
    const { result, lines } = create({ create: "true", environment: { OTHER: secret("hunter2") } });
    expect(await rejection(result)).toMatch(/could not set environment variable "OTHER"/);
    expect(lines).toEqual([expect.stringMatching(/^error: Unable to set OTHER.*AcceptEnv OTHER/)]);
    expect(lines.join()).not.toContain("hunter2");
  });

  test("is only warned about when it is the previous output", async () => {
    const { provider, lines } = testProvider();
    const inputs = checked({ create: 'echo "[$PULUMI_COMMAND_STDOUT|$PULUMI_COMMAND_STDERR]"' });
    const state = { ...inputs, stdout: "was", stderr: "warned" };
    const after = await provider.update(job({ inputs, state }), []);
    expect(after.stdout).toBe("[was|]");
    expect(lines).toEqual([
      expect.stringMatching(/^warning: Unable to set PULUMI_COMMAND_STDERR.*AcceptEnv/),
      "status: [was|]",
    ]);
  });
});

function checked(inputs: Record<string, unknown>): Properties {
  const { provider } = testProvider();
  return provider.check(URN, { connection: sshd.connection(), ...inputs } as Properties).inputs;
}

describe("an update", () => {
  const state = (inputs: Properties) => ({ ...inputs, stdout: "old", stderr: "old" });

  test("runs the update command, or the create command where there is none", async () => {
    const { provider } = testProvider();
    const both = checked({ create: "echo create", update: "echo update" });
    expect(await provider.update(job({ inputs: both, state: state(both) }), [])).toMatchObject({
      stdout: "update",
      stderr: "",
    });
    const one = checked({ create: "echo create" });
    expect(await provider.update(job({ inputs: one, state: state(one) }), [])).toMatchObject({
      stdout: "create",
    });
  });

  test("keeps the old outputs where it has no command, secret if they were", async () => {
    const { provider } = testProvider();
    const inputs = checked({ delete: "true" });
    const before = { ...state(inputs), stdout: secret("old") };
    expect(await provider.update(job({ inputs, state: before }), [])).toEqual(before);
  });

  test("passes no previous output where that is turned off", async () => {
    const { provider } = testProvider();
    const inputs = checked({
      create: 'echo "[$PULUMI_COMMAND_STDOUT]"',
      addPreviousOutputInEnv: false,
    });
    const after = await provider.update(job({ inputs, state: state(inputs) }), []);
    expect(after.stdout).toBe("[]");
  });

  test("keeps an ignored change out", async () => {
    const { provider } = testProvider();
    const before = state(checked({ create: "echo before" }));
    const inputs = checked({ create: "echo after" });
    const after = await provider.update(job({ inputs, state: before }), ["create"]);
    expect(after).toMatchObject({ create: "echo before", stdout: "before" });
  });
});

describe("a delete", () => {
  test("runs the delete command of the state, with the outputs as variables", async () => {
    const { provider } = testProvider();
    const file = join(sshd.dir, "deleted");
    const inputs = checked({ delete: `echo "$PULUMI_COMMAND_STDOUT" > ${file}` });
    const state = { ...inputs, stdout: "was here", stderr: "" };
    await provider.delete(job({ inputs: state, state }));
    expect(readFileSync(file, "utf8")).toBe("was here\n");
  });

  test("without a command reaches for no host", async () => {
    const { provider } = testProvider();
    const state = { connection: { host: "h", port: 1 }, create: "true", delete: null };
    await provider.delete(job({ inputs: state, state }));
    await provider.delete(job({ inputs: {}, state: {} }));
  });
});

describe("a command that fails", () => {
  test("says status, command and output, in the order it was printed", async () => {
    const { result } = create({ create: 'echo "one"; sleep 0.1; echo two >&2; exit 3' });
    expect(await rejection(result)).toBe(
      'Process exited with status 3: running "echo \\"one\\"; sleep 0.1; echo two >&2; exit 3":\none\ntwo\n',
    );
  });

  test("says which signal ended it", async () => {
    const { result } = create({ create: "kill -9 $$" });
    expect(await rejection(result)).toMatch(/^Process exited with status 137 from signal KILL: /);
  });

  test("keeps secrets out of the message and the log", async () => {
    const { result, lines } = create({
      create: secret("cat >&2; echo $TEST_A; exit 1 # of the command"),
      stdin: secret("of-stdin one\nof-stdin two\n"),
      environment: { TEST_A: secret("of-environment") },
    });
    // The two lines of stdin are hidden as one secret here, and line by line in the log.
    expect(await rejection(result)).toBe(
      'Process exited with status 1: running "[secret]":\n[secret]\n[secret]\n',
    );
    expect(lines).toEqual(["status: [secret]", "status: [secret]", "status: [secret]"]);
  });
});

describe("logging", () => {
  const shown = async (logging: string | null) => {
    const { result, lines } = create({ create: "echo out; echo err >&2", logging });
    await result;
    return lines.sort();
  };

  test("shows both streams unless it is told which", async () => {
    expect(await shown(null)).toEqual(["status: err", "status: out"]);
    expect(await shown("stdoutAndStderr")).toEqual(["status: err", "status: out"]);
    expect(await shown("stdout")).toEqual(["status: out"]);
    expect(await shown("stderr")).toEqual(["status: err"]);
    expect(await shown("none")).toEqual([]);
  });

  test("shows a line while the command still runs", async () => {
    const { result, lines } = create({ create: "echo early; sleep 1; echo late" });
    await until(() => lines.length > 0);
    expect(lines).toEqual(["status: early"]);
    await result;
    expect(lines).toEqual(["status: early", "status: late"]);
  });

  test("cuts a line that is too long to read, though not the output", async () => {
    const { result, lines } = create({ create: "head -c 200000 /dev/zero | tr '\\0' a" });
    expect(((await result).outputs.stdout as string).length).toBe(200000);
    expect(lines.map((line) => line.length)).toEqual(["status: ".length + 8192 + 1]);
  });
});

describe("a command that is cut short", () => {
  const sleeper = () => {
    const pid = join(sshd.dir, `pid${Math.random()}`);
    return { pid, create: `echo $$ > ${pid}; exec sleep 1000` };
  };

  test("by a cancel has its session closed", async () => {
    const { create, operations } = testProvider();
    const { pid, create: command } = sleeper();
    const ended = rejection(create({ connection: sshd.connection(), create: command }));
    await until(() => existsSync(pid) && readFileSync(pid, "utf8") !== "");
    operations.cancel();
    expect(await ended).toMatch(/^cancelled: .*: running "echo /);
    await until(() => sshd.connections().length === 0);
    endOrExplain(Number(readFileSync(pid, "utf8")));
  });

  test("by customTimeouts says so", async () => {
    const { create } = testProvider();
    const { pid, create: command } = sleeper();
    const ended = create({ connection: sshd.connection(), create: command }, 1);
    expect(await rejection(ended)).toMatch(/^timed out after 1 s \(customTimeouts\): /);
    endOrExplain(Number(readFileSync(pid, "utf8")));
  });

  test("by a lost connection says that it may still run", async () => {
    const port = await freePort();
    const { close } = await forward(port, sshd.port);
    const { pid, create: command } = sleeper();
    const ended = rejection(create({ create: command }, { port }).result);
    await until(() => existsSync(pid) && readFileSync(pid, "utf8") !== "");
    close();
    expect(await ended).toMatch(
      /^the session on .* ended without a status, and the command may still be running/,
    );
    end(Number(readFileSync(pid, "utf8")));
  });

  // OpenSSH passes signals on for every user but root, and says so in its log.
  function endOrExplain(pid: number, survives = false): void {
    if (end(pid) && !survives)
      expect(sshd.log()).toContain("session signalling requires privilege");
  }
});
