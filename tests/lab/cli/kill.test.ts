import { seededRandom } from "../../../lab/ha/core/timing";
import type { LabState } from "../../../lab/state/types";
import { type KillClient, tasksOf, Victim } from "./killSupport";
import { Clone, removeClones } from "./support";

// A hundred take about 40 s on two idle cores.
jest.setTimeout(300_000);

/** `LAB_KILLS=100` tries more. */
const KILLS = Number(process.env.LAB_KILLS ?? 30);
/** Labs that are killed beside each other. */
const LABS = 2;
/** Milliseconds: within one that starts, and within one that is written to. */
const STARTUP = 350;
const AT_WORK = 120;
/** Share of the kills that hit a lab that is starting. */
const EARLY = 0.25;
const SEED = Number(process.env.FAST_CHECK_SEED ?? 1);
/** Nobody waits for the end of this one: it takes a year. */
const ENDLESS = { storage: "local", mode: "stop", bwlimit: "1" };

const victims: Victim[] = [];
afterAll(async () => {
  await Promise.all(victims.map((victim) => victim.kill()));
  removeClones();
});

/** What the lab has acknowledged so far. */
class Acknowledged {
  readonly users = new Set<string>();
  readonly vms = new Set<string>();
  readonly files = new Set<string>();
  private count = 0;

  next(): number {
    return ++this.count;
  }

  get size(): number {
    return this.users.size + this.vms.size + this.files.size;
  }
}

/** Several clients write until the lab is gone. */
async function write(client: KillClient, acked: Acknowledged): Promise<void> {
  const untilGone = async (step: () => Promise<void>): Promise<void> => {
    try {
      for (;;) await step();
    } catch {
      // The lab is gone.
    }
  };
  const users = (node: string) => async (): Promise<void> => {
    const userid = `u${acked.next()}@pve`;
    await client.api(node, "POST", "/access/users", { userid });
    acked.users.add(userid);
  };
  const vms = async (): Promise<void> => {
    const vmid = String(1000 + acked.next());
    const upid = await client.api<string>("pve01", "POST", "/nodes/pve01/qemu", {
      vmid,
      scsi0: "local-lvm:1",
    });
    const path = `/nodes/pve01/tasks/${upid}/status`;
    for (;;) {
      const task = await client.api<{ exitstatus?: string }>("pve01", "GET", path);
      if (task.exitstatus === undefined) continue;
      expect(task.exitstatus).toBe("OK");
      acked.vms.add(vmid);
      return;
    }
  };
  let file = "";
  const command = (): string => `echo ${(file = String(acked.next()))} > /root/acked-${file}`;
  await Promise.all([
    untilGone(users("pve01")),
    untilGone(users("pve01")),
    untilGone(vms),
    client.shell(command, () => acked.files.add(file)),
  ]);
}

/** A backup that runs until the lab is gone, of a guest that the one before has left locked. */
async function backUp(client: KillClient): Promise<string> {
  await client.api("pve01", "PUT", "/nodes/pve01/qemu/100/config", { delete: "lock", skiplock: 1 });
  return client.api<string>("pve01", "POST", "/nodes/pve01/vzdump", { vmid: 100, ...ENDLESS });
}

/** What must hold of a file that was found after a kill. */
function check(state: LabState, acked: Acknowledged): void {
  const pve01 = state.hosts.pve01;
  const config = state.pmxcfs[pve01?.node?.pmxcfs ?? ""];
  const missing = {
    users: [...acked.users].filter((userid) => !config?.users[userid]),
    vms: [...acked.vms].filter((vmid) => !config?.guests[vmid]),
    files: [...acked.files].filter((name) => !pve01?.files[`/root/acked-${name}`]),
  };
  expect(missing).toEqual({ users: [], vms: [], files: [] });
  const volumes = Object.values(pve01?.node?.volumes ?? {}).flat();
  const disks = new Set(volumes.map(({ name }) => name));
  const done = tasksOf(state, "qmcreate").filter(({ exitstatus }) => exitstatus === "OK");
  const incomplete = done.filter(({ id }) => {
    const volid = config?.guests[id]?.config.scsi0?.split(",")[0];
    return !disks.has(volid?.split(":")[1] ?? "");
  });
  expect(incomplete.map(({ upid }) => upid)).toEqual([]);
  expect(volumes.filter(({ content }) => content === "backup")).toEqual([]);
}

/** What the next lab tells of tasks that were at work. */
async function checkDied(client: KillClient, upids: string[]): Promise<void> {
  for (const upid of upids) {
    const path = `/nodes/pve01/tasks/${upid}/status`;
    const task = await client.api<Record<string, unknown>>("pve01", "GET", path);
    expect(task).toMatchObject({ status: "stopped", exitstatus: "unexpected status" });
  }
}

/** Kills one lab again and again; counts what was acknowledged meanwhile. */
async function killOften(kills: number, random: () => number): Promise<number> {
  const victim = new Victim(new Clone());
  victims.push(victim);
  const acked = new Acknowledged();
  await victim.start();
  let client = await victim.client();
  await client.api("pve01", "POST", "/nodes/pve01/qemu", { vmid: 100, scsi0: "local-lvm:1" });
  let died: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    if (random() < EARLY) {
      await victim.kill();
      await victim.start(Math.ceil(random() * STARTUP));
      await victim.kill();
      check(victim.state(), acked);
      await victim.start();
    } else {
      died.push(await backUp(client));
      const writing = write(client, acked);
      await new Promise((resolve) => setTimeout(resolve, random() * AT_WORK));
      await victim.kill();
      await writing;
      check(victim.state(), acked);
      await victim.start();
    }
    client.close();
    client = await victim.client();
    await checkDied(client, died);
    died = [];
    const users = await client.api<{ userid: string }[]>("pve01", "GET", "/access/users");
    const shown = new Set(users.map(({ userid }) => userid));
    expect([...acked.users].filter((userid) => !shown.has(userid))).toEqual([]);
  }
  client.close();
  await victim.kill();
  return acked.size;
}

describe("a lab that is killed at any moment", () => {
  it(`has every acknowledged write and nothing half done as done, ${KILLS} times`, async () => {
    const random = seededRandom(SEED);
    const counts = await Promise.all(
      Array.from({ length: LABS }, () =>
        killOften(KILLS / LABS, seededRandom(Math.floor(random() * 2 ** 32))),
      ),
    ).catch((error: Error) => {
      error.message = `FAST_CHECK_SEED=${SEED}: ${error.message}`;
      throw error;
    });
    // Enough that something was lost if it could be; a busy machine gets far less done between two kills.
    for (const count of counts) expect(count).toBeGreaterThan(KILLS / LABS / 10);
  });
});
