import fc from "fast-check";
import { type Device, Voters } from "./support/voters";

/** Seconds until `holds`, looked at every quarter of a second as the recordings were. */
async function secondsUntil(voters: Voters, holds: () => boolean): Promise<number> {
  for (let quarter = 0; quarter <= 200; quarter++) {
    if (holds()) return quarter / 4;
    await voters.advance(0.25);
  }
  return Number.POSITIVE_INFINITY;
}

describe("two nodes and a witness", () => {
  let voters: Voters;
  beforeEach(() => {
    voters = new Voters(2, "ffsplit");
  });

  it("start with all votes", () => {
    expect(voters.all()).toEqual(["3/3 n1,n2", "3/3 n1,n2"]);
  });

  it("that lose only the cable between them leave the lower id quorate", async () => {
    voters.hardware.connect("n1", "n2", false);
    await voters.advance(20);
    expect(voters.all()).toEqual(["2/3 n1", "1/3 blocked"]);
    voters.hardware.connect("n1", "n2", true);
    await voters.advance(20);
    expect(voters.all()).toEqual(["3/3 n1,n2", "3/3 n1,n2"]);
  });

  it("keep the vote where it is when the one that was cut off finds the witness again", async () => {
    voters.hardware.plug("n1", false);
    await voters.advance(30);
    expect(voters.all()).toEqual(["1/3 blocked", "2/3 n2"]);
    voters.hardware.connect("n1", "n2", false);
    voters.hardware.plug("n1", true);
    await voters.advance(60);
    expect(voters.all()).toEqual(["1/3 blocked", "2/3 n2"]);
  });

  it("give the vote to the other when its holder loses the witness, and never to both", async () => {
    voters.hardware.connect("n1", "n2", false);
    await voters.advance(20);
    voters.hardware.connect("n1", "w", false);
    const both: string[][] = [];
    voters.onChange(() => both.push(voters.names.filter((n) => voters.quorum.isQuorate(n))));
    await voters.advance(30);
    expect(voters.all()).toEqual(["1/3 blocked", "2/3 n2"]);
    expect(both.every((names) => names.length <= 1)).toBe(true);
  });

  it("of which one alone does not hear the witness each count what they know", async () => {
    voters.hardware.connect("n2", "w", false);
    await voters.advance(30);
    expect(voters.all()).toEqual(["3/3 n1,n2", "2/3 n1,n2"]);
  });

  it("notice that the witness lost power after 8 to 16 s, that its service stopped at once", async () => {
    const lost = (): boolean => voters.seen("n1") === "2/3 n1,n2";
    voters.service("w", "corosync-qnetd", false);
    expect(lost()).toBe(true);
    voters.service("w", "corosync-qnetd", true);
    await voters.advance(20);
    expect(lost()).toBe(false);
    voters.hardware.switchPower("w", false);
    const passed = await secondsUntil(voters, lost);
    expect(passed).toBeGreaterThanOrEqual(8);
    expect(passed).toBeLessThanOrEqual(16);
  });

  it("lose the vote of a witness that restarts, whether they had noticed or not", async () => {
    voters.hardware.switchPower("w", false);
    await voters.advance(2);
    expect(voters.seen("n1")).toBe("3/3 n1,n2");
    voters.hardware.switchPower("w", true);
    expect(voters.seen("n1")).toBe("2/3 n1,n2");
    await voters.advance(10);
    expect(voters.seen("n1")).toBe("3/3 n1,n2");
  });

  it("do not notice that the witness was away for a moment", async () => {
    const seen: string[] = [];
    voters.onChange(() => seen.push(...voters.all()));
    voters.hardware.plug("w", false);
    await voters.advance(4);
    voters.hardware.plug("w", true);
    await voters.advance(30);
    expect(new Set(seen)).toEqual(new Set(["3/3 n1,n2"]));
  });

  it("hear it at once when corosync is stopped on one of them", async () => {
    voters.service("n2", "corosync", false);
    const passed = await secondsUntil(voters, () => voters.seen("n1") === "2/3 n1");
    expect(passed).toBeLessThanOrEqual(1);
    expect(voters.seen("n2")).toBe("0/3 blocked");
  });
});

describe("expected votes that an operator lowered", () => {
  it("hold for a lone node until the other is back, not beyond", async () => {
    const voters = new Voters(2);
    voters.hardware.connect("n1", "n2", false);
    await voters.advance(10);
    expect(voters.quorum.setExpected("n1", 1)).toBe(true);
    expect(voters.all()).toEqual(["1/1 n1", "1/2 blocked"]);
    await voters.restart();
    expect(voters.seen("n1")).toBe("1/1 n1");
    voters.hardware.connect("n1", "n2", true);
    await voters.advance(10);
    voters.hardware.connect("n1", "n2", false);
    await voters.advance(10);
    expect(voters.all()).toEqual(["1/2 blocked", "1/2 blocked"]);
  });
});

