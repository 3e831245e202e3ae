import { UNKNOWN } from "../../../policy/facts/known";
import type { NodeFacts } from "../../../policy/facts/site";
import {
  CLUSTER,
  read,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_MAPPING,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
} from "../support/inputs";

type Inputs = Record<string, unknown>;

describe("a cluster", () => {
  const inputs: Inputs = {
    clusterName: "mizar",
    release: 9,
    nodes: [
      { name: "pve01", address: "192.168.18.251", cpus: 4, memory: 4026531840, votes: 1 },
      {
        name: "pve02",
        address: "192.168.18.100",
        cpus: 4,
        memory: 16750372454,
        votes: 2,
        links: 2,
      },
    ],
    witness: { name: "nas", address: "192.168.18.200" },
    qdevice: true,
  };
  const cluster = (changes: Inputs = {}) => read("clusters", CLUSTER, { ...inputs, ...changes });

  it("has nodes with votes, and a witness", () => {
    expect(cluster()).toEqual({
      urn: "urn:it",
      name: "it",
      nodes: [
        {
          name: "pve01",
          address: "192.168.18.251",
          votes: 1,
          memory: 4026531840,
          cpus: 4,
          cpuLevel: undefined,
          cpuVendor: undefined,
          links: 1,
        },
        {
          name: "pve02",
          address: "192.168.18.100",
          votes: 2,
          memory: 16750372454,
          cpus: 4,
          cpuLevel: undefined,
          cpuVendor: undefined,
          links: 2,
        },
      ],
      witness: { name: "nas", address: "192.168.18.200" },
      qdevice: true,
      release: 9,
    });
  });

  it("gives a node one vote where nothing is said, as corosync does", () => {
    expect(cluster({ nodes: [{ name: "pve01", address: "10.0.0.1" }] }).nodes).toEqual([
      {
        name: "pve01",
        address: "10.0.0.1",
        votes: 1,
        memory: undefined,
        cpus: undefined,
        cpuLevel: undefined,
        cpuVendor: undefined,
        links: 1,
      },
    ]);
  });

  it.each([undefined, null])("may have no witness (%s)", (witness) => {
    expect(cluster({ witness }).witness ?? "none").toBe("none");
  });

  it("has no QDevice where nothing is said", () => {
    expect(cluster({ qdevice: undefined }).qdevice).toBe(false);
    expect(cluster({ qdevice: false }).qdevice).toBe(false);
  });

  it("without nodes has none", () => {
    expect(cluster({ nodes: undefined }).nodes).toEqual([]);
  });

  it.each([
    ["nodes", UNKNOWN_LIST],
    ["nodes", [UNKNOWN_MAPPING]],
    ["nodes", [{ name: UNKNOWN_TEXT, address: "10.0.0.1", votes: 1 }]],
    ["nodes", [{ name: "pve01", address: UNKNOWN_TEXT, votes: 1 }]],
    ["nodes", [{ name: "pve01", address: "10.0.0.1", votes: UNKNOWN_NUMBER }]],
    ["witness", UNKNOWN_MAPPING],
    ["witness", { name: UNKNOWN_TEXT, address: "10.0.0.9" }],
    ["witness", { name: "nas", address: UNKNOWN_TEXT }],
    ["qdevice", UNKNOWN_BOOLEAN],
  ] as const)("has unknown %s: %j", (property, value) => {
    const known = cluster();
    expect(cluster({ [property]: value })).toEqual({ ...known, [property]: UNKNOWN });
  });

  it("is read whatever is unknown of its other inputs", () => {
    const nodes = (inputs.nodes as Inputs[]).map((node) => ({ ...node, memory: UNKNOWN_NUMBER }));
    const known = cluster().nodes as NodeFacts[];
    expect(cluster({ nodes, release: UNKNOWN_NUMBER })).toEqual({
      ...cluster(),
      nodes: known.map((node) => ({ ...node, memory: UNKNOWN })),
      release: UNKNOWN,
    });
  });
});
