import { execFileSync } from "node:child_process";
import { type Blow, ownProcesses, strike } from "./support/blows";
import { Sandbox, UP } from "./support/sandbox";
import { succeeded } from "./support/succeeded";
import { until, within } from "./support/wait";

/**
 * `make up` cut short at five moments, each in one of three ways; with `INTERRUPTIONS=all` in all three. Afterwards
 * `make up` must end in the same site, with every guest created once.
 */
interface Moment {
  name: string;
  /** What the lab is told to hold, and when; undefined for a moment that the state file shows. */
  hold?: { match: string; moment: "before" | "after" };
}

const MOMENTS: Moment[] = [
  { name: "in the middle of the bootstrap", hold: { match: "cluster-join", moment: "after" } },
  {
    name: "between making the token and saving it",
    hold: { match: "access-token apply", moment: "after" },
  },
  {
    name: "after Proxmox VE has accepted a VM's create",
    hold: { match: "POST /nodes/pve02/qemu", moment: "after" },
  },
  { name: "at an HA resource", hold: { match: "POST /cluster/ha/resources", moment: "after" } },
  { name: "while the state is written" },
];

const BLOWS: Blow[] = ["Ctrl-C", "SIGKILL to the CLI alone", "SIGKILL to its process group"];

const ALL = process.env.INTERRUPTIONS === "all";
const CASES = MOMENTS.flatMap((moment, at) =>
  BLOWS.filter((_, way) => ALL || way === at % BLOWS.length).map((blow) => ({
    moment,
    blow,
    name: moment.name,
  })),
);

/** Each case starts on fresh hosts; the sandbox around them is made once. */
const sandbox = new Sandbox("interruption");
const { lab } = sandbox;
const STATE = ".state/.pulumi/stacks/proxmox-ha/dev.json";

afterAll(() => sandbox.dispose());

describe.each(CASES)("make up cut short $name by $blow", ({ moment, blow }) => {
  beforeAll(() => {
    sandbox.labCommand("reset");
    sandbox.run("rm", ["-rf", ".state"]);
    sandbox.labCommand("start");
  });

  it("is finished by make up: the same site, nothing twice, nothing left over", async () => {
    if (moment.hold) await lab.control("PUT", "/lab/faults/hold", moment.hold);
    const run = sandbox.start("make", UP);
    await until(`the run is ${moment.name}`, 120, () => reached(moment));
    strike(blow, run.pid, sandbox.root);
    // The host goes on in its own time, whatever became of its client.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await lab.control("DELETE", "/lab/faults/hold");
    expect(await within(60, run.ended)).not.toBe(0);

    const again = succeeded(sandbox.make(...UP));
    expect(again).toMatch(/Backup job\s+nightly/);
    succeeded(sandbox.pulumi("preview", "--refresh", "--expect-no-changes"));
    const exported = JSON.parse(sandbox.pulumi("stack", "export").text) as {
      deployment: { pending_operations?: unknown[]; resources: { urn: string }[] };
    };
    expect(exported.deployment.pending_operations ?? []).toEqual([]);
    const urns = exported.deployment.resources.map(({ urn }) => urn);
    expect(urns).toEqual([...new Set(urns)]);
    const creates = (await lab.tasks()).filter(({ type }) => /^(qm|vz)create$/.test(type));
    expect(creates.map(({ id }) => id).sort()).toEqual(["100", "101", "102"]);
    expect(ownProcesses(sandbox.root)).toEqual([]);
  });
});

async function reached({ hold }: Moment): Promise<true | undefined> {
  if (hold) {
    const { reached } = (await lab.control("GET", "/lab/faults/hold")) as { reached?: string };
    return reached ? true : undefined;
  }
  // The state is written twice a resource; this is in the middle of it all.
  const resources = (readState().checkpoint?.latest?.resources ?? []).length;
  return resources >= 14 ? true : undefined;
}

interface StateFile {
  checkpoint?: { latest?: { resources?: unknown[] } };
}

function readState(): StateFile {
  try {
    return JSON.parse(sandbox.read(STATE)) as StateFile;
  } catch {
    return {};
  }
}

it("sees processes in /proc, so that the checks above can fail", () => {
  expect(execFileSync("sh", ["-c", "ls /proc/self/environ"], { encoding: "utf8" })).toContain(
    "environ",
  );
});
