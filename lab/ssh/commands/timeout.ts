import type { ExecResult } from "just-bash";
import { type Commands, fail, quote } from "../command";

const UNITS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

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
    const controller = new AbortController();
    context.signal?.addEventListener("abort", () => controller.abort());
    let stopClock = (): void => undefined;
    const late = new Promise<ExecResult>((resolve) => {
      // A duration of 0 is none.
      if (seconds === 0) return;
      stopClock = clock.after(seconds * 1000, () => {
        controller.abort();
        resolve(fail("", 124));
      });
    });
    // What is cut off ends later, and nobody listens.
    const done = context
      .exec(quote(command), context.stdin, { signal: controller.signal })
      .catch((error: Error) => fail(error.message, 125));
    const result = await Promise.race([done, late]);
    stopClock();
    return result;
  },
};
