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
const backup: ResourceState = {
  ...{ urn: "urn of a backup job", type: "proxmoxve:backup/job:Job", custom: true },
  dependencies: ["urn of a storage", GROUP],
  propertyDependencies: { storage: null },
};

const plan = planHa(site({ "cluster.upgradedFrom": 8 }));
const switched = withRules(checkpoint([group, managed, backup]), plan).deployment.resources ?? [];

describe("the state of a stack that goes on to release 9", () => {
  it("is that of release 8 as long as there is a group in it", () => {
    expect(hasGroups(checkpoint([group, managed]))).toBe(true);
    expect(hasGroups(checkpoint(switched))).toBe(false);
  });

  it("has the rule that Proxmox VE has made in the place of the group", () => {
    expect(switched.map(({ urn }) => urn)).toEqual([
      managed.urn,
      urn("Harule", "prefer-win2016"),
      backup.urn,
    ]);
    expect(switched[1]).toMatchObject({
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
      inputs: { resourceId: "vm:100" },
      dependencies: ["urn of the guest"],
      propertyDependencies: { resourceId: ["urn of the guest"] },
    });
    const { inputs, outputs } = switched[0] ?? {};
    expect(JSON.stringify({ inputs, outputs })).not.toContain("group");
  });

  it("lets what waited for the group wait for the rule", () => {
    expect(switched[2]).toEqual({
      ...backup,
      dependencies: ["urn of a storage", urn("Harule", "prefer-win2016")],
    });
  });

  it("stays as it is when it is switched again", () => {
    const again = withRules(checkpoint(switched), plan).deployment.resources;
    expect(again).toEqual(switched);
  });
});
