import fc from "fast-check";
import { majorityAfterNodeLoss } from "../../../policy/facts/votes";
import { PVE01, PVE02, PVE03 } from "../support/facts";

describe("a cluster goes on after losing any one node", () => {
  it("when it has two nodes and a third vote", () => {
    expect(majorityAfterNodeLoss([PVE01, PVE02], 1)).toEqual({ votes: 3, quorum: 2, fatal: [] });
  });

  it("when it has three nodes", () => {
    expect(majorityAfterNodeLoss([PVE01, PVE02, PVE03], 0)).toEqual({
      votes: 3,
      quorum: 2,
      fatal: [],
    });
  });
});

describe("a cluster stands still", () => {
  it("when it loses either of two nodes", () => {
    expect(majorityAfterNodeLoss([PVE01, PVE02], 0)).toEqual({
      votes: 2,
      quorum: 2,
      fatal: [
        { node: "pve01", left: 1 },
        { node: "pve02", left: 1 },
      ],
    });
  });

  it("when it loses a node that has half of the votes", () => {
    expect(majorityAfterNodeLoss([{ ...PVE01, votes: 2 }, PVE02, PVE03], 0)).toEqual({
      votes: 4,
      quorum: 3,
      fatal: [{ node: "pve01", left: 2 }],
    });
  });
});

describe("any cluster", () => {
  const nodes = fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 6 })
    .map((votes) => votes.map((count, index) => ({ ...PVE01, name: `n${index}`, votes: count })));
  const deviceVotes = fc.integer({ min: 0, max: 5 });

  /** Counts heads: whether those who are there outnumber those who are not. */
  const outnumber = (present: string[], all: string[]): boolean =>
    present.length > all.length - present.length;

  it("loses its majority with exactly the nodes without which the rest is outnumbered", () => {
    fc.assert(
      fc.property(nodes, deviceVotes, (cluster, device) => {
        const heads = [
          ...cluster.flatMap(({ name, votes }) => Array<string>(votes).fill(name)),
          ...Array<string>(device).fill("device"),
        ];
        const fatal = cluster.flatMap(({ name }) => {
          const left = heads.filter((head) => head !== name);
          return outnumber(left, heads) ? [] : [{ node: name, left: left.length }];
        });
        expect(majorityAfterNodeLoss(cluster, device)).toMatchObject({
          votes: heads.length,
          fatal,
        });
      }),
    );
  });

  it("needs the smallest number of votes of which there cannot be two", () => {
    fc.assert(
      fc.property(nodes, deviceVotes, (cluster, device) => {
        const { votes, quorum } = majorityAfterNodeLoss(cluster, device);
        expect(2 * quorum).toBeGreaterThan(votes);
        expect(2 * (quorum - 1)).toBeLessThanOrEqual(votes);
      }),
    );
  });

  it("with an even number of votes gains by a witness", () => {
    const even = nodes.filter((cluster) => majorityAfterNodeLoss(cluster, 0).votes % 2 === 0);
    fc.assert(
      fc.property(even, (cluster) => {
        const names = (device: number) =>
          majorityAfterNodeLoss(cluster, device).fatal.map(({ node }) => node);
        expect(names(0)).toEqual(expect.arrayContaining(names(1)));
      }),
    );
  });
});
