import { CommanderError } from "commander";
import { wordsOf } from "../toolchain/launcher/errors";
import { outlivePipes } from "../toolchain/launcher/pipes";
import { opsProgram } from "./program";

outlivePipes();
opsProgram(process.env)
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has said its sentence already.
    if (error instanceof CommanderError) process.exit(error.exitCode);
    process.stderr.write(`${wordsOf(error)}\n`);
    process.exit(1);
  });
