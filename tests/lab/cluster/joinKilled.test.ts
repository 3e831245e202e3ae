import { decisionOf, KILLED } from "../../components/support/joinDecisions";
import { CHANGES, Joining } from "./support/joining";

/** `JOIN_CUTS=all` cuts the power before each change, and not before every third. */
const ALL = process.env.JOIN_CUTS === "all";
const cuts = (first: number) => CHANGES.filter((_, at) => ALL || at % 3 === first);

let site: Joining;
beforeEach(async () => {
  site = await Joining.prepared();
});
afterEach(() => site.lab.site.stop());

describe("a join whose process is killed", () => {
  it.each(CHANGES)("before it is to %s is brought to its end by the next run", async (change) => {
    let kill = (): void => undefined;
    site.lab.site.faults.watch((script, program) => {
      if (program === "pvecm" && script.label.startsWith("ssh pve02")) kill = () => script.kill();
    });
    await site.cutBefore(change, () => kill());
    expect(decisionOf(await site.joins())).toBe(KILLED[change]);
    await site.isWhole();
  });
});

describe("a join whose joiner loses its power", () => {
  it.each(cuts(0))("before it is to %s is brought to its end by the next run", async (change) => {
    await site.cutBefore(change, () => site.lab.power("pve02", false));
    await site.lab.advance(10);
    site.lab.power("pve02", true);
    await site.lab.advance(60);
    await site.joins();
    await site.isWhole();
  });
});

describe("a join whose member loses its power", () => {
  it.each(cuts(1))(
    "before it is to %s stops, and is brought to its end by the next run",
    async (change) => {
      const cut = await site.cutBefore(change, () => site.lab.power("pve01", false));
      expect(cut.exitCode).toBe(1);
      expect(cut.stderr).toContain("step cluster-join failed");
      site.lab.power("pve01", true);
      await site.lab.advance(60);
      await site.joins();
      await site.isWhole();
    },
  );
});
