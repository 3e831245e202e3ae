import { readCommand } from "../../../toolchain/command/command";
import { secret, UNKNOWN } from "../../../toolchain/command/values";

test("reads every input in plain, secret or not", () => {
  const command = readCommand(
    {
      connection: secret({ host: "h", port: 2222, user: "u", password: secret("p") }),
      create: secret("c"),
      stdin: secret("s"),
      environment: { A: secret("a") },
      logging: "none",
      addPreviousOutputInEnv: false,
    },
    { stdout: secret("before"), stderr: "" },
  );
  expect(command).toMatchObject({
    connection: { host: "h", port: 2222, user: "u", password: "p", privateKey: undefined },
    create: "c",
    update: undefined,
    stdin: "s",
    environment: { A: "a" },
    logging: "none",
    addPreviousOutputInEnv: false,
    previous: { stdout: "before", stderr: "" },
  });
});

test("fills in what a state of an older plugin may lack", () => {
  const command = readCommand({ connection: { host: "h" } }, {});
  expect(command).toMatchObject({
    connection: { port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 },
    environment: {},
    addPreviousOutputInEnv: true,
    previous: { stdout: "", stderr: "" },
  });
});

test("refuses values that are not known yet, by name", () => {
  const inputs = { connection: { host: UNKNOWN }, stdin: secret(UNKNOWN), create: "c" };
  expect(() => readCommand(inputs, {})).toThrow("Not known yet: connection, stdin.");
});

test("refuses a connection without a host and one with a proxy", () => {
  expect(() => readCommand({}, {})).toThrow("connection.host");
  expect(() => readCommand({ connection: { host: "h", proxy: { host: "p" } } }, {})).toThrow(
    "TOOLCHAIN=system",
  );
});
