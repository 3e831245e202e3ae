import { readScript } from "../../../components/scriptText";
import { readPast } from "../../../ops/preflight/past";
import type { ResourceState } from "../../../ops/pulumi";
import { situation } from "./support/situation";

const TYPE = "proxmox-ha:cluster:Cluster$command:remote:Command";
const { steps } = situation();

/** The state after an update that has done every step. */
function done(): ResourceState[] {
  return steps.map(({ name, host, script, parts, variables, printed = {} }) => {
    const lines = Object.entries(printed).map(([variable, names]) => [
      variable,
      names.map((step) => `key of ${step}`).join("\n"),
    ]);
    const stdin = readScript(
      script,
      parts,
    )({
      ...variables,
      ...(Object.fromEntries(lines) as Record<string, string>),
      HOST: host,
    });
    return {
      urn: `urn:pulumi:dev::proxmox-ha::${TYPE}::${name}`,
      type: "command:remote:Command",
      custom: true,
      inputs: { stdin },
      outputs: { stdout: `key of ${name}` },
    };
  });
}
const at = (resources: ResourceState[], name: string): ResourceState => {
  const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe("what the state tells of the steps", () => {
  it("is nothing to do after an update", () => {
    expect(readPast(steps, done())).toEqual({ missing: new Set(), changed: new Set() });
  });

  it("is everything before the first", () => {
    const { missing, changed } = readPast(steps, []);
    expect([...missing]).toEqual(steps.map(({ name }) => name));
    expect(changed).toEqual(new Set());
  });

  it("reads texts that are secrets in the state", () => {
    const resources = done();
    const trust = at(resources, "trust-pve01");
    trust.inputs = { stdin: { plaintext: JSON.stringify(trust.inputs?.stdin) } };
    const key = at(resources, "key-pve01");
    key.outputs = { stdout: { plaintext: JSON.stringify(key.outputs?.stdout) } };
    expect(readPast(steps, resources).changed).toEqual(new Set());
  });

  it("is a step that runs again where its script or what it is told has changed", () => {
    const resources = done();
    at(resources, "found").inputs = { stdin: "an older script" };
    at(resources, "key-pve02").outputs = { stdout: "another key" };
    expect([...readPast(steps, resources).changed].sort()).toEqual(
      // At the witness only the founder's key matters.
      ["found", "trust-pve01", "trust-pve02"].sort(),
    );
  });

  it.each(["taint", "delete"])("takes a step for undone that the state marks with %s", (mark) => {
    const resources = done();
    at(resources, "join-pve02")[mark] = true;
    expect(readPast(steps, resources)).toEqual({
      missing: new Set(["join-pve02"]),
      changed: new Set(),
    });
  });

  it("takes no other resource of that name for a step", () => {
    const others = done().map((resource) => ({
      ...resource,
      urn: resource.urn.replace("proxmox-ha:cluster:Cluster$", "other:Component$"),
    }));
    expect(readPast(steps, others).missing.size).toBe(steps.length);
  });
});
