import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { LabSecrets } from "../status";
import { labPaths, say } from "./cli";
import { control, labPath } from "./client";

export function pageCommands(program: Command): void {
  program
    .command("page")
    .description("print the address of the lab's page, with the key that opens it")
    .action(async (_options, command: Command) => {
      const paths = labPaths(command);
      await control(paths, "GET", labPath("ready"));
      const secrets = JSON.parse(await readFile(paths.secrets, "utf8")) as LabSecrets;
      say(`http://127.0.0.1:${secrets.controlPort}/#token=${secrets.controlToken}`);
    });
}
