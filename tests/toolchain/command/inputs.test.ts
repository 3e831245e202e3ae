import { checkInputs } from "../../../toolchain/command/inputs";
import { type Properties, secret, UNKNOWN } from "../../../toolchain/command/values";

const DEFAULTS = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

function failures(inputs: Properties): string[] {
  return checkInputs(inputs).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("a connection", () => {
  test("gets its defaults and becomes a secret", () => {
    expect(checkInputs({ connection: { host: "pve01" } })).toEqual({
      inputs: { connection: secret({ host: "pve01", ...DEFAULTS }) },
      failures: [],
    });
  });

  test("keeps what it says, even 0 and an empty user", () => {
    const said = { host: "pve01", port: 0, user: "", dialErrorLimit: 0, perDialTimeout: 0 };
    expect(checkInputs({ connection: said }).inputs).toEqual({ connection: secret(said) });
  });

  test("has its credentials marked as secrets of their own", () => {
    const { inputs } = checkInputs({
      connection: secret({ host: "h", password: "p", privateKey: secret("k") }),
    });
    expect(inputs.connection).toEqual(
      secret({ host: "h", ...DEFAULTS, password: secret("p"), privateKey: secret("k") }),
    );
  });

  test("may be unknown, in whole or in part", () => {
    expect(checkInputs({ connection: UNKNOWN }).inputs).toEqual({ connection: secret(UNKNOWN) });
    expect(checkInputs({ connection: { host: UNKNOWN } }).inputs).toEqual({
      connection: secret({ host: UNKNOWN, ...DEFAULTS }),
    });
  });

  test("is required, and so is its host", () => {
    expect(failures({})).toEqual(["connection: This is required."]);
    expect(failures({ connection: { host: null } })).toEqual([
      "connection.host: This is required.",
    ]);
  });

  test("with a proxy is refused, and the refusal names the way to the released plugin", () => {
    const [failure, ...others] = failures({ connection: { host: "h", proxy: { host: "p" } } });
    expect(others).toEqual([]);
    expect(failure).toMatch(/^connection\.proxy: .*TOOLCHAIN=system/);
  });
});

describe("the other inputs", () => {
  const connection = { host: "h" };
  const kept = (inputs: Properties) => {
    const { connection: _, ...others } = checkInputs({ connection, ...inputs }).inputs;
    return others;
  };

  test("pass as they are, secrets as secrets", () => {
    const inputs = {
      create: "a",
      update: secret("b"),
      delete: "",
      stdin: secret("s"),
      triggers: [1, "x", { y: secret("z") }, null],
      environment: { A: secret("a"), B: "b" },
      logging: "none",
      addPreviousOutputInEnv: false,
    };
    expect(kept(inputs)).toEqual(inputs);
  });

  test("lose their nulls at any depth, but lists keep theirs", () => {
    expect(kept({ stdin: null, environment: { A: null } })).toEqual({ environment: {} });
    expect(kept({ triggers: [null, secret({ a: null, b: [null] })] })).toEqual({
      triggers: [null, secret({ b: [null] })],
    });
  });

  test("may be unknown, in whole or in part", () => {
    const inputs = { create: secret(UNKNOWN), triggers: UNKNOWN, environment: { A: UNKNOWN } };
    expect(kept(inputs)).toEqual(inputs);
    expect(failures({ connection, ...inputs })).toEqual([]);
  });

  test.each([
    ["create", 1, "This must be a string, but it is a number."],
    ["stdin", secret(true), "This must be a string, but it is a boolean."],
    ["triggers", "x", "This must be a list, but it is a string."],
    ["environment", ["x"], "This must be a map of strings, but it is a list."],
    ["addPreviousOutputInEnv", "true", "This must be true or false, but it is a string."],
    ["connection", "h", "This must be an object, but it is a string."],
  ])("of the wrong type are refused: %s", (name, value, reason) => {
    expect(failures({ connection, [name]: value })).toEqual([`${name}: ${reason}`]);
  });

  test("of the wrong type are refused inside objects, with their path", () => {
    expect(
      failures({
        connection: { host: 1, port: "22", dialErrorLimit: 1.5 },
        environment: { A: 1 },
      }),
    ).toEqual([
      "connection.host: This must be a string, but it is a number.",
      "connection.port: This must be a number, but it is a string.",
      "connection.dialErrorLimit: This must be a whole number, but it is a fraction.",
      "environment.A: This must be a string, but it is a number.",
    ]);
  });

  test("that do not exist are refused with those that do", () => {
    expect(failures({ connection, constructor: "x" })[0]).toMatch(/^constructor: There is no such/);
    expect(failures({ connection, creat: "x" })[0]).toMatch(/^creat: .*connection, create, /);
    expect(failures({ connection: { host: "h", hostname: "x" } })[0]).toMatch(
      /^connection\.hostname: .*host, port, /,
    );
  });
});

test("a failure gives the inputs back with the credentials still secret", () => {
  const { inputs } = checkInputs({ connection: { host: "h", password: "p" }, bogus: 1 });
  expect(inputs).toEqual({
    connection: secret({ host: "h", password: secret("p") }),
    bogus: 1,
  });
});
