import type { Command } from "commander";
import { milliseconds, share } from "./amounts";
import { LabError, labPaths, say } from "./cli";
import { control, labPath } from "./client";

interface Options {
  delay?: string;
  fail?: string;
  seed?: string;
  well?: boolean;
}

export function apiCommands(program: Command): void {
  program
    .command("api [node]")
    .description(
      "make the API of a node, or of all, slow or flaky: api pve01 --delay 2s --fail 10%",
    )
    .option("--delay <time>", "how long each request waits, in the lab's time")
    .option("--fail <share>", "how many requests fail, as a dying pveproxy lets them")
    .option("--seed <number>", "another choice of requests that fail")
    .option("--well", "every node answers well again")
    .action(async (node = "all", options: Options, command: Command) => {
      const paths = labPaths(command);
      if (options.well) {
        await control(paths, "DELETE", labPath("api"));
        return say("every node answers well");
      }
      const { delay, fail, seed } = options;
      if (delay === undefined && fail === undefined) {
        throw new LabError("say how: --delay 2s, --fail 10%, or --well to end it");
      }
      const delayMs = milliseconds(delay ?? "0");
      const failRate = share(fail ?? "0");
      const fields = {
        node,
        delayMs,
        failRate,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      };
      const { nodes } = await control<{ nodes: string[] }>(paths, "PUT", labPath("api"), fields);
      say(`${nodes.join(", ")}: requests wait ${delayMs} ms, ${failRate * 100} % fail`);
    });
}
