import type { Command } from "commander";
import { LabError, labPaths, say } from "./cli";
import { control, labPath } from "./client";

export function hostCommands(program: Command): void {
  program
    .command("host <name> <action>")
    .description("put another machine in the place of one that is off: host pve02 replace")
    .option("--bare", "with Debian 13 alone, without Proxmox VE")
    .action(async (name: string, action: string, options: { bare?: true }, command: Command) => {
      if (action !== "replace") throw new LabError(`a host can be "replace"d, not "${action}"`);
      const bare = options.bare ?? false;
      await control(labPaths(command), "POST", labPath("hosts", name, "replace"), { bare });
      say(
        `${name} is another machine, freshly installed, with an SSH host key of its own; ` +
          `switch it on: npm run -s lab -- power ${name} on`,
      );
    });
}
