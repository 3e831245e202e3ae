import { planHa } from "../../../components/ha/plan";
import { hasGroups, withRules } from "../../../ops/release/state";
import type { ResourceState } from "../../../ops/pulumi";
import { site } from "../../components/support/site";
import { checkpoint } from "../support/site";

const HA = "urn:pulumi:dev::proxmox-ha::proxmox-ha:ha:HighAvailability";
const urn = (type: string, name: string): string =>
  `${HA}$proxmoxve:index/${type.toLowerCase()}:${type}::${name}`;
const type = (name: string): string => `proxmoxve:index/${name.toLowerCase()}:${name}`;

const GROUP = urn("Hagroup", "prefer-win2016");
const group: ResourceState = {
  ...{ urn: GROUP, type: type("Hagroup"), custom: true, id: "prefer-win2016" },
  inputs: { group: "prefer-win2016", nodes: { pve01: 1, pve02: 2 } },
  outputs: { id: "prefer-win2016" },
  provider: "the provider",
};
const managed: ResourceState = {
  ...{ urn: urn("Haresource", "win2016"), type: type("Haresource"), custom: true, id: "vm:100" },
  inputs: { resourceId: "vm:100", group: "prefer-win2016" },
  outputs: { resourceId: "vm:100", group: "prefer-win2016" },
  dependencies: ["urn of the guest", GROUP],
  propertyDependencies: { group: [GROUP], resourceId: ["urn of the guest", GROUP] },
};
const other: ResourceState = { ...managed, urn: "urn of another", type: "other:index:Other" };

const plan = planHa(site({ "cluster.upgradedFrom": 8 }));
const switched = withRules(checkpoint([group, managed, other]), plan).deployment.resources ?? [];

describe("the state of a stack that goes on to release 9", () => {
  it("is that of release 8 as long as there is a group in it", () => {
    expect(hasGroups(checkpoint([group, managed]))).toBe(true);
    expect(hasGroups(checkpoint(switched))).toBe(false);
  });

  it("has the rule that Proxmox VE has made in the place of the group", () => {
    expect(switched.map(({ urn }) => urn)).toEqual([
      managed.urn,
      other.urn,
      urn("Harule", "prefer-win2016"),
    ]);
    expect(switched.at(-1)).toMatchObject({
      ...{ type: type("Harule"), id: "ha-group-prefer-win2016", provider: "the provider" },
      inputs: {
        ...{ rule: "ha-group-prefer-win2016", type: "node-affinity", resources: ["vm:100"] },
        ...{ nodes: { pve01: 1, pve02: 2 }, strict: false },
      },
      dependencies: [managed.urn],
    });
  });

  it("has HA resources in no group, which say themselves whether they fail back", () => {
    expect(switched[0]).toMatchObject({
      inputs: { resourceId: "vm:100", failback: true },
      dependencies: ["urn of the guest"],
      propertyDependencies: { resourceId: ["urn of the guest"] },
    });
    expect(JSON.stringify(switched[0])).not.toContain("group");
  });

  it("is otherwise as it was", () => {
    expect(switched[1]).toBe(other);
  });

  it("stays as it is when it is switched again", () => {
    const again = withRules(checkpoint(switched), plan).deployment.resources;
    expect(again).toEqual(switched);
  });
});
