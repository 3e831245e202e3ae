import { OpsError } from "../../ops/errors";
import { mustRun, runScript, type ScriptCall } from "../../ops/remote";
import { openSsh } from "../../toolchain/launcher/ssh";
import { type Answer, type StandInHost, startHost } from "../toolchain/launcher/support/node";

let host: StandInHost;
let answers: Answer[];
let asked: number;

beforeAll(async () => {
  host = await startHost(() => answers[Math.min(asked++, answers.length - 1)] ?? {});
});
beforeEach(() => {
  answers = [{ stdout: "out\n", stderr: "words\n" }];
  asked = 0;
  host.commands.length = 0;
  host.inputs.length = 0;
});
afterAll(() => host.stop());

const KEY: ScriptCall = { host: "pve01", script: "cluster/key" };
const BUSY: Answer = { code: 75 };

describe("a script on a host", () => {
  it("goes by standard input with its variables, and runs under the host's lock", async () => {
    const call = { ...KEY, variables: { CLUSTER: "it's" } };
    expect(await runScript(host.connection(), call)).toEqual({
      stdout: "out\n",
      stderr: "words\n",
      code: 0,
    });
    expect(host.commands).toEqual([
      expect.stringMatching(
        /^flock -w 900 -E 75 \/run\/lock\/proxmox-ha\.lock bash .* cluster-key apply$/,
      ),
    ]);
    expect(host.inputs[0]).toMatch(/^CLUSTER='it'\\''s'\nHOST='pve01'\n[^]*\n#end\n$/);
  });

  it("waits for one that is at work, and says so once where somebody wants to know", async () => {
    answers = [BUSY, { stdout: "out\n" }];
    const onBusy = jest.fn();
    expect(await runScript(host.connection(), { ...KEY, onBusy })).toMatchObject({
      stdout: "out\n",
    });
    expect(onBusy).toHaveBeenCalledTimes(1);
    expect(host.commands).toEqual([
      expect.stringMatching(/^flock -w 2 /),
      expect.stringMatching(/^flock -w 900 /),
    ]);
  });

  it("tells what it does while it does it", async () => {
    let said = "";
    await runScript(host.connection(), { ...KEY, onStderr: (text) => (said += text) });
    expect(said).toBe("words\n");
  });

  it("shares a connection that is open already, and leaves it open", async () => {
    const session = await openSsh(host.connection());
    await Promise.all([runScript(session, KEY), runScript(session, KEY)]);
    expect(await session.run("true")).toMatchObject({ code: 0 });
    session.end();
  });
});

describe("a script that must succeed", () => {
  const refused = (): Promise<string> => mustRun(host.connection(), KEY);

  it("gives what it prints", async () => {
    expect(await refused()).toBe("out\n");
  });

  it.each<[string, Answer, string]>([
    [
      "its own words",
      { stderr: "\npve01: step cluster-key failed: no\n  What to do: yes\n", code: 1 },
      "pve01: step cluster-key failed: no\n  What to do: yes",
    ],
    ["its code where it has no words", { code: 3 }, "pve01: cluster/key ended with code 3"],
    [
      "who else is at work",
      BUSY,
      "pve01: another script of this stack has been at work there for 15 minutes; see with: pgrep -af proxmox-ha.lock",
    ],
    ["a cut", { code: undefined }, "pve01: the connection was cut before the answer"],
  ])("fails with %s", async (_, answer, words) => {
    answers = [answer];
    await expect(refused()).rejects.toThrow(OpsError);
    await expect(refused()).rejects.toThrow(words);
  });
});
