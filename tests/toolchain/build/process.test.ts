import { tmpdir } from "node:os";
import { LauncherError } from "../../../toolchain/launcher/errors";
import { run, ToolError } from "../../../toolchain/build/process";

const sh = (script: string, onLine?: (line: string) => void) =>
  run("sh", ["-c", script], {
    cwd: tmpdir(),
    env: { GIVEN: "yes" },
    ...(onLine ? { onLine } : {}),
  });

describe("a program of the build", () => {
  it("runs in its folder, with the variables given and those of the caller", async () => {
    const lines: string[] = [];
    await sh('echo "$GIVEN ${PATH:+path} $(pwd -P)" >&2', (line) => lines.push(line));
    expect(lines).toEqual([expect.stringMatching(/^yes path \/./)]);
  });

  it("reports each line of its standard error, and none of its output", async () => {
    const lines: string[] = [];
    await sh("echo one >&2; echo out; printf two >&2", (line) => lines.push(line));
    expect(lines).toEqual(["one", "two"]);
  });

  it("gets no input, so it never waits for some", async () => {
    await expect(sh("cat")).resolves.toBeUndefined();
  });

  it("that fails says how, with the last lines that it wrote", async () => {
    const failing = sh("for i in $(seq 1 30); do echo line $i >&2; done; exit 3");
    await expect(failing).rejects.toThrow(ToolError);
    const kept = Array.from({ length: 20 }, (_, index) => `line ${index + 11}`).join("\n");
    await expect(failing).rejects.toThrow(new RegExp(`^sh -c ended with 3:\n${kept}$`));
  });

  it("that is killed says by what", async () => {
    await expect(sh("echo working >&2; kill -TERM $$")).rejects.toThrow(
      /^sh -c ended with SIGTERM:\nworking$/,
    );
  });

  it("that is not installed is named, with what to do", async () => {
    const missing = run("no-such-compiler", ["build"], { cwd: tmpdir() });
    await expect(missing).rejects.toThrow(/^no-such-compiler is not installed; run: make doctor$/);
    await expect(missing).rejects.toBeInstanceOf(LauncherError);
  });

  it("that may not be run is named too", async () => {
    await expect(run("/etc/passwd", [], { cwd: tmpdir() })).rejects.toThrow("EACCES");
  });
});
