import type { ExecResult } from "just-bash";
import { sleep } from "../../seams/clock";
import { type Commands, fail, quote, type Run } from "../command";

const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Until a command that was told to end has ended. */
const GRACE_MS = 10_000;

/** Scripts in which a command is to end because its time is over. */
const timedOut = new WeakSet<Run>();
export const isTimedOut = (run: Run): boolean => timedOut.has(run);

/** Commands that ask for it. All others are cut off. */
const END_THEMSELVES = ["pvecm"];

/** coreutils' `timeout`, on the site's clock. */
export const timeoutCommands: Commands = {
  timeout: async (args, context) => {
    const words = [...args];
    while (words[0]?.startsWith("-")) {
      const option = words.shift() ?? "";
      if (/^(-k|-s|--kill-after|--signal)$/.test(option)) words.shift();
    }
    const [duration = "", ...command] = words;
    const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(duration) ?? [];
    if (count === "") return fail(`timeout: invalid time interval '${duration}'`, 125);
    const seconds = Number(count) * (UNITS[unit] ?? 1);
    const { clock } = context.site;
    const endsItself = END_THEMSELVES.includes(command[0] ?? "");
    const controller = new AbortController();
    context.signal?.addEventListener("abort", () => controller.abort());
    let stopClock = (): void => undefined;
    const late = new Promise<ExecResult>((resolve) => {
      // A duration of 0 is none.
      if (seconds === 0) return;
      stopClock = clock.after(seconds * 1000, () => {
        timedOut.add(context.run);
        if (!endsItself) controller.abort();
        resolve(fail("", 124));
      });
    });
    // What it says when it is cut off nobody hears.
    const done = context
      .exec(quote(command), context.stdin, { signal: controller.signal })
      .catch((error: Error) => fail(error.message, 125));
    const result = await Promise.race([done, late]);
    stopClock();
    if (timedOut.has(context.run)) await Promise.race([done, sleep(clock, GRACE_MS)]);
    timedOut.delete(context.run);
    return result;
  },
};
