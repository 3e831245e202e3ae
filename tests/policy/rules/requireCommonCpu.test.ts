import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireCommonCpu } from "../../../policy/rules/requireCommonCpu";
import { cluster, guest, haResource, haRule, judge, PVE01, site, web } from "../support/facts";
import { cannotJudge, UNKNOWN_HA_GUEST, type UnknownCase } from "../support/unknown";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireCommonCpu, site(changes), config);

const withCpu = (cpuType: string) => ({ guests: [guest({ cpuType })] });

describe("a CPU is taken", () => {
  it.each(["x86-64-v2-AES", "qemu64", "Haswell"])("of type %s", (cpuType) => {
    expect(verdict(withCpu(cpuType))).toEqual([]);
  });

  it("of type host, between nodes that are said to be alike", () => {
    expect(verdict(withCpu("host"), { alike: [["pve01", "pve02"]] })).toEqual([]);
  });

  it("of type host, where a strict rule leaves one node", () => {
    expect(verdict({ ...withCpu("host"), haRules: [haRule()] })).toEqual([]);
  });

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
  });

  it("where nobody says how many a node has", () => {
    const nodes = site().clusters.flatMap(({ nodes: known }) => (known === UNKNOWN ? [] : known));
    const clusters = site().clusters.map((one) => ({
      ...one,
      nodes: nodes.map((node) => ({ ...node, cpus: undefined })),
    }));
    expect(verdict({ clusters, guests: [guest({ vcpus: 64 })] })).toEqual([]);
  });
});

describe("a CPU is refused", () => {
  const REMEDY = "Choose what all have: guests.win2016.cpu, guests.win2016.cores.";

  it.each(["host", "max"])("of type %s, which is another on each node", (cpuType) => {
    expect(verdict(withCpu(cpuType))).toEqual([
      [
        "urn:win2016",
        `HA guest win2016: type ${cpuType} is another CPU on each of pve01, pve02. ${REMEDY}`,
      ],
    ]);
  });

  it("of type host, where only one of the nodes is in a group", () => {
    expect(verdict(withCpu("host"), { alike: [["pve01", "pve03"]] })).toHaveLength(1);
  });

  it("of a level that a node lacks", () => {
    expect(verdict(withCpu("x86-64-v3"), { levels: { pve01: "x86-64-v2-AES" } })).toEqual([
      [
        "urn:win2016",
        `HA guest win2016: pve01 has x86-64-v2-AES and starts no guest with x86-64-v3. ${REMEDY}`,
      ],
    ]);
  });

  it("with more cores than a node has CPUs", () => {
    expect(verdict({ guests: [guest({ vcpus: 8 })], haRules: [haRule()] })).toEqual([
      ["urn:win2016", `HA guest win2016: pve02 has 4 CPUs and starts no guest with 8. ${REMEDY}`],
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
  ])("while %s", (_what, changes, urn, what) => {
    expect(verdict(changes)).toEqual([[urn, cannotJudge("the CPU of win2016", what)]]);
  });
});
