import { seededRandom } from "../../../../lab/ha/core/timing";
import type { TimedCommand } from "./support/commands";
import { runScenario } from "./support/scenario";
import type { SiteSpec } from "./support/siteSpec";

/** Virtual seconds by which two nodes are up, quorate and in their roles. */
const SETTLED = 300;

const ON: TimedCommand[] = [
  { at: 0, text: "power pve01 on" },
  { at: 30, text: "power pve02 on" },
];

function twoNodes(seed: number, membership: number): SiteSpec {
  return {
    timing: "cluster",
    seed,
    nodes: ["pve01", "pve02"],
    witness: true,
    resources: { "vm:100": { node: "pve01" }, "vm:101": { node: "pve02" } },
    durations: { membership, lonely: membership + 4 },
  };
}

/** Seconds from the loss of a node until its guest gets its start order on the other one. */
function startOrder(seed: number, loss: string, sid: string): number {
  const random = seededRandom(seed);
  const cut = SETTLED + Math.floor(random() * 20);
  // Corosync and the QDevice take 7 to 14 s to agree on the members (recorded).
  const spec = twoNodes(seed, 7 + Math.floor(random() * 8));
  const commands = [...ON, { at: cut, text: loss }, { at: cut + 260, text: "end" }];
  const { log } = runScenario(spec, commands);
  const last = log.filter((line) => line.endsWith(`starting service ${sid}`)).at(-1) ?? "";
  return Number(last.slice(0, 5)) - cut;
}

describe("on two nodes with a QDevice a guest gets its start order", () => {
  const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

  it.each([
    ["the slave's power", "power pve02 off", "vm:101", 115, 150],
    ["the slave's network", "network pve02 off", "vm:101", 115, 150],
    ["the master's power", "power pve01 off", "vm:100", 175, 215],
    ["the master's network", "network pve01 off", "vm:100", 175, 215],
  ])("in time after the loss of %s", (_name, loss, sid, least, most) => {
    const times = seeds.map((seed) => startOrder(seed, loss, sid));
    const late = times.filter((time) => time < least || time > most);
    expect(late).toEqual([]);
    // Phases are random: the times spread.
    expect(new Set(times).size).toBeGreaterThan(5);
  });
});
