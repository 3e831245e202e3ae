import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireFailoverRoom } from "../../../policy/rules/requireFailoverRoom";
import {
  cluster,
  guest,
  haResource,
  haRule,
  judge,
  PVE01,
  PVE02,
  PVE03,
  site,
  web,
} from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireFailoverRoom, site(changes), config);

const GIB = 1024 ** 3;
const ubuntu = (changes: Parameters<typeof guest>[0] = {}) =>
  guest({ urn: "urn:ubuntu", name: "ubuntu", vmid: 101, node: "pve01", memory: 512, ...changes });
const both = [haResource(), haResource({ urn: "urn:ha-ubuntu", name: "ubuntu", sid: "vm:101" })];
const guests = [guest(), ubuntu(), web()];

describe("the guests fit", () => {
  it("when both HA guests just do on the smaller node", () => {
    expect(verdict({ guests, haResources: both })).toEqual([]);
  });

  it("when what does not fit is not in HA and stays with its node", () => {
    expect(verdict({ guests: [...guests, web({ memory: 4096 })], haResources: both })).toEqual([]);
  });

  it("when nothing is in HA", () => {
    expect(verdict({ guests: [guest({ memory: 9000 })], haResources: [] })).toEqual([]);
  });

  it.each(["stopped", "disabled"])("when HA keeps one %s", (state) => {
    const haResources = [haResource(), haResource({ sid: "vm:101", state })];
    expect(verdict({ guests: [guest(), ubuntu({ memory: 1024 })], haResources })).toEqual([]);
  });

  it("when the HA manager is to ignore the large one", () => {
    expect(
      verdict({
        guests: [guest({ memory: 9000 })],
        haResources: [haResource({ state: "ignored" })],
      }),
    ).toEqual([]);
  });

  it("when one that the HA manager is to ignore does not run", () => {
    const guests = [guest(), ubuntu({ running: false, memory: 9000 })];
    const ignored = haResource({ sid: "vm:101", state: "ignored" });
    expect(verdict({ guests, haResources: [haResource(), ignored] })).toEqual([]);
  });

  it("when a strict rule keeps the large one away from the small node", () => {
    expect(verdict({ guests: [guest({ memory: 9000 })], haRules: [haRule()] })).toEqual([]);
  });

  it.each(["running", "template"])("beside one that is not %s", (what) => {
    const other = ubuntu(
      what === "running" ? { running: false, memory: 9000 } : { template: true, memory: 9000 },
    );
    expect(verdict({ guests: [guest(), other] })).toEqual([]);
  });

  it("when a balloon may shrink the large one, and a tag says that it has the driver", () => {
    const large = guest({ memory: 8192, balloon: 2048, tags: ["balloon"] });
    expect(verdict({ guests: [large] })).toEqual([]);
  });

  it("on the other two of three nodes", () => {
    const clusters = [cluster({ nodes: [PVE01, PVE02, PVE03] })];
    expect(verdict({ clusters, guests: [guest({ memory: 9000 })] })).toEqual([]);
  });
});

