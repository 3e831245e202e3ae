import * as fc from "fast-check";
import { newState, type Lab } from "../support/lab";
import { guestOf, migrate, runningVm, runsOn, site } from "./support";

type Happening = { after: number; what: "pve01 off" | "pve02 off" | "unplug" | "plug" | "again" };

/** What can happen to the two nodes, and a second request, while a VM is on its way. */
const HAPPENINGS = fc.array(
  fc.record<Happening>({
    after: fc.integer({ min: 0, max: 70_000 }),
    what: fc.constantFrom("pve01 off", "pve02 off", "unplug", "plug", "again"),
  }),
  { maxLength: 4 },
);

function happen(lab: Lab, what: Happening["what"]): void {
  const { hardware } = lab.site;
  switch (what) {
    case "pve01 off":
    case "pve02 off": {
      const node = what.slice(0, 5);
      hardware.switchPower(node, false);
      lab.site.nodeState(node).running = {};
      return;
    }
    case "unplug":
    case "plug":
      return hardware.plug("pve02", what === "plug");
    case "again":
      void migrate(lab, { online: 1 });
      return;
    default: {
      const never: never = what;
      return never;
    }
  }
}

describe("a VM that migrates", () => {
  it("never runs twice, is answered for by one node at most, and is where its file is", async () => {
    await newState();
    await fc.assert(
      fc.asyncProperty(HAPPENINGS, async (happenings) => {
        const lab = await site(100);
        const guest = await runningVm(lab, {}, { memoryUsed: 512 / 3072 });
        await migrate(lab, { online: 1 });
        let passed = 0;
        const queue = [...happenings].sort((a, b) => a.after - b.after);
        for (let now = 0; now <= 75_000; now += 2500) {
          while (queue[0] && queue[0].after <= now) {
            const { after, what } = queue.shift() ?? { after: 0, what: "plug" as const };
            await lab.clock.advance(Math.max(0, after - passed));
            passed = Math.max(passed, after);
            happen(lab, what);
          }
          await lab.clock.advance(now - passed);
          passed = now;
          const nodes = runsOn(lab);
          expect(nodes.length).toBeLessThanOrEqual(1);
          if (nodes.length === 1) expect(nodes).toEqual([guest.node]);
          if (lab.site.network.isAnswering(guest)) expect(nodes).toEqual([guest.node]);
        }
        // Nothing but a dead node leaves a lock behind.
        const dead = happenings.some(({ what }) => what === "pve01 off");
        if (!dead) expect(guestOf(lab, 100).config.lock).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
