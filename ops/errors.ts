import { LauncherError } from "../toolchain/launcher/errors";

/** Ends a command with this text and exit code 1. */
export class OpsError extends LauncherError {}
