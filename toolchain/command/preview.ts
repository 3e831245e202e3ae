import { COMMAND } from "./inputs";
import { equal, hasUnknown, type Properties, UNKNOWN } from "./values";

/** The outputs that a preview promises for a command that does not exist yet. */
export function previewCreate(inputs: Properties): Properties {
  return { ...inputs, stdout: UNKNOWN, stderr: UNKNOWN };
}

/**
 * The outputs that a preview promises for a command that is there. As in the released plugin they stay known where the only
 * change is an input that the state has not got yet, though the command runs then as well.
 */
export function previewUpdate(inputs: Properties, state: Properties): Properties {
  const unsettled = Object.keys(COMMAND).some(
    (name) => hasUnknown(inputs[name]) || (name in state && !equal(inputs[name], state[name])),
  );
  if (unsettled) return previewCreate(inputs);
  return { ...inputs, stdout: state.stdout ?? "", stderr: state.stderr ?? "" };
}
