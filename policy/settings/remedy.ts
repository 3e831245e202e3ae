import { nameSince8 } from "../inputs/otherNames";
import { UnknownValueError } from "../inputs/unknown";
import type { Edit, Remediation } from "../rules/rule";

type Inputs = Record<string, unknown>;

/**
 * Changes the inputs as the rule's remedy says, in place: what CrossGuard hands out keeps secrets and unknown values only
 * so. Returns nothing where nothing is to be changed, or where an unknown value keeps the remedy from knowing.
 */
export function remedied(
  { types, edits }: Remediation,
  type: string,
  inputs: Inputs,
  isExcused = () => false,
): Inputs | undefined {
  if (!types.includes(nameSince8(type))) return undefined;
  const changes = editsOf(edits, inputs);
  // Asked last: an excuse that is asked for counts as used.
  if (changes.length === 0 || isExcused()) return undefined;
  for (const { path, value } of changes) {
    const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Inputs)[key], inputs);
    (parent as Inputs)[path.at(-1) ?? ""] = value;
  }
  return inputs;
}

function editsOf(edits: Remediation["edits"], inputs: Inputs): Edit[] {
  try {
    return edits(inputs);
  } catch (error) {
    if (error instanceof UnknownValueError) return [];
    throw error;
  }
}
