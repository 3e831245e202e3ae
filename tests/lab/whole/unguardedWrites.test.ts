import type { Action } from "./support/actions";
import { run, type Wishes } from "./support/schedule";

// Guests' files that anybody can write, whoever has quorum.
jest.mock("../../../lab/guests/config", () => ({
  ...jest.requireActual<object>("../../../lab/guests/config"),
  requireWritable: () => undefined,
}));

const WISHES: Wishes = { resources: [], rule: "none", slow: false };

const without = (verb: "describe" | "snapshot"): Action[] => [
  { do: "service", host: "pve02", unit: "corosync", running: false },
  { do: "wait", seconds: 10 },
  { do: "guest", at: "pve02", vmid: 101, verb, n: 1 },
];

describe("a lab that writes guests' files without quorum", () => {
  it("is seen to accept a change", async () => {
    const { problems } = await run("three nodes", { wishes: WISHES, actions: without("describe") });
    expect(problems.join("\n")).toMatch(/pve02 accepted PUT \S+ without quorum/);
  });

  it("is seen to end a task well", async () => {
    const { problems } = await run("three nodes", { wishes: WISHES, actions: without("snapshot") });
    expect(problems.join("\n")).toContain("qmsnapshot of 101 ended well on pve02 without quorum");
  });

  it("is seen to change the file", async () => {
    const { problems } = await run("three nodes", { wishes: WISHES, actions: without("snapshot") });
    expect(problems.join("\n")).toContain("guest 101 on pve02 changed without quorum");
  });
});
