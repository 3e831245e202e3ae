import { existsSync } from "node:fs";
import { Runner } from "../../../ops/review/runner";

const runner = new Runner();
const here = { cwd: __dirname };

describe("a program of a review", () => {
  it("gives what it says and how it ends", async () => {
    const outcome = await runner.run("sh", ["-c", "echo one; echo two >&2; exit 3"], here);
    expect(outcome.code).toBe(3);
    expect(outcome.text.trim().split("\n").sort()).toEqual(["one", "two"]);
  });

  it("that does not exist is an error", async () => {
    await expect(runner.run("/nowhere/at-all", [], here)).rejects.toThrow("ENOENT");
  });

  it("is ended with all that it has started", async () => {
    const running = runner.run("sh", ["-c", "sleep 300 & echo $!; wait"], here);
    await new Promise((resolve) => setTimeout(resolve, 300));
    runner.end();
    const { code, text } = await running;
    expect(code).toBe(1);
    expect(Number(text)).toBeGreaterThan(1);
    expect(existsSync(`/proc/${text.trim()}/cwd`)).toBe(false);
  });
});
