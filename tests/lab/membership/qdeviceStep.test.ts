import { ADDRESS, type Machines } from "../cluster/support/machines";
import { haLine, runStep, siteWithHa, type Told } from "./support";

/** The QDevice's step on a site whose HA is armed. */

let lab: Machines;
beforeEach(async () => {
  lab = await siteWithHa();
});
afterEach(() => lab.site.stop());

const step = (): Promise<Told> =>
  runStep(
    lab,
    "pve01",
    "cluster/qdevice",
    {
      WITNESS_ADDRESS: ADDRESS.nas,
      NODES: "2",
      NODE_ADDRESSES: `${ADDRESS.pve01} ${ADDRESS.pve02}`,
      EXPECTED_VOTES: "3",
      KEEP_KEY: "no",
      MACHINES: "",
    },
    ["cluster/parts/ha", "cluster/parts/qdevice"],
  );

/** The witness has lost its certificates, and with them this cluster. */
async function renewWitness(): Promise<void> {
  await lab.out("nas", "rm -rf /etc/corosync/qnetd && systemctl restart corosync-qnetd");
  await lab.advance(30);
}

async function votesAndIsArmed(): Promise<void> {
  for (const node of ["pve01", "pve02"] as const) {
    expect(await lab.status(node, "Total votes")).toBe("3");
    expect(await lab.out(node, "corosync-qdevice-tool -s")).toMatch(/^State:\s*Connected$/m);
  }
  expect(await haLine(lab, "pve01", "fencing")).toMatch(/^fencing armed/);
  expect((await lab.run("pve01", "test -e /etc/pve/proxmox-ha-disarmed")).exitCode).toBe(1);
  const key = (await lab.out("pve01", "cat /root/.ssh/id_rsa.pub")).trim();
  expect(await lab.out("nas", "cat /root/.ssh/authorized_keys")).not.toContain(key);
}

it("sets the QDevice up anew with HA disarmed, and HA is armed again", async () => {
  await renewWitness();
  const { code, stderr } = await step();
  const told = stderr.split("\n").filter((line) => line.startsWith("pve01: "));
  const order = ["disarming HA", "removing the QDevice", "setting up the QDevice", ": arming HA"];
  const places = order.map((words) => told.findIndex((line) => line.includes(words)));
  expect([code, places]).toEqual([0, [...places].sort((a, b) => a - b)]);
  expect(places).not.toContain(-1);
  await votesAndIsArmed();
});

it("leaves HA armed where the QDevice votes", async () => {
  expect((await step()).stderr).not.toContain("arming HA");
  await votesAndIsArmed();
});

/** Kills the step just before, or after, it is about to do the `wanted`th of: disarm, remove, set up, arm. */
function killAt(wanted: number, after: boolean): void {
  const programs: string[] = [];
  let done = 0;
  let isNext = false;
  lab.site.faults.watch((script, program) => {
    if (!script.label.includes("cluster-qdevice")) return;
    if (isNext) {
      isNext = false;
      script.kill();
    }
    programs.push(program);
    const last = programs.slice(-3).join(" ");
    const changes =
      (done < 1 && last === "echo bash ha-manager") ||
      (done < 3 && last.endsWith("bash pvecm")) ||
      (done === 3 && last.endsWith("bash ha-manager"));
    if (!changes || ++done !== wanted) return;
    if (after) isNext = true;
    else script.kill();
  });
}

const CHANGES = ["disarms HA", "removes the QDevice", "sets the QDevice up", "arms HA"];

describe.each(CHANGES)("killed where it %s", (what) => {
  it.each([
    ["before", false],
    ["after", true],
  ])("%s that, it is brought to its end by the next run", async (_when, after) => {
    await renewWitness();
    killAt(CHANGES.indexOf(what) + 1, after);
    expect((await step()).code).not.toBe(0);
    const { code, stderr } = await step();
    expect(`${code} ${code === 0 ? "" : stderr}`).toBe("0 ");
    await votesAndIsArmed();
  });
});
