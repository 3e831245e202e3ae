import { UNKNOWN } from "../../../policy/facts/known";
import type { NodeFacts, SiteFacts } from "../../../policy/facts/site";
import { requireCommonCpu } from "../../../policy/rules/requireCommonCpu";
import {
  cluster,
  guest,
  haResource,
  haRule,
  judge,
  PVE01,
  PVE02,
  site,
  web,
} from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireCommonCpu, site(changes), config);

const withCpu = (cpuType: string) => ({ guests: [guest({ cpuType })] });

const nodes = (...changes: Partial<NodeFacts>[]) => ({
  clusters: [cluster({ nodes: [PVE01, PVE02].map((one, i) => ({ ...one, ...changes[i] })) })],
});

describe("a CPU is taken", () => {
  it.each(["x86-64-v2", "x86-64-v2-AES", "kvm32", "kvm64", "qemu32", "qemu64"])(
    "of type %s, whatever is told of the nodes",
    (cpuType) => {
      expect(verdict(withCpu(cpuType))).toEqual([]);
    },
  );

  it.each(["host", "max", "Haswell", "x86-64-v3"])(
    "of type %s, between nodes that are said to be alike",
    (cpuType) => {
      expect(verdict(withCpu(cpuType), { alike: [["pve01", "pve02"]] })).toEqual([]);
    },
  );

  it.each(["host", "Haswell", "x86-64-v3"])(
    "of type %s, where a strict rule leaves one node",
    (cpuType) => {
      expect(verdict({ ...withCpu(cpuType), haRules: [haRule()] })).toEqual([]);
    },
  );

  it("of type host, outside of HA and in containers", () => {
    expect(verdict({ ...withCpu("host"), haResources: [] })).toEqual([]);
    const haResources = [haResource({ sid: "ct:102" })];
    expect(verdict({ guests: [web({ cpuType: UNKNOWN, vcpus: UNKNOWN })], haResources })).toEqual(
      [],
    );
  });

  it("of a level that each node has, and as many cores", () => {
    const levels = { pve01: "x86-64-v2-AES", pve02: "x86-64-v3" };
    expect(verdict({ guests: [guest({ vcpus: 4 })] }, { levels })).toEqual([]);
    const told = nodes({ cpuLevel: "x86-64-v3" }, { cpuLevel: "x86-64-v4" });
    expect(verdict({ ...withCpu("x86-64-v3"), ...told })).toEqual([]);
  });

  it("of a level that the site tells of one node and the configuration of the other", () => {
    const told = { ...withCpu("x86-64-v3"), ...nodes({ cpuLevel: "x86-64-v3" }) };
    expect(verdict(told, { levels: { pve02: "x86-64-v3" } })).toEqual([]);
  });

  it("between nodes of one vendor, or where nobody says", () => {
    expect(verdict(nodes({ cpuVendor: "intel" }, { cpuVendor: "intel" }))).toEqual([]);
    expect(verdict(nodes({ cpuVendor: "intel" }))).toEqual([]);
  });

  it("on a node of another vendor, where a strict rule leaves it alone", () => {
    const mixed = nodes({ cpuVendor: "intel" }, { cpuVendor: "amd" });
    expect(verdict({ ...mixed, haRules: [haRule()] })).toEqual([]);
  });

  it("where nobody says how many a node has", () => {
    const untold = nodes({ cpus: undefined }, { cpus: undefined });
    expect(verdict({ ...untold, guests: [guest({ vcpus: 64 })] })).toEqual([]);
  });
});

describe("a CPU is refused", () => {
  const CHOOSE = "Choose a level that all have, as x86-64-v2-AES: guests.win2016.cpu.";

  it.each(["host", "max"])("of type %s, which is another on each node", (cpuType) => {
    expect(verdict(withCpu(cpuType))).toEqual([
      [
        "urn:win2016",
        `HA guest win2016: type ${cpuType} is another CPU on each of pve01, pve02. ${CHOOSE}`,
      ],
    ]);
  });

  it("of type host, where only one of the nodes is in a group", () => {
    expect(verdict(withCpu("host"), { alike: [["pve01", "pve03"]] })).toHaveLength(1);
  });

  it.each(["Haswell", "custom-db"])("of type %s, which no node is known to have", (cpuType) => {
    expect(verdict(withCpu(cpuType))).toEqual([
      [
        "urn:win2016",
        `HA guest win2016: nothing says that pve01, pve02 all have a CPU ${cpuType}. ${CHOOSE}`,
      ],
    ]);
  });

  it("of a level that a node lacks, as the configuration tells", () => {
    expect(
      verdict(withCpu("x86-64-v3"), { levels: { pve01: "x86-64-v2", pve02: "x86-64-v4" } }),
    ).toEqual([
      [
        "urn:win2016",
        `HA guest win2016: pve01 has x86-64-v2 and starts no guest with x86-64-v3. ${CHOOSE}`,
      ],
    ]);
  });

  it("of the usual level, which the site says that a node lacks", () => {
    expect(verdict(nodes({}, { cpuLevel: "x86-64-v2" }))).toEqual([
      [
        "urn:win2016",
        `HA guest win2016: pve02 has x86-64-v2 and starts no guest with x86-64-v2-AES. ${CHOOSE}`,
      ],
    ]);
  });

  it("of any type, between nodes of two vendors", () => {
    expect(verdict(nodes({ cpuVendor: "intel" }, { cpuVendor: "amd" }))).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: pve01 has a CPU of intel and pve02 one of amd, between which no running VM moves safely. " +
          "Let it run on nodes of one vendor: guests.win2016.ha.nodes with strict.",
      ],
    ]);
  });

  it("with more cores than a node has CPUs", () => {
    expect(verdict({ guests: [guest({ vcpus: 8 })], haRules: [haRule()] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: pve02 has 4 CPUs and starts no guest with 8: guests.win2016.cores.",
      ],
    ]);
  });
});

describe("the CPU cannot be judged", () => {
  it.each<UnknownCase>([
    ...UNKNOWN_HA_GUEST,
    [
      "its type is unknown",
      { guests: [guest({ cpuType: UNKNOWN })] },
      "urn:win2016",
      "its type is",
    ],
    [
      "its cores are unknown",
      { guests: [guest({ vcpus: UNKNOWN })] },
      "urn:win2016",
      "its cores are",
    ],
    [
      "its nodes are unknown",
      { clusters: [cluster({ nodes: UNKNOWN })] },
      "urn:win2016",
      "the cluster's nodes and HA rules are",
    ],
    [
      "a node's CPUs are unknown",
      {
        clusters: [
          cluster({
            nodes: [{ ...PVE01, cpus: UNKNOWN }],
          }),
        ],
      },
      "urn:win2016",
      "the CPU of pve01 is",
    ],
    [
      "a node's level is unknown",
      nodes({ cpuLevel: UNKNOWN }),
      "urn:win2016",
      "the CPU level of pve01 is",
    ],
    [
      "a node's vendor is unknown",
      nodes({ cpuVendor: UNKNOWN }),
      "urn:win2016",
      "the vendor of pve01 is",
    ],
    [
      "it needs a level of which nobody says whether the nodes have it",
      withCpu("x86-64-v3"),
      "urn:win2016",
      "nodes.pve01.cpuLevel and nodes.pve02.cpuLevel are",
    ],
    [
      "it needs a level of which nobody says whether one of the nodes has it",
      { ...withCpu("x86-64-v4"), ...nodes({ cpuLevel: "x86-64-v4" }) },
      "urn:win2016",
      "nodes.pve02.cpuLevel is",
    ],
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the CPU of win2016", what)]]);
  });
});
