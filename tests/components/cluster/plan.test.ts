import fc from "fast-check";
import { founder, planCluster } from "../../../components/cluster/plan";
import { parseSite } from "../../../components/site";
import { reversed, site, siteWith } from "../support/site";

/** The reference site with other nodes. */
function siteOfNodes(names: string[], first: string) {
  const nodes = Object.fromEntries(
    names.map((name, index) => [
      name,
      { address: `192.168.18.${index + 1}`, cpus: 4, memory: "4 GiB" },
    ]),
  );
  return site({ nodes, "cluster.founder": first, guests: undefined });
}

describe("the reference cluster", () => {
  it("has the founder, the other node, and the witness with the third vote", () => {
    expect(planCluster(site())).toEqual({
      name: "mizar",
      release: 9,
      nodes: [
        {
          name: "pve01",
          address: "192.168.18.251",
          cpus: 4,
          memory: 4026531840,
          votes: 1,
          links: ["192.168.18.251"],
          watchdog: "softdog",
          interfaces: [],
        },
        {
          name: "pve02",
          address: "192.168.18.100",
          cpus: 4,
          memory: 16750372454,
          votes: 1,
          links: ["192.168.18.100"],
          watchdog: "softdog",
          interfaces: [],
        },
      ],
      witness: { name: "nas", address: "192.168.18.200" },
      qdevice: true,
      keepWitnessKey: false,
      packages: "no-subscription",
      storageWait: 10,
      votes: 3,
      quorum: 2,
    });
  });

  it("has two votes and needs both without the witness", () => {
    const plan = planCluster(site({ "cluster.witness": undefined }));
    expect(plan).not.toHaveProperty("witness");
    expect(plan).toMatchObject({ qdevice: false, votes: 2, quorum: 2 });
  });
});

describe("the founder", () => {
  it("comes first, whatever its name", () => {
    const plan = planCluster(site({ "cluster.founder": "pve02" }));
    expect(plan.nodes.map((node) => node.name)).toEqual(["pve02", "pve01"]);
    expect(founder(plan).name).toBe("pve02");
  });

  it("is asked for in vain where there are no nodes", () => {
    const plan = { ...planCluster(site()), nodes: [] };
    expect(() => founder(plan)).toThrow("a site has at least one node");
  });
});

describe("the nodes", () => {
  it("join by name, so the order of the file means nothing", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}[0-9]{1,2}$/), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(names, fc.nat(), (list, pick) => {
        const first = list[pick % list.length] ?? "";
        const planned = planCluster(siteOfNodes(list, first)).nodes.map((node) => node.name);
        expect(planned).toEqual([first, ...list.filter((name) => name !== first).sort()]);
      }),
      { numRuns: 50 },
    );
  });

  it("are planned alike when the file is turned round", () => {
    expect(planCluster(parseSite(reversed(siteWith({}))))).toEqual(planCluster(site()));
  });
});

describe("votes", () => {
  it("of the witness are one less than those of an odd number of nodes, if it is asked for", () => {
    const three = siteOfNodes(["a", "b", "c"], "a");
    const asked = { ...three, cluster: { ...three.cluster, qdevice: true } };
    expect(planCluster(asked)).toMatchObject({ qdevice: true, votes: 5, quorum: 3 });
  });

  // Nodes, whether the witness gets a vote, votes, quorum (votequorum(5): more than half of all).
  it.each([
    [1, false, 1, 1],
    [2, true, 3, 2],
    [3, false, 3, 2],
    [4, true, 5, 3],
    [5, false, 5, 3],
    [6, true, 7, 4],
  ])("of %d nodes and a witness", (count, qdevice, votes, quorum) => {
    const names = Array.from({ length: count }, (_, index) => `n${index}`);
    const plan = planCluster(siteOfNodes(names, "n0"));
    expect(plan).toMatchObject({ qdevice, votes, quorum });
    expect(plan.witness).toEqual({ name: "nas", address: "192.168.18.200" });
  });
});