describe("the guests do not fit", () => {
  it.each(["started", "enabled"])("when HA keeps one %s that the program has stopped", (state) => {
    const guests = [guest(), ubuntu({ running: false, memory: 1024 })];
    const kept = haResource({ sid: "vm:101", state });
    expect(verdict({ guests, haResources: [haResource(), kept] })).toHaveLength(1);
  });

  it("in numbers", () => {
    expect(
      verdict({ guests: [guest({ memory: 2508 }), ubuntu(), web()], haResources: both }),
    ).toEqual([
      [
        "urn:mizar",
        "cluster mizar: without pve02, pve01 has 2.75 GiB for guests after a reserve of 1 GiB; " +
          "3.14 GiB would run there: win2016 2.55 GiB, ubuntu 0.6 GiB. " +
          "Free 0.39 GiB: give guests less memory, guests.*.memory, pve01 more, or take one out of HA.",
      ],
    ]);
  });

  it("by one MiB", () => {
    const found = verdict({ guests: [guest({ memory: 2113 }), ubuntu()], haResources: both });
    expect(found).toEqual([["urn:mizar", expect.stringContaining("Free 0.01 GiB")]]);
    expect(verdict({ guests: [guest({ memory: 2112 }), ubuntu()], haResources: both })).toEqual([]);
  });

  it("when the reserve is larger", () => {
    expect(verdict({ guests }, { reserve: 2048 })).toEqual([
      [
        "urn:mizar",
        expect.stringMatching(
          /pve01 has 1\.75 GiB for guests after a reserve of 2 GiB; 2\.69 GiB would run/,
        ),
      ],
    ]);
  });

  it("when nobody says that the balloon has a driver", () => {
    const large = { memory: 8192, balloon: 2048 };
    expect(verdict({ guests: [guest(large)] })).toHaveLength(1);
    expect(
      verdict({ guests: [guest({ ...large, tags: ["balloon"] })] }, { balloonTag: "driver" }),
    ).toHaveLength(1);
  });

  it("beside guests that are on the survivor already, in HA or not", () => {
    const own = web({ node: "pve01", memory: 700 });
    expect(verdict({ guests: [guest(), own] })).toEqual([
      ["urn:mizar", expect.stringContaining("win2016 2.1 GiB, web 0.69 GiB.")],
    ]);
  });

  it("and names no more than five of them", () => {
    const many = Array.from({ length: 7 }, (_, index) =>
      web({ name: `ct${index}`, node: "pve01", memory: 100 }),
    );
    expect(verdict({ guests: [guest(), ...many] })).toEqual([
      ["urn:mizar", expect.stringContaining("ct3 0.1 GiB and 3 more. ")],
    ]);
  });
});

describe("the room cannot be judged", () => {
  const told = (until: string): [string, string] => [
    "urn:mizar",
    `cannot judge the failover room of mizar until ${until} known.`,
  ];

  it("without a cluster", () => {
    expect(verdict({ clusters: [] })).toEqual([
      [
        "urn:ha-win2016",
        "cannot judge the failover room of win2016 until a cluster's nodes with their memory are known.",
      ],
    ]);
  });

  it.each([UNKNOWN, undefined] as const)("while a node's memory is %s", (memory) => {
    expect(verdict({ clusters: [cluster({ nodes: [{ ...PVE01, memory }, PVE02] })] })).toEqual([
      told("the memory of pve01 is"),
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    [
      "its nodes are",
      { clusters: [cluster({ nodes: UNKNOWN })], haRules: [haRule({ strict: true })] },
    ],
    ["its HA resource id is", { haResources: [haResource({ sid: UNKNOWN })] }],
    ["the HA state of win2016 is", { haResources: [haResource({ state: UNKNOWN })] }],
    ["whether win2016 is a template is", { guests: [guest({ template: UNKNOWN })] }],
    ["the memory of win2016 is", { guests: [guest({ memory: UNKNOWN })] }],
    ["the balloon of win2016 is", { guests: [guest({ balloon: UNKNOWN })] }],
    ["the tags of win2016 are", { guests: [guest({ balloon: 1, tags: UNKNOWN })] }],
    ["the node of win2016 is", { guests: [guest({ node: UNKNOWN })] }],
    ["whether web runs is", { guests: [guest(), web({ running: UNKNOWN })] }],
    ["the cluster's nodes and HA rules are", { haRules: [haRule({ nodes: UNKNOWN })] }],
  ])("until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([told(until)]);
  });

  it("and needs nothing of a guest that runs nowhere", () => {
    const other = ubuntu({ running: false, memory: UNKNOWN, node: UNKNOWN });
    expect(verdict({ guests: [guest(), other] })).toEqual([]);
    expect(PVE01.memory).toBe(3.75 * GIB);
  });
});
