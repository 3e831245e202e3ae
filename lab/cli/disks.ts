import type { Command } from "commander";
import { labPaths, oneOf, say } from "./cli";
import { control, labPath } from "./client";

export function diskCommands(program: Command): void {
  program
    .command("disk <host> <state>")
    .description("fill a host's disk up or make room again: disk nas full")
    .option(
      "--path <path>",
      "an export of the NAS (all of them without), or / for the system's disk",
    )
    .action(async (host: string, word: string, options: { path?: string }, command: Command) => {
      const full = oneOf("a disk", word, "full", "free") === "full";
      const { paths } = await control<{ paths: string[] }>(
        labPaths(command),
        "PUT",
        labPath("disks"),
        { host, full, ...options },
      );
      say(`${host}: ${paths.join(", ")} ${full ? "full" : "free"}`);
    });
}
