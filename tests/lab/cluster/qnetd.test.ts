import { chooseMembership, type Client } from "../../../lab/cluster/qnetd";

const nodes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `n${index + 1}`,
    nodeid: index + 1,
    votes: 1,
    address: `10.0.0.${index + 1}`,
  }));

/** One client for each of `connected`, which all are in `members`. */
const client = (members: number[], connected = members, judged = true, ring = 8): Client[] =>
  connected.map((nodeid) => ({ nodeid, members, ring, judged }));

type Row = [what: string, count: number, clients: Client[][], favoured: number[], wins: unknown];

describe("fifty-fifty split votes for", () => {
  const rows: Row[] = [
    ["all nodes when they are together", 2, [client([1, 2])], [], [1, 2]],
    ["the lowest id of two halves", 2, [client([2]), client([1])], [1, 2], [1]],
    ["the half that hears the witness", 2, [client([2])], [1, 2], [2]],
    ["the half that had the vote, whatever its ids", 2, [client([1]), client([2])], [2], [2]],
    ["the half with more connections", 4, [client([1, 2], [1]), client([3, 4])], [1, 2], [3, 4]],
    ["the lowest id of two pairs", 4, [client([3, 4]), client([1, 2])], [], [1, 2]],
    ["more than half", 4, [client([1]), client([2, 3, 4])], [1], [2, 3, 4]],
    ["nobody who has less than half", 4, [client([1]), client([2])], [1], undefined],
    ["more than half of an odd count only", 3, [client([1]), client([2, 3])], [], [2, 3]],
    ["nobody when a lone one of three asks", 3, [client([1])], [1], undefined],
    ["nobody when nobody is connected", 2, [], [1], undefined],
  ];
  it.each(rows)("%s", (_what, count, clients, favoured, wins) => {
    expect(chooseMembership(nodes(count), "ffsplit", clients.flat(), favoured)).toEqual(wins);
  });
});

describe("last man standing votes for", () => {
  const rows: Row[] = [
    ["all nodes when they are together", 3, [client([1, 2, 3])], [], [1, 2, 3]],
    ["the only one that is connected", 3, [client([3])], [1, 2, 3], [3]],
    ["the membership with more connections", 3, [client([1]), client([2, 3])], [1], [2, 3]],
    ["the lowest client of two alike", 3, [client([3]), client([1, 2], [2])], [], [1, 2]],
    [
      "whoever has the vote, when newcomers ask",
      3,
      [client([1, 2], [1, 2], false), client([3])],
      [3],
      [3],
    ],
  ];
  it.each(rows)("%s", (_what, count, clients, favoured, wins) => {
    expect(chooseMembership(nodes(count), "lms", clients.flat(), favoured)).toEqual(wins);
  });
});

it.each(["ffsplit", "lms"] as const)(
  "%s waits for clients to agree on their membership",
  (name) => {
    const choose = (clients: Client[][]): unknown =>
      chooseMembership(nodes(2), name, clients.flat(), [1, 2]);
    expect(choose([client([1]), client([1, 2], [2])])).toBe("wait");
    expect(choose([client([1, 2], [1], true, 8), client([1, 2], [2], true, 12)])).toBe("wait");
  },
);
