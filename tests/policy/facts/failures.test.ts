import { type Ending, endingsOf } from "../../../policy/facts/failures";
import { NotKnown, UNKNOWN } from "../../../policy/facts/known";
import type { ClusterFacts, SiteFacts } from "../../../policy/facts/site";
import {
  cluster,
  disk,
  guest,
  haResource,
  NAS,
  PVE01,
  PVE02,
  PVE03,
  site,
  storage,
  web,
} from "../support/facts";

const ubuntu = guest({ urn: "urn:ubuntu", name: "ubuntu", vmid: 101, node: "pve01" });
const HA = [haResource(), haResource({ urn: "urn:ha-ubuntu", name: "ubuntu", sid: "vm:101" })];
const onNas = storage({ server: NAS.address });

/** The reference site: an HA guest on each node, disks on the NAS, which is the witness too. */
const reference = (changes: Partial<SiteFacts> = {}): SiteFacts =>
  site({ guests: [guest(), ubuntu, web()], haResources: HA, storages: [onNas], ...changes });

const all = (facts: SiteFacts): Ending[] =>
  endingsOf(facts, facts.clusters[0] ?? cluster()).endings;

/** The ending of `pve02`, `nas`, `switch` …, without what is empty. */
function ending(facts: SiteFacts, kind: string, name?: string): Record<string, unknown> {
  const found = all(facts).find(
    ({ failure }) =>
      failure.kind === kind && (!name || ("name" in failure && failure.name === name)),
  );
  const { failure: _, parts = [], ...rest } = found ?? {};
  const lines = parts.map(
    ({ nodes, votes, quorate }) => `${nodes.join("+")}: ${votes}${quorate ? "" : ", too few"}`,
  );
  const filled = Object.entries(rest).filter(([, value]) => !Array.isArray(value) || value.length);
  return { parts: lines, ...Object.fromEntries(filled) };
}

const clusterWith = (changes: Partial<ClusterFacts>): Partial<SiteFacts> => ({
  clusters: [cluster(changes)],
});
const linked = (links: number) => [PVE01, PVE02].map((node) => ({ ...node, links }));

describe("of the reference site", () => {
  it("every single failure is told", () => {
    expect(all(reference()).map(({ failure }) => failure)).toEqual([
      { kind: "node", name: "pve01" },
      { kind: "node", name: "pve02" },
      { kind: "witness", name: "nas" },
      { kind: "server", name: "nas", host: NAS.address, storages: ["Data"], witness: true },
      { kind: "switch" },
      { kind: "cable", name: "pve01" },
      { kind: "cable", name: "pve02" },
    ]);
  });

  it("a lost node leaves 2 of 3 votes: its HA guests start on the other", () => {
    expect(ending(reference(), "node", "pve02")).toEqual({
      parts: ["pve01: 2"],
      recovered: ["win2016"],
      stopped: ["web"],
      tolerant: false,
    });
  });

  it("a stopped witness leaves 2 of 3 votes: nothing stops, and nothing more may break", () => {
    expect(ending(reference(), "witness")).toEqual({ parts: ["pve01+pve02: 2"], tolerant: false });
  });

  it("a lost NAS leaves 2 of 3 votes, but all guests wait for their disks", () => {
    expect(ending(reference(), "server")).toEqual({
      parts: ["pve01+pve02: 2"],
      hanging: ["win2016", "ubuntu", "web"],
      tolerant: false,
    });
  });

  it("a lost switch leaves each node alone with 1 of 3: both reset", () => {
    expect(ending(reference(), "switch")).toEqual({
      parts: ["pve01: 1, too few", "pve02: 1, too few"],
      reset: ["pve01", "pve02"],
      stopped: ["win2016", "ubuntu", "web"],
      tolerant: false,
    });
  });

  it("a lost cable resets that node, and its HA guests start on the other", () => {
    expect(ending(reference(), "cable", "pve02")).toEqual({
      parts: ["pve01: 2", "pve02: 1, too few"],
      reset: ["pve02"],
      recovered: ["win2016"],
      stopped: ["web"],
      tolerant: false,
    });
  });
});

