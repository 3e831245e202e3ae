import type { Command } from "commander";
import { labPaths, oneOf, say } from "./cli";
import { control, labPath } from "./client";

export function powerCommands(program: Command): void {
  program
    .command("power <host> <state>")
    .description("switch a host on or off: power pve02 off")
    .action(async (host: string, word: string, _options, command: Command) => {
      const power = oneOf("power", word, "on", "off");
      await control(labPaths(command), "PUT", labPath("hosts", host, "power"), { power });
      say(`${host} is ${power}`);
    });
}
