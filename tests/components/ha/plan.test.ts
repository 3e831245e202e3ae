import { type HaPlan, planHa } from "../../../components/ha/plan";
import { site } from "../support/site";

describe("HA of the reference site", () => {
  it("keeps both VMs, and prefers pve02 for the Windows server", () => {
    expect(planHa(site())).toEqual<HaPlan>({
      resources: [
        {
          guest: "win2016",
          sid: "vm:100",
          state: "started",
          maxRestart: 1,
          maxRelocate: 1,
        },
        {
          guest: "ubuntu",
          sid: "vm:101",
          state: "started",
          maxRestart: 1,
          maxRelocate: 1,
        },
      ],
      groups: [],
      rules: [
        {
          name: "prefer-win2016",
          id: "prefer-win2016",
          guest: "win2016",
          sid: "vm:100",
          nodes: { pve01: 1, pve02: 2 },
          strict: false,
        },
      ],
      affinities: [],
    });
  });
});

describe("a guest", () => {
  const haOf = (ha: unknown) => {
    const { resources, rules } = planHa(site({ "guests.web.ha": ha }));
    const ours = <T extends { guest: string }>(list: T[]) =>
      list.find((item) => item.guest === "web");
    return { resource: ours(resources), rule: ours(rules) };
  };

  it("without HA has no resource", () => {
    expect(haOf(undefined)).toEqual({ resource: undefined, rule: undefined });
  });

  it("that is a container has a resource id of its type", () => {
    expect(haOf({})).toMatchObject({ resource: { sid: "ct:102" }, rule: undefined });
  });

  it("gets all that the file says", () => {
    const said = { state: "stopped", maxRestart: 2, maxRelocate: 0, failback: false };
    expect(haOf({ ...said, nodes: { pve02: 5 }, strict: true })).toEqual({
      resource: { guest: "web", sid: "ct:102", ...said },
      rule: {
        ...{ name: "prefer-web", id: "prefer-web", guest: "web", sid: "ct:102" },
        ...{ nodes: { pve02: 5 }, strict: true },
      },
    });
  });

  it("has a rule whose id is its key, so another VMID does not make another rule", () => {
    const rules = planHa(site({ "guests.win2016.vmid": 900 })).rules;
    expect(rules.map(({ id, sid }) => [id, sid])).toEqual([["prefer-win2016", "vm:900"]]);
  });
});

describe("guests that belong together, or apart", () => {
  const changes = {
    "guests.web.ha": {},
    "guests.win2016.ha.nodes": undefined,
    "ha.together.office": ["web", "ubuntu"],
    "ha.apart.servers": ["win2016", "ubuntu"],
  };

  it("are named by their HA resources, in the order of their VMIDs", () => {
    expect(planHa(site(changes)).affinities).toEqual([
      {
        id: "group-office",
        affinity: "positive",
        guests: ["ubuntu", "web"],
        sids: ["vm:101", "ct:102"],
      },
      {
        id: "group-servers",
        affinity: "negative",
        guests: ["win2016", "ubuntu"],
        sids: ["vm:100", "vm:101"],
      },
    ]);
  });

  it("have a rule whose id is the name of their group, whoever is in it", () => {
    const ids = (members: string[]) =>
      planHa(site({ ...changes, "ha.together.office": members })).affinities.map(({ id }) => id);
    expect(ids(["web", "win2016"])).toEqual(ids(["ubuntu", "web"]));
  });
});

describe("on release 8", () => {
  const on8 = (changes: object = {}) => planHa(site({ "cluster.release": 8, ...changes }));

  it("preferred nodes are a group, which the guest is in", () => {
    expect(on8()).toEqual<HaPlan>({
      resources: [
        {
          ...{ guest: "win2016", sid: "vm:100", state: "started", maxRestart: 1, maxRelocate: 1 },
          group: "prefer-win2016",
        },
        { guest: "ubuntu", sid: "vm:101", state: "started", maxRestart: 1, maxRelocate: 1 },
      ],
      groups: [
        {
          ...{ name: "prefer-win2016", nodes: { pve01: 1, pve02: 2 } },
          ...{ restricted: false, noFailback: false },
        },
      ],
      rules: [],
      affinities: [],
    });
  });

  it("strictness and failback are the group's", () => {
    const ha = { nodes: { pve02: 1 }, strict: true, failback: false };
    expect(on8({ "guests.web.ha": ha }).groups.at(-1)).toEqual({
      ...{ name: "prefer-web", nodes: { pve02: 1 }, restricted: true, noFailback: true },
    });
  });
});

describe("after the upgrade to release 9", () => {
  it("a rule has the name that Proxmox VE has given it, and stays the same to Pulumi", () => {
    const { rules } = planHa(site({ "cluster.upgradedFrom": 8 }));
    expect(rules.map(({ name, id }) => [name, id])).toEqual([
      ["prefer-win2016", "ha-group-prefer-win2016"],
    ]);
  });
});