describe("without a witness", () => {
  const bare = reference(clusterWith({ witness: undefined, qdevice: false }));

  it("the loss of either of two nodes resets the other", () => {
    expect(ending(bare, "node", "pve02")).toEqual({
      parts: ["pve01: 1, too few"],
      reset: ["pve01"],
      stopped: ["win2016", "ubuntu", "web"],
      tolerant: false,
    });
  });

  it("no failure of it is told, and the NAS is none", () => {
    const kinds = all(bare).map(({ failure }) => failure.kind);
    expect(kinds).toEqual(["node", "node", "server", "switch", "cable", "cable"]);
    expect(all(bare)[2]?.failure).toMatchObject({ name: NAS.address, witness: false });
  });

  it("three nodes lose one, and may not lose another", () => {
    const three = reference(
      clusterWith({ nodes: [PVE01, PVE02, PVE03], witness: undefined, qdevice: false }),
    );
    expect(ending(three, "node", "pve03")).toEqual({ parts: ["pve01+pve02: 2"], tolerant: false });
  });
});

it("five votes of four nodes and a witness bear a second loss", () => {
  const nodes = [PVE01, PVE02, PVE03, { ...PVE03, name: "pve04", address: "192.168.18.104" }];
  expect(ending(reference(clusterWith({ nodes })), "node", "pve04")).toEqual({
    parts: ["pve01+pve02+pve03: 4"],
    tolerant: true,
  });
});

describe("second links", () => {
  it("keep a node in the cluster whose first cable is lost, and its guests without their disks", () => {
    expect(ending(reference(clusterWith({ nodes: linked(2) })), "cable", "pve02")).toEqual({
      parts: ["pve01+pve02: 3"],
      hanging: ["win2016", "web"],
      tolerant: true,
    });
  });

  it("carry on without the switch, where disks and witness are out of reach", () => {
    expect(ending(reference(clusterWith({ nodes: linked(2) })), "switch")).toEqual({
      parts: ["pve01+pve02: 2"],
      hanging: ["win2016", "ubuntu", "web"],
      tolerant: false,
    });
  });

  it("are of no use to a node that has one alone", () => {
    const nodes = [{ ...PVE01, links: 2 }, PVE02];
    expect(ending(reference(clusterWith({ nodes })), "switch").parts).toEqual([
      "pve01: 1, too few",
      "pve02: 1, too few",
    ]);
  });
});

describe("a guest", () => {
  const lost = (changes: Partial<SiteFacts>) => ending(reference(changes), "node", "pve02");

  it("in no HA stays on a node without majority, which nothing resets", () => {
    expect(ending(reference({ haResources: [] }), "cable", "pve02")).toEqual({
      parts: ["pve01: 2", "pve02: 1, too few"],
      readOnly: ["pve02"],
      hanging: ["win2016", "web"],
      tolerant: false,
    });
  });

  it("with a disk of its node's own stays away with it", () => {
    const local = guest({ disks: [disk({ storage: "local-lvm" })] });
    expect(lost({ guests: [local, ubuntu] })).toMatchObject({ stopped: ["win2016"] });
  });

  it("on another server's disks goes on without the NAS", () => {
    const storages = [onNas, storage({ id: "Fast", server: "192.168.18.9" })];
    const fast = guest({ disks: [disk({ storage: "Fast" })] });
    expect(ending(reference({ storages, guests: [fast, ubuntu] }), "server", "nas")).toMatchObject({
      hanging: ["ubuntu"],
    });
  });

  it("whose disks a node serves hangs without that node", () => {
    const storages = [storage({ server: PVE02.address })];
    const facts = reference({ storages });
    expect(all(facts).map(({ failure }) => failure.kind)).not.toContain("server");
    expect(ending(facts, "node", "pve02")).toMatchObject({
      hanging: ["ubuntu"],
      stopped: ["win2016", "web"],
    });
  });
});

it.each([
  ["its nodes are", clusterWith({ nodes: UNKNOWN })],
  ["its witness is", clusterWith({ witness: UNKNOWN })],
  ["its QDevice is", clusterWith({ qdevice: UNKNOWN })],
  ["the links of pve01 are", clusterWith({ nodes: [{ ...PVE01, links: UNKNOWN }, PVE02] })],
  ["the disks of win2016 are", { guests: [guest({ disks: UNKNOWN }), ubuntu] }],
  ["the server of Data is", { storages: [storage({ server: UNKNOWN })] }],
])("nothing is told until %s known", (what, changes) => {
  expect(() => all(reference(changes))).toThrow(NotKnown);
  expect(() => all(reference(changes))).toThrow(what);
});
