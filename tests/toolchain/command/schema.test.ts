import { engineAddress } from "../../../toolchain/command/engineLog";
import { COMMAND, CREDENTIALS, checkInputs, DEFAULTS } from "../../../toolchain/command/inputs";
import { version } from "../../../toolchain/command/package.json";
import { SCHEMA, VERSION } from "../../../toolchain/command/schema";

const { properties: connection } = SCHEMA.types["command:remote:Connection"];
const resource = SCHEMA.resources["command:remote:Command"];

test("the version is that of the workspace", () => {
  expect(VERSION).toBe(version);
});

test("the schema has exactly the inputs that a check accepts", () => {
  expect(Object.keys(resource.inputProperties).sort()).toEqual(Object.keys(COMMAND).sort());
  const values = { string: "x", number: 1, integer: 1 };
  const full = Object.fromEntries(
    Object.entries(connection).map(([name, { type }]) => [name, values[type as "string"]]),
  );
  expect(checkInputs({ connection: full }).failures).toEqual([]);
});

test("the schema's defaults and secrets are those of a check", () => {
  const having = (key: "default" | "secret") =>
    Object.fromEntries(
      Object.entries(connection)
        .filter(([, property]) => property[key] !== undefined)
        .map(([name, property]) => [name, property[key]]),
    );
  expect(having("default")).toEqual(DEFAULTS);
  expect(Object.keys(having("secret")).sort()).toEqual([...CREDENTIALS].sort());
});

test("the schema's types are defined", () => {
  const referred = [...JSON.stringify(SCHEMA).matchAll(/#\/types\/([^"]+)/g)].map(
    ([, name]) => name,
  );
  expect(Object.keys(SCHEMA.types).sort()).toEqual([...new Set(referred)].sort());
});

test.each([
  [["127.0.0.1:4000"], "127.0.0.1:4000"],
  [
    ["--logtostderr", "-v=9", "--tracing", "http://localhost:4318", "127.0.0.1:4000"],
    "127.0.0.1:4000",
  ],
  [["--tracing", "http://localhost:4318"], undefined],
  [[], undefined],
])("the engine's address in %j is %s", (args, address) => {
  expect(engineAddress(args)).toBe(address);
});
