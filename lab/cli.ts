import { CommanderError } from "commander";
import { LabError } from "./cli/cli";
import { labProgram } from "./cli/program";

labProgram(process.env.PROXMOX_HA_LAB ?? ".lab")
  .parseAsync()
  .catch((error: Error) => {
    if (error instanceof CommanderError) process.exit(error.exitCode);
    process.stderr.write(`lab: ${error instanceof LabError ? error.message : error.stack}\n`);
    process.exit(1);
  });
