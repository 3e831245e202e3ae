import { UNKNOWN } from "../../../policy/facts/known";
import { allowedNodes, whyNotShared } from "../../../policy/facts/placement";
import type { HaRuleFacts } from "../../../policy/facts/site";
import { cluster, haRule, PVE03, site, storage } from "../support/facts";

describe("an HA guest may run on", () => {
  const ALL = ["pve01", "pve02"];
  const allowed = (...haRules: HaRuleFacts[]) => allowedNodes(site({ haRules }), "vm:100");

  it("all nodes of the cluster without a rule", () => {
    expect(allowed()).toEqual(ALL);
  });

  it("the nodes of a strict rule", () => {
    expect(allowed(haRule())).toEqual(["pve02"]);
  });

  it("the nodes of a strict rule, in the cluster or not", () => {
    expect(allowed(haRule({ nodes: ["pve02", "pve09"] }))).toEqual(["pve02", "pve09"]);
  });

  it.each([
    ["not strict", { strict: false }],
    ["disabled", { disabled: true }],
    ["about other guests", { sids: ["vm:101", "ct:100"] }],
    ["about resources", { type: "resource-affinity" }],
    ["without nodes", { nodes: [] }],
  ])("all nodes where the rule is %s", (_what, changes) => {
    expect(allowed(haRule(changes))).toEqual(ALL);
  });

  it("the nodes of the one strict rule about it", () => {
    const others = haRule({ sids: ["vm:101"], nodes: ["pve01"] });
    expect(allowed(others, haRule({ sids: ["vm:101", "vm:100"] }))).toEqual(["pve02"]);
    expect(allowed(haRule(), others)).toEqual(["pve02"]);
  });

  it("the nodes of a strict rule beside a disabled one", () => {
    expect(allowed(haRule({ nodes: ["pve01"], disabled: true }), haRule())).toEqual(["pve02"]);
  });

  it("all nodes where rules overlap, because Proxmox VE then follows none", () => {
    expect(allowed(haRule(), haRule({ nodes: ["pve01"] }))).toEqual(ALL);
    expect(allowed(haRule(), haRule({ strict: false }))).toEqual(ALL);
  });

  it("all nodes of all clusters of a run", () => {
    const clusters = [cluster(), cluster({ nodes: [PVE03] })];
    expect(allowedNodes(site({ clusters }), "vm:100")).toEqual([...ALL, "pve03"]);
  });

  describe("unknown nodes", () => {
    it.each<[string, Partial<HaRuleFacts>]>([
      ["type", { type: UNKNOWN }],
      ["guests", { sids: UNKNOWN }],
      ["nodes", { nodes: UNKNOWN }],
      ["strictness", { strict: UNKNOWN }],
      ["being disabled", { disabled: UNKNOWN }],
    ])("while a rule's %s is unknown", (_what, changes) => {
      expect(allowed(haRule(changes))).toBe(UNKNOWN);
    });

    it("while another rule may or may not be about it", () => {
      expect(allowed(haRule(), haRule({ sids: UNKNOWN, strict: false }))).toBe(UNKNOWN);
    });

    it("while the cluster's are", () => {
      const clusters = [cluster(), cluster({ nodes: UNKNOWN })];
      expect(allowedNodes(site({ clusters }), "vm:100")).toBe(UNKNOWN);
      expect(allowedNodes(site({ clusters: [] }), "vm:100")).toBe(UNKNOWN);
    });
  });

  it.each<[string, Partial<HaRuleFacts>]>([
    ["a disabled rule", { disabled: true, type: UNKNOWN, sids: UNKNOWN, nodes: UNKNOWN }],
    ["a rule about resources", { type: "resource-affinity", sids: UNKNOWN, strict: UNKNOWN }],
    ["a rule about other guests", { type: UNKNOWN, sids: ["vm:101"], nodes: UNKNOWN }],
    ["a rule that is not strict", { strict: false, sids: UNKNOWN, nodes: UNKNOWN }],
  ])("all nodes whatever is unknown about %s", (_what, changes) => {
    expect(allowed(haRule(changes))).toEqual(ALL);
  });
});

describe("a volume is there on all nodes", () => {
  const why = (changes: Parameters<typeof storage>[0], nodes = ["pve01", "pve02"]) =>
    whyNotShared(site({ storages: [storage(changes)] }), "Data", nodes);

  it("when they share its storage", () => {
    expect(why({})).toBeUndefined();
  });

  it("when its storage is restricted to nodes that are among them all", () => {
    expect(why({ nodes: ["pve02", "pve01", "pve03"] })).toBeUndefined();
  });

  it("when its storage is named like a local one but is shared", () => {
    const storages = [storage({ id: "local-lvm" })];
    expect(whyNotShared(site({ storages }), "local-lvm", ["pve01"])).toBeUndefined();
  });
});

describe("a volume is not there on all nodes", () => {
  const why = (id: string, ...storages: ReturnType<typeof storage>[]) =>
    whyNotShared(site({ storages }), id, ["pve01", "pve02", "pve03"]);

  it.each(["local", "local-lvm", "local-zfs"])("when it lies on %s", (id) => {
    expect(why(id)).toBe(`${id} is local to each node`);
  });

  it.each(["local", "local-lvm", "local-zfs"])(
    "when it lies on %s and some storage's id is unknown",
    (id) => {
      expect(why(id, storage({ id: UNKNOWN }))).toBe(`${id} is local to each node`);
    },
  );

  it("when its storage is not shared", () => {
    expect(why("Data", storage({ shared: false }))).toBe("Data is not shared between nodes");
  });

  it("when its storage is restricted to some of them", () => {
    expect(why("Data", storage({ name: "data", nodes: ["pve02"] }))).toBe(
      "Data is not available on pve01, pve03",
    );
  });

  it("when it lies in a folder or on a device of the node", () => {
    expect(why("/mnt/data", storage({ id: UNKNOWN }))).toBe("/mnt/data is a path on each node");
  });

  it("when nothing describes its storage, whose name begins like another's", () => {
    expect(why("Data2", storage())).toBe("no storage Data2 is described");
    expect(why("local-data", storage())).toBe("no storage local-data is described");
  });

  it("as far as can be known, while it is unknown", () => {
    expect(why("Data", storage({ shared: UNKNOWN }))).toBe(UNKNOWN);
    expect(why("Data", storage({ nodes: UNKNOWN }))).toBe(UNKNOWN);
    expect(why("Data", storage({ id: "other" }), storage({ id: UNKNOWN }))).toBe(UNKNOWN);
  });

  it("by what is known of its own storage alone", () => {
    expect(why("Data", storage({ id: UNKNOWN }), storage({ shared: false, nodes: UNKNOWN }))).toBe(
      "Data is not shared between nodes",
    );
  });
});
