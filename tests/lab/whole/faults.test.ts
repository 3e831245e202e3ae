import { SECONDS } from "../../../lab/ha/core/timing";
import { Machines } from "../../../lab/machines";
import { Site } from "../../../lab/site";
import type { Action } from "./support/actions";
import { run, type Wishes } from "./support/schedule";
import type { SiteKind } from "./support/seeds";

const resource = (sid: string) => ({ sid, max_restart: 0, max_relocate: 0, failback: false });
const WISHES: Wishes = { resources: ["vm:100", "ct:102"].map(resource), rule: "none", slow: false };

const CUT_OFF: Action[] = [
  { do: "wait", seconds: 10 },
  { do: "plug", host: "pve01", connected: false },
  { do: "wait", seconds: 35 },
];
const REBOOT: Action[] = [{ do: "shut down", host: "pve01", kind: "reboot" }];
const DESCRIBE: Action[] = [{ do: "guest", at: "pve01", vmid: 100, verb: "describe", n: 0 }];

async function problems(kind: SiteKind, actions: Action[]): Promise<string> {
  return (await run(kind, { wishes: WISHES, actions })).problems.join("\n");
}

/** Each schedule is what random ones shrank to when the lab was broken in this way. */
describe("a lab that", () => {
  afterEach(() => jest.restoreAllMocks());

  it("recovers guests before their node's watchdog runs them out is seen to run one twice", async () => {
    expect(await problems("two nodes and a QDevice", CUT_OFF)).toBe("");
    const seconds: Record<string, number> = SECONDS;
    jest.replaceProperty(seconds, "lockLifetime", 20);
    jest.replaceProperty(seconds, "fenceDelay", 5);
    expect(await problems("two nodes and a QDevice", CUT_OFF)).toContain(
      "guest 100 runs on pve01 and pve02",
    );
  });

  it("answers before a change is on disk is seen to lose it", async () => {
    expect(await problems("two nodes", DESCRIBE)).toBe("");
    jest.spyOn(Site.prototype, "commit").mockImplementation(function (this: Site) {
      this.store.touch();
      return Promise.resolve();
    });
    expect(await problems("two nodes", DESCRIBE)).toContain(
      "config 100 description was acknowledged as note 0 and is undefined",
    );
  });

  it("forgets that a node goes down is seen to leave its guests down", async () => {
    expect(await problems("two nodes", REBOOT)).toBe("");
    jest.spyOn(Machines.prototype, "exited").mockImplementation(() => undefined);
    jest.spyOn(Machines.prototype, "switch").mockImplementation(() => undefined);
    expect(await problems("two nodes", REBOOT)).toMatch(/vm:100 is to run and does not: freeze/);
  });
});
