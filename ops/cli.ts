import { CommanderError } from "commander";
import { wordsOf } from "../toolchain/launcher/errors";
import { opsProgram } from "./program";

opsProgram(process.env)
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has said its sentence already.
    if (error instanceof CommanderError) process.exit(error.exitCode);
    process.stderr.write(`${wordsOf(error)}\n`);
    process.exit(1);
  });
