import { requireHaAfterWitness } from "../../../policy/rules/requireHaAfterWitness";
import { haResource, judge, site } from "../support/facts";

const verdict = (...others: Parameters<typeof site>) =>
  judge(requireHaAfterWitness, site(...others));
const step = (name: string, parent: string, ...needs: string[]) => ({
  urn: `urn:${name}`,
  name,
  parent,
  needs,
});

describe("HA comes after the witness", () => {
  it("when its resources wait for all steps of the cluster, at whatever distance", () => {
    expect(verdict()).toEqual([]);
  });

  it("when it waits through the component that holds it", () => {
    const order = [
      step("qdevice", "urn:mizar"),
      step("ha", "", "urn:qdevice"),
      step("ha-win2016", "urn:ha"),
    ];
    expect(verdict({ order })).toEqual([]);
  });

  it("when the cluster has no steps, because it is there already", () => {
    expect(verdict({ order: [step("ha-win2016", "")] })).toEqual([]);
  });
});

describe("HA may come before the witness", () => {
  const tooEarly = (name: string, steps: string): [string, string] => [
    `urn:ha-${name}`,
    `HA resource ${name} does not wait for ${steps} of cluster mizar, ` +
      "so that HA may begin before all votes count, and a node that is lost then takes the others along. " +
      "Let it depend on the cluster: dependsOn.",
  ];

  it("when nothing makes it wait", () => {
    const order = [step("found", "urn:mizar"), step("qdevice", "urn:mizar", "urn:found")];
    expect(verdict({ order })).toEqual([tooEarly("win2016", "found, qdevice")]);
  });

  it("when it waits for another step alone", () => {
    const order = [
      step("found", "urn:mizar"),
      step("qdevice", "urn:mizar", "urn:found"),
      step("ha-win2016", "", "urn:found"),
    ];
    expect(verdict({ order })).toEqual([tooEarly("win2016", "qdevice")]);
  });

  it("each resource by itself", () => {
    const haResources = [haResource(), haResource({ urn: "urn:ha-ubuntu", name: "ubuntu" })];
    expect(verdict({ haResources })).toEqual([tooEarly("ubuntu", "qdevice")]);
  });
});
