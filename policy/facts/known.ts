import { UnknownValueError } from "@pulumi/policy";

/** A value that preview cannot tell yet. A rule that meets it must say so instead of passing. */
export const UNKNOWN = Symbol("unknown");
export type Unknown = typeof UNKNOWN;
export type Known<T> = T | Unknown;

/** Reads from a resource's inputs, which throw where a value is unknown. */
export function known<T>(read: () => T): Known<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}
