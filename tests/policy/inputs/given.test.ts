import { type Given, givenClusters } from "../../../policy/inputs/given";
import { readFacts } from "../../../policy/inputs/read";
import { resource } from "../support/inputs";

const STACK = "urn:pulumi:prod::web::pulumi:pulumi:Stack::web-prod";
const URN = "urn:pulumi:prod::web::proxmox-ha:cluster:Cluster::mizar";
const collected = (...urns: string[]) =>
  new Map(urns.map((urn) => [urn, { ...resource("any", "any", {}), urn }]));

const given: Given = {
  clusters: [
    {
      clusterName: "mizar",
      nodes: [{ name: "pve01", address: "192.168.18.251", memory: 4026531840 }],
      witness: { name: "nas", address: "192.168.18.200" },
      qdevice: true,
    },
  ],
};

describe("a cluster that the configuration tells", () => {
  it("is read as if the component described it", () => {
    expect(readFacts(givenClusters(given, collected(STACK))).clusters).toEqual([
      {
        urn: URN,
        name: "mizar",
        nodes: [
          {
            name: "pve01",
            address: "192.168.18.251",
            votes: 1,
            memory: 4026531840,
            cpus: undefined,
            cpuLevel: undefined,
            cpuVendor: undefined,
            links: 1,
          },
        ],
        witness: { name: "nas", address: "192.168.18.200" },
        qdevice: true,
      },
    ]);
  });

  it("is left out where the program describes it itself", () => {
    expect(givenClusters(given, collected(STACK, URN))).toEqual([]);
  });

  it("is none where nothing is told, and in a run without resources", () => {
    expect(givenClusters({}, collected(STACK))).toEqual([]);
    expect(givenClusters(given, collected())).toEqual([]);
  });
});
