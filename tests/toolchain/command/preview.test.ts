import { previewCreate, previewUpdate } from "../../../toolchain/command/preview";
import { secret, UNKNOWN } from "../../../toolchain/command/values";

const INPUTS = { connection: secret({ host: "h" }), create: "c", environment: { A: "a" } };
const STATE = { ...INPUTS, stdout: "out", stderr: "err" };
const RERUN = { stdout: UNKNOWN, stderr: UNKNOWN };

test("a create promises the inputs, and outputs that are not known yet", () => {
  expect(previewCreate({ ...INPUTS, stdin: secret("s") })).toEqual({
    ...INPUTS,
    ...RERUN,
    stdin: secret("s"),
  });
});

test.each([
  ["changes", { ...INPUTS, create: "d" }],
  ["goes", { connection: INPUTS.connection, create: "c" }],
  ["becomes secret", { ...INPUTS, create: secret("c") }],
  ["is not known yet", { ...INPUTS, update: UNKNOWN }],
  ["has something unknown inside", { ...INPUTS, triggers: [UNKNOWN] }],
])("an update promises no outputs where an input %s", (_, inputs) => {
  expect(previewUpdate(inputs, STATE)).toEqual({ ...inputs, ...RERUN });
});

test("an update promises the old outputs where nothing changes", () => {
  expect(previewUpdate(INPUTS, STATE)).toEqual(STATE);
});

test("an update promises the old outputs where an input is only new, as the released plugin does", () => {
  expect(previewUpdate({ ...INPUTS, stdin: "s" }, STATE)).toEqual({ ...STATE, stdin: "s" });
});
