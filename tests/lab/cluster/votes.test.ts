import fc from "fast-check";
import { countVotes, majority, partitions } from "../../../lab/cluster/votes";
import type { Corosync } from "../../../lab/state/types";

function cluster(votes: number[], qdevice?: Corosync["qdevice"]): Corosync {
  const nodes = votes.map((count, index) => ({
    name: `n${index + 1}`,
    nodeid: index + 1,
    votes: count,
    address: `10.0.0.${index + 1}`,
  }));
  return { clusterName: "c", configVersion: 1, nodes, ...(qdevice ? { qdevice } : {}) };
}

const ffsplit: Corosync["qdevice"] = { host: "10.0.0.9", algorithm: "ffsplit", votes: 1 };
const view = (members: number[], deviceVotes = false) => ({ members, deviceVotes, ring: 4 });

describe("votes", () => {
  it.each([
    ["one node", [1], undefined, view([1]), [1, 1, 1, true]],
    ["two nodes", [1, 1], undefined, view([1, 2]), [2, 2, 2, true]],
    ["one of two nodes", [1, 1], undefined, view([1]), [2, 1, 2, false]],
    ["two nodes and a witness", [1, 1], ffsplit, view([1, 2], true), [3, 3, 2, true]],
    ["two nodes without their witness", [1, 1], ffsplit, view([1, 2]), [3, 2, 2, true]],
    ["one node and the witness", [1, 1], ffsplit, view([2], true), [3, 2, 2, true]],
    ["one node alone", [1, 1], ffsplit, view([2]), [3, 1, 2, false]],
    ["a node with more votes than the other", [2, 1], undefined, view([1]), [3, 2, 2, true]],
  ])("of %s are counted", (_name, votes, device, seen, [expected, total, quorum, quorate]) => {
    expect(countVotes(cluster(votes, device), seen)).toEqual({ expected, total, quorum, quorate });
  });

  it("are expected as an operator says, but never fewer than there are", () => {
    expect(countVotes(cluster([1, 1]), view([1]), 1)).toMatchObject({ expected: 1, quorate: true });
    expect(countVotes(cluster([1, 1]), view([1, 2]), 1)).toMatchObject({ expected: 2, total: 2 });
  });

  it("need more than half for a majority", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (votes) => {
        expect(2 * majority(votes)).toBeGreaterThan(votes);
        expect(2 * (majority(votes) - 1)).toBeLessThanOrEqual(votes);
      }),
    );
  });
});

describe("partitions", () => {
  const { nodes } = cluster([1, 1, 1]);

  it("are groups of nodes that all hear each other", () => {
    const cut = (a: string, b: string): boolean => a === b || (a !== "n3" && b !== "n3");
    expect(partitions(nodes, cut)).toEqual([[1, 2], [3]]);
  });

  it("leave out nodes that do not run", () => {
    const off = (a: string, b: string): boolean => a !== "n2" && b !== "n2";
    expect(partitions(nodes, off)).toEqual([[1, 3]]);
  });
});
