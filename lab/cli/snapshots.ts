import type { Command } from "commander";
import type { Snapshot } from "../snapshots";
import { labPaths, say } from "./cli";
import { control, labPath } from "./client";

export function snapshotCommands(program: Command): void {
  program
    .command("snapshot <name>")
    .description("keep how the whole lab is now, to come back to it")
    .option("--delete", "forget that snapshot instead")
    .action(async (name: string, options: { delete?: boolean }, command: Command) => {
      const method = options.delete ? "DELETE" : "PUT";
      await control(labPaths(command), method, labPath("snapshots", name));
      say(options.delete ? `snapshot ${name} is gone` : `snapshot ${name} is taken`);
    });
  program
    .command("restore <name>")
    .description("put the running lab back to a snapshot; its time goes on")
    .action(async (name: string, _options, command: Command) => {
      await control(labPaths(command), "POST", labPath("snapshots", name, "restore"));
      say(`the lab is as in snapshot ${name}`);
    });
  program
    .command("snapshots")
    .description("list the snapshots, with the lab's time of each")
    .action(async (_options, command: Command) => {
      const list = await control<Snapshot[]>(labPaths(command), "GET", labPath("snapshots"));
      if (list.length === 0)
        say("there is no snapshot yet; take one: npm run -s lab -- snapshot NAME");
      for (const { name, time } of list) say(`${new Date(time).toISOString()}  ${name}`);
    });
}
