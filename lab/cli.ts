import { Command, CommanderError } from "commander";
import { apiCommands } from "./cli/api";
import { cableCommands } from "./cli/cables";
import { LabError } from "./cli/cli";
import { clockCommands } from "./cli/clock";
import { diskCommands } from "./cli/disks";
import { hostCommands } from "./cli/hosts";
import { lifecycleCommands } from "./cli/lifecycle";
import { logCommands } from "./cli/log";
import { pageCommands } from "./cli/page";
import { powerCommands } from "./cli/power";
import { serviceCommands } from "./cli/services";
import { snapshotCommands } from "./cli/snapshots";

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

const program = new Command("lab")
  .description("A Proxmox VE site in one process: two nodes and a NAS that is also the witness.")
  .option("--dir <folder>", "where the lab keeps its state", process.env.PROXMOX_HA_LAB ?? ".lab")
  .exitOverride();

for (const [heading, commands] of Object.entries(GROUPS)) {
  program.commandsGroup(heading);
  for (const add of commands) add(program);
}

program.parseAsync().catch((error: Error) => {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  process.stderr.write(`lab: ${error instanceof LabError ? error.message : error.stack}\n`);
  process.exit(1);
});
