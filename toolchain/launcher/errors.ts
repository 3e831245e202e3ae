/** Ends the launcher with this text and nothing else. */
export class LauncherError extends Error {}
