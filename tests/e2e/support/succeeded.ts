import type { Result } from "./sandbox";

/** The output of a command that must end well. Where it does not, the error is what the command said. */
export function succeeded({ code, text }: Result): string {
  if (code !== 0) throw new Error(`ended with ${code}:\n${text}`);
  return text;
}
