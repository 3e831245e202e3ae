import { Command } from "commander";
import { apiCommands } from "./api";
import { cableCommands } from "./cables";
import { clockCommands } from "./clock";
import { diskCommands } from "./disks";
import { hostCommands } from "./hosts";
import { lifecycleCommands } from "./lifecycle";
import { logCommands } from "./log";
import { pageCommands } from "./page";
import { powerCommands } from "./power";
import { serviceCommands } from "./services";
import { snapshotCommands } from "./snapshots";

const GROUPS: Record<string, ((program: Command) => void)[]> = {
  "The lab:": [lifecycleCommands, pageCommands],
  "Disasters:": [
    powerCommands,
    hostCommands,
    cableCommands,
    serviceCommands,
    diskCommands,
    apiCommands,
  ],
  "Rehearsals:": [clockCommands, snapshotCommands, logCommands],
};

/** The lab's commands. `folder` is where its state is, unless `--dir` says otherwise. */
export function labProgram(folder: string): Command {
  const program = new Command("lab")
    .description("A Proxmox VE site in one process: two nodes and a NAS that is also the witness.")
    .option("--dir <folder>", "where the lab keeps its state", folder)
    .exitOverride();
  for (const [heading, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(heading);
    for (const add of commands) add(program);
  }
  return program;
}