describe("cables that make no clear partition", () => {
  it("leave one that both sides hear with the lower ids", async () => {
    const voters = new Voters(3);
    voters.hardware.connect("n1", "n3", false);
    await voters.advance(10);
    expect(voters.all()).toEqual(["2/3 n1,n2", "2/3 n1,n2", "1/3 blocked"]);
  });

  it("give four nodes in two pairs one quorate pair: the one that hears the witness", async () => {
    const voters = new Voters(4, "ffsplit");
    voters.hardware.partition([
      ["n1", "n2"],
      ["n3", "n4", "w"],
    ]);
    await voters.advance(40);
    expect(voters.all()).toEqual(["2/5 blocked", "2/5 blocked", "3/5 n3,n4", "3/5 n3,n4"]);
  });

  it("leave the last of three with a last-man-standing witness quorate", async () => {
    const voters = new Voters(3, "lms");
    voters.hardware.switchPower("n1", false);
    voters.hardware.switchPower("n2", false);
    await voters.advance(40);
    expect(voters.seen("n3")).toBe("3/5 n3");
  });
});

describe("a restart of the lab", () => {
  it("neither hastens nor forgets that a member is lost", async () => {
    const voters = new Voters(2);
    voters.hardware.switchPower("n2", false);
    await voters.advance(3);
    await voters.restart();
    expect(voters.seen("n1")).toBe("2/2 n1,n2");
    expect(await secondsUntil(voters, () => voters.seen("n1") === "1/2 blocked")).toBe(3.5);
  });

  it("does not give a node quorum that was about to come back", async () => {
    const voters = new Voters(2);
    voters.hardware.connect("n1", "n2", false);
    await voters.advance(10);
    voters.hardware.connect("n1", "n2", true);
    await voters.advance(1);
    await voters.restart();
    expect(voters.all()).toEqual(["1/2 blocked", "1/2 blocked"]);
    await voters.advance(1.5);
    expect(voters.all()).toEqual(["2/2 n1,n2", "2/2 n1,n2"]);
  });

  it("that takes long finds done what was due meanwhile", async () => {
    const voters = new Voters(2, "ffsplit");
    voters.hardware.plug("n2", false);
    await voters.restart(60);
    expect(voters.all()).toEqual(["2/3 n1", "1/3 blocked"]);
  });
});

type Step = (voters: Voters) => void | Promise<void>;

const hostOf = (count: number) => fc.constantFrom(...names(count), "w");
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i + 1}`);

function steps(count: number): fc.Arbitrary<Step[]> {
  const host = hostOf(count);
  const on = fc.boolean();
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(host, host, on).map(
      ([a, b, ok]): Step =>
        (it) =>
          it.hardware.connect(a, b, ok),
    ),
    fc.tuple(host, on).map(
      ([a, ok]): Step =>
        (it) =>
          it.hardware.plug(a, ok),
    ),
    fc.tuple(host, on).map(
      ([a, ok]): Step =>
        (it) =>
          it.hardware.switchPower(a, ok),
    ),
    fc.array(fc.array(host)).map(
      (groups): Step =>
        (it) =>
          it.hardware.partition(groups),
    ),
    on.map(
      (ok): Step =>
        (it) =>
          it.service("w", "corosync-qnetd", ok),
    ),
    fc.tuple(fc.constantFrom(...names(count)), on).map(
      ([node, ok]): Step =>
        (it) =>
          it.service(node, "corosync", ok),
    ),
    fc.integer({ min: 0, max: 20 }).map(
      (wait): Step =>
        (it) =>
          it.restart(wait),
    ),
  );
  const wait = fc.integer({ min: 0, max: 160 }).map(
    (quarters): Step =>
      (it) =>
        it.advance(quarters / 4),
  );
  return fc.array(fc.tuple(step, wait), { maxLength: 14 }).map((pairs) => pairs.flat());
}

/** Memberships whose nodes have quorum, among those of `names` that pass `counts`. */
function quorate(voters: Voters, counts: (name: string) => boolean): string[] {
  const found = voters.names.filter((name) => counts(name) && voters.quorum.isQuorate(name));
  return [...new Set(found.map((name) => voters.quorum.view(name).members.join()))];
}

const SITES: [count: number, device: Device][] = [
  [2, "none"],
  [2, "ffsplit"],
  [3, "none"],
  [3, "lms"],
  [4, "none"],
  [4, "ffsplit"],
];

describe.each(SITES)("%i nodes with device %s, whatever is cut and switched", (count, device) => {
  it("never have two quorate memberships in force, and one of all when everything is mended", async () => {
    await fc.assert(
      fc.asyncProperty(steps(count), async (schedule) => {
        const voters = new Voters(count, device);
        const check = (): void => {
          expect(
            quorate(voters, (name) => voters.quorum.isSettled(name)).length,
          ).toBeLessThanOrEqual(1);
        };
        voters.onChange(check);
        for (const step of schedule) {
          await step(voters);
          check();
        }
        await voters.advance(60);
        expect(quorate(voters, () => true).length).toBeLessThanOrEqual(1);
        voters.healAll();
        await voters.advance(60);
        const votes = count + (device === "none" ? 0 : device === "lms" ? count - 1 : 1);
        const all = `${votes}/${votes} ${voters.names.join()}`;
        expect(voters.all()).toEqual(voters.names.map(() => all));
      }),
      { numRuns: 150 },
    );
  });
});
