import { inWords, objectiveOf, secondsIn } from "../../../policy/facts/recovery";

describe("a duration", () => {
  it.each([
    ["90m", 5400],
    ["24h", 86_400],
    ["7d", 604_800],
    ["2w", 1_209_600],
  ])("%s is %i seconds", (text, seconds) => {
    expect(secondsIn(text)).toBe(seconds);
  });

  it.each(["", "24", "h", "0h", "1y", "-1h", "1.5h", "24h ", "x24h", "123456h"])(
    "%p is none",
    (text) => {
      expect(secondsIn(text)).toBeUndefined();
    },
  );

  it.each([
    [60, "1 minute"],
    [61, "2 minutes"],
    [3600, "1 hour"],
    [5400, "90 minutes"],
    [86_400, "24 hours"],
    [129_600, "36 hours"],
    [172_800, "2 days"],
  ])("of %i seconds reads as %s", (seconds, words) => {
    expect(inWords(seconds)).toBe(words);
  });
});

describe("an objective", () => {
  const classes = { db: "4h", lab: "2d" };

  it.each([
    ["of all guests", ["web"], { seconds: 86_400, from: "the objective of all guests" }],
    ["of a class", ["lab"], { seconds: 172_800, from: "its tag lab" }],
    ["of the strictest class", ["lab", "db"], { seconds: 14_400, from: "its tag db" }],
    ["of its own before a class", ["db", "rpo-7d"], { seconds: 604_800, from: "its tag rpo-7d" }],
    ["of its strictest tag", ["rpo-7d", "rpo-1h"], { seconds: 3600, from: "its tag rpo-1h" }],
  ])("is that %s", (_what, tags, objective) => {
    expect(objectiveOf(tags, classes, "24h")).toEqual(objective);
  });
});
