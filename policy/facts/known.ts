/** A value that preview cannot tell yet. A rule that meets it must say so instead of passing. */
export const UNKNOWN = Symbol("unknown");
export type Unknown = typeof UNKNOWN;
export type Known<T> = T | Unknown;

/** What a judgement needs is unknown. The message says what, with its verb: `its memory is`. */
export class NotKnown extends Error {}

/** The value, if it is known. Throws `NotKnown` with `what`. */
export function need<T>(value: Known<T>, what: string): T {
  if (value === UNKNOWN) throw new NotKnown(what);
  return value as T;
}

/** What `judge` returns, or that it is unknown, where it needs what is unknown. */
export function asFarAsKnown<T>(judge: () => T): Known<T> {
  try {
    return judge();
  } catch (error) {
    if (error instanceof NotKnown) return UNKNOWN;
    throw error;
  }
}

/** Names in a row: the first few, then how many more. */
export function some(names: string[], most = 5): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
