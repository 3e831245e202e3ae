import { changedResources, type Step } from "../../../ops/drift/changes";

const GUEST =
  "urn:pulumi:prod::proxmox-ha::proxmox-ha:guest:VirtualMachine$proxmoxve:index/vmLegacy:VmLegacy::ubuntu";
const step = (changes: Partial<Step>): Step => ({ op: "update", urn: GUEST, ...changes });
const told = (...steps: Step[]): string[] =>
  changedResources(steps, "prod").map(({ resource, what }) => `${resource}: ${what}`);

describe("what an update would change", () => {
  it("is told with what is there and what is described", () => {
    const [finding] = changedResources(
      [
        step({
          oldState: {
            inputs: { memory: { dedicated: 512 } },
            outputs: { memory: { dedicated: 256 } },
          },
          newState: { inputs: { memory: { dedicated: 512 } } },
          detailedDiff: { "memory.dedicated": { kind: "update" } },
        }),
      ],
      "prod",
    );
    expect(finding).toEqual({
      kind: "changed",
      resource: "VmLegacy ubuntu",
      what: "memory.dedicated is 256, and described as 512",
      remedy:
        "apply what the file says: pulumi up --stack prod; or put into the file what is there now",
    });
  });

  it.each<[string, Partial<Step>, string]>([
    ["a resource that is gone", { op: "create" }, "it is gone"],
    [
      "a resource that the file has lost",
      { op: "delete" },
      "it is in the state, and no longer in the file",
    ],
    ["a replacement", { op: "replace" }, "it would be changed (it would be replaced)"],
    [
      "a script",
      { newState: { type: "command:remote:Command" }, detailedDiff: { stdin: {} } },
      "its step is to run again: the script, or what it is given, is another",
    ],
  ])("is told of %s", (_, changes, what) => {
    expect(told(step(changes))).toEqual([`VmLegacy ubuntu: ${what}`]);
  });

  it("is told once of a replacement, and never of folders or of what stays", () => {
    expect(
      told(
        step({ op: "same" }),
        step({ op: "refresh" }),
        step({ op: "create-replacement" }),
        step({ op: "delete-replaced" }),
        step({ urn: "urn:pulumi:prod::proxmox-ha::proxmox-ha:cluster:Cluster::mizar" }),
        step({ urn: "urn:pulumi:prod::proxmox-ha::pulumi:pulumi:Stack::proxmox-ha-prod" }),
      ),
    ).toEqual([]);
  });

  it("shows no secret, nothing endless, and five values at most", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const paths = ["a", "b", "c.d[0]", "e", "f", "g"];
    const [text = ""] = told(
      step({
        oldState: { outputs: { a: secret, b: "x".repeat(100), c: { d: ["first"] } } },
        newState: { inputs: { a: "[secret]" } },
        detailedDiff: Object.fromEntries(paths.map((path) => [path, {}])),
      }),
    );
    expect(text).toContain("a is a secret, and described as a secret");
    expect(text).toContain(`b is "${"x".repeat(79)}…, and described as not set`);
    expect(text).toContain('c.d[0] is "first"');
    expect(text).toMatch(/; 1 more$/);
  });
});
