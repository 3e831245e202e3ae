/** The text of whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Keys in the order in which PVE goes through them. */
export function sortedKeys(record: Record<string, unknown>): string[] {
  return Object.keys(record).sort();
}

/** `vm:101` → `vm`. */
export function typeOf(sid: string): string {
  return sid.split(":")[0] ?? "";
}

/** Elements of a list as PVE's configuration writes it, with commas, semicolons or blanks. */
export function listOf(text: string | undefined): string[] {
  return (text ?? "").split(/[\s,;]+/).filter((entry) => entry !== "");
}
