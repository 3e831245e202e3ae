import { diffInputs, topLevel } from "../../../toolchain/command/diff";
import { type Properties, secret, UNKNOWN } from "../../../toolchain/command/values";

const OLD = {
  connection: secret({ host: "h", port: 22 }),
  create: "ls",
  environment: { A: "a" },
  triggers: [1, { x: 1 }],
};

// As "kind path", with an exclamation mark for a replacement.
function changes(news: Properties, olds: Properties = OLD): string[] {
  return [...diffInputs(olds, news)].map(
    ([path, { kind, replace }]) => `${kind} ${path}${replace ? "!" : ""}`,
  );
}

test("equal inputs have no changes", () => {
  expect(changes(structuredClone(OLD))).toEqual([]);
});

test.each<[string, Properties, string[]]>([
  ["a changed command", { create: "ls -l" }, ["update create"]],
  ["a new command", { update: "ls" }, ["add update"]],
  ["a null for an absent one", { stdin: null }, []],
  [
    "a changed variable",
    { environment: { A: "b", C: "c" } },
    ["update environment.A", "add environment.C"],
  ],
  ["a variable that goes", { environment: {} }, ["delete environment.A"]],
  [
    "a variable with an odd name",
    { environment: { A: "a", 'b-"c': "" } },
    ['add environment["b-\\"c"]'],
  ],
  ["a command that becomes secret", { create: secret("ls") }, ["update create"]],
  ["a value that is not known yet", { create: UNKNOWN }, ["update create"]],
  ["a secret that is not known yet", { create: secret(UNKNOWN) }, ["update create"]],
  [
    "a host that is not known yet",
    { connection: secret({ host: UNKNOWN }) },
    ["update connection"],
  ],
])("%s is an update", (_, news, expected) => {
  expect(changes({ ...OLD, ...news })).toEqual(expected);
});

test("a connection that is unknown as a whole is no change, as in the released plugin", () => {
  expect(changes({ ...OLD, connection: secret(UNKNOWN) })).toEqual([]);
});

test("a change inside a secret is shown as the secret's", () => {
  expect(changes({ ...OLD, connection: secret({ host: "i", port: 22 }) })).toEqual([
    "update connection",
  ]);
});

test.each<[string, Properties[string], string[]]>([
  ["changes", [2, { x: 1 }], ["update triggers[0]!"]],
  ["changes inside", [1, { x: 2 }], ["update triggers[1].x!"]],
  ["is added", [1, { x: 1 }, "new"], ["add triggers[2]!"]],
  ["goes", [1], ["delete triggers[1]!"]],
  ["is not known yet", UNKNOWN, ["update triggers!"]],
])("a trigger that %s is a replacement", (_, triggers, expected) => {
  expect(changes({ ...OLD, triggers })).toEqual(expected);
});

test("triggers that go altogether are a replacement", () => {
  const { triggers: _, ...news } = OLD;
  expect(changes(news)).toEqual(["delete triggers!"]);
});

test("what the engine itself adds is no change", () => {
  expect(changes({ ...OLD, version: "1.2.1", __defaults: [] })).toEqual([]);
  expect(changes(OLD, { ...OLD, __defaults: [] })).toEqual([]);
});

test("a path's top-level property is the part before its first dot or bracket", () => {
  expect(["create", "environment.A", "triggers[0]"].map(topLevel)).toEqual([
    "create",
    "environment",
    "triggers",
  ]);
});
