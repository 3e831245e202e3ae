import { type Known, UNKNOWN } from "../facts/known";
import { UnknownValueError } from "./unknown";

/** Reads from a resource's inputs, which throw where a value is unknown. */
export function known<T>(read: () => T): Known<T> {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}
