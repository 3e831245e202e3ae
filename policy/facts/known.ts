/** A value that preview cannot tell yet. A rule that meets it must say so instead of passing. */
export const UNKNOWN = Symbol("unknown");
export type Unknown = typeof UNKNOWN;
export type Known<T> = T | Unknown;
