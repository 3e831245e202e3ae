import { propertyChanges } from "../../../ops/report/diff";
import { step, type StepOf } from "./support/reports";

const changes = (given: StepOf): [string, string | undefined, string | undefined, boolean][] =>
  propertyChanges(step(given).resourcePreEvent.metadata).map(
    ({ path, before, after, replaces }) => [path, before, after, replaces],
  );

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const hidden = (ciphertext: string) => ({ ...SECRET, ciphertext });
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const detail = (path: string, diffKind = "update") => ({ detailedDiff: { [path]: { diffKind } } });

describe("what a step changes", () => {
  it("is what the provider says", () => {
    const old = { memory: { dedicated: 2048 }, name: "a" };
    const now = { memory: { dedicated: 2560 }, name: "b" };
    const given = { old, now, ...detail("memory.dedicated") };
    expect(changes(given)).toEqual([["memory.dedicated", "2048", "2560", false]]);
  });

  it("is found by the path in lists and under quoted names", () => {
    const old = { disks: [{ size: 8 }], labels: { "a.b": "x" } };
    const now = { disks: [{ size: 16 }], labels: { "a.b": "y" } };
    expect(changes({ old, now, ...detail("disks[0].size") })).toEqual([
      ["disks[0].size", "8", "16", false],
    ]);
    expect(changes({ old, now, ...detail('labels["a.b"]') })[0]?.slice(1, 3)).toEqual(["x", "y"]);
  });

  it("is compared with what the provider has read, even where the program says the same", () => {
    const metadata = {
      ...step({ old: { memory: 2 }, now: { memory: 2 } }).resourcePreEvent.metadata,
      ...detail("memory"),
    };
    const drifted = { ...metadata, old: { inputs: { memory: 2 }, outputs: { memory: 1 } } };
    expect(propertyChanges(drifted)).toEqual([
      { path: "memory", before: "1", after: "2", replaces: false },
    ]);
  });

  it("is the difference of the inputs where the provider says no more", () => {
    const old = { qdevice: true, witness: { name: "nas" }, __defaults: ["a"] };
    const now = { qdevice: false, added: 1, __defaults: [] };
    expect(changes({ old, now, diffs: ["qdevice"] })).toEqual([
      ["qdevice", "true", "false", false],
      ["witness", '{"name":"nas"}', undefined, false],
      ["added", undefined, "1", false],
    ]);
  });

  it("is what the program sets of a new resource, without defaults, and nothing of a deleted one", () => {
    const now = { __defaults: ["acpi"], acpi: true, name: "mail", clone: null };
    expect(changes({ op: "create", now })).toEqual([["name", undefined, "mail", false]]);
    expect(changes({ op: "delete", old: now })).toEqual([]);
  });

  it("says which property replaces the resource", () => {
    const states = { old: { export: "/a", size: 1 }, now: { export: "/b", size: 2 } };
    expect(changes({ op: "replace", ...states, keys: ["export"] })).toEqual([
      ["export", "/a", "/b", true],
      ["size", "1", "2", false],
    ]);
    expect(changes({ op: "replace", ...states, ...detail("size", "update-replace") })).toEqual([
      ["size", "1", "2", true],
    ]);
  });

  it("says of a text of many lines where it differs first", () => {
    expect(changes({ old: { stdin: "a\nb\nc" }, now: { stdin: "a\nx\nc" } })).toEqual([
      ["stdin", "line 2 of 3: b", "line 2 of 3: x", false],
    ]);
  });
});

describe("a value", () => {
  it("that is secret is never shown, wherever it is", () => {
    const old = { token: hidden("one"), connection: { key: hidden("one") }, list: [hidden("one")] };
    const now = { token: hidden("two"), connection: { key: hidden("two") }, list: [hidden("two")] };
    expect(changes({ old, now })).toEqual([
      ["token", "[secret]", "[secret]", false],
      ["connection.key", "[secret]", "[secret]", false],
      ["list", '["[secret]"]', '["[secret]"]', false],
    ]);
    const parts = [changes({ old, now, ...detail("token.part") }), changes({ op: "create", now })];
    expect(JSON.stringify(parts)).not.toMatch(/one|two|1b47061264138c4ac30d75fd1eb44270/);
  });

  it("that became a secret does not show what it was", () => {
    expect(changes({ old: { token: "plain" }, now: { token: hidden("two") } })).toEqual([
      ["token", "[secret]", "[secret]", false],
    ]);
  });

  it("that nobody knows yet is said to be", () => {
    const now = { id: UNKNOWN, part: { ids: [UNKNOWN] } };
    expect(changes({ old: { id: "a", part: { ids: ["a"] } }, now })).toEqual([
      ["id", "a", "known after the update", false],
      ["part.ids", '["a"]', '["known after the update"]', false],
    ]);
  });

  it("that is long is cut", () => {
    const [[, , after] = []] = changes({ op: "create", now: { text: "x".repeat(5000) } });
    expect(after).toHaveLength(200);
    expect(after).toMatch(/…$/);
  });
});
