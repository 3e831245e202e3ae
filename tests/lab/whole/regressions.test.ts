import { run, type Schedule, type Wishes } from "./support/schedule";
import type { SiteKind } from "./support/seeds";

const resource = (sid: string) => ({ sid, max_restart: 0, max_relocate: 0, failback: false });
const RESOURCES = ["vm:100", "vm:101", "ct:102"].map(resource);
const QUICK: Wishes = { resources: RESOURCES, rule: "none", slow: false };
const SLOW: Wishes = { ...QUICK, slow: true };

interface Case extends Schedule {
  what: string;
  site: SiteKind;
}

/** What random schedules have found, as small as they could be made. */
const CASES: Case[] = [
  {
    what: "a node that goes down while the lab is killed boots again",
    site: "two nodes",
    wishes: QUICK,
    actions: [
      { do: "shut down", host: "pve01", kind: "reboot" },
      { do: "restart", how: "kill" },
      { do: "wait", seconds: 10 },
    ],
  },
  {
    what: "switching on what runs does not keep it from going down",
    site: "three nodes",
    wishes: QUICK,
    actions: [
      { do: "shut down", host: "pve01", kind: "reboot" },
      { do: "power", host: "pve01", on: true },
    ],
  },
  {
    what: "a node that was off for a moment has quorum only with the others",
    site: "two nodes and a QDevice",
    wishes: QUICK,
    actions: [
      { do: "plug", host: "nas", connected: false },
      { do: "wait", seconds: 10 },
      { do: "power", host: "pve01", on: false },
    ],
  },
  {
    what: "there is no snapshot without quorum",
    site: "two nodes",
    wishes: QUICK,
    actions: [
      { do: "partition", groups: [["pve02", "nas"]] },
      { do: "wait", seconds: 10 },
      { do: "guest", at: "pve02", vmid: 105, verb: "snapshot", n: 0 },
    ],
  },
  {
    what: "an HA guest cannot be stopped without quorum",
    site: "two nodes",
    wishes: QUICK,
    actions: [
      { do: "power", host: "pve01", on: false },
      { do: "wait", seconds: 12 },
      { do: "guest", at: "pve02", vmid: 101, verb: "stop", n: 0 },
    ],
  },
  {
    what: "a migration that loses quorum leaves its lock",
    site: "two nodes",
    wishes: SLOW,
    actions: [
      { do: "guest", at: "pve01", vmid: 106, verb: "migrate", n: 0 },
      { do: "service", host: "pve01", unit: "corosync", running: false },
      { do: "maintenance", node: "pve01", at: "pve01", on: false },
    ],
  },
  {
    what: "a guest whose move was killed goes on once its lock is taken off",
    site: "two nodes",
    wishes: {
      resources: [resource("vm:100"), { ...resource("ct:102"), failback: true }],
      rule: "together",
      slow: true,
    },
    actions: [
      { do: "wait", seconds: 10 },
      { do: "guest", at: "pve01", vmid: 100, verb: "start", n: 0 },
      { do: "restart", how: "kill" },
    ],
  },
];

describe("found by random schedules", () => {
  it.each(CASES)("$what", async ({ site, wishes, actions }) => {
    const { problems } = await run(site, { wishes, actions });
    expect(problems).toEqual([]);
  });
});
