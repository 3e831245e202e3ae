import type { LabState } from "../../../lab/state/types";
import { type HostName, installQdevice, Machines } from "../cluster/support/machines";
import { haLine, installedNodes, runStep, startHaGuest, type Told } from "./support";

const ADDRESSES = { pve01: "192.168.18.251", pve02: "192.168.18.100", pve03: "192.168.18.102" };
const NODES = Object.keys(ADDRESSES) as HostName[];
const PVE03 = "pve03" as HostName;
const WITNESS = "192.168.18.200";

let state: LabState;
beforeAll(async () => {
  state = await installedNodes(ADDRESSES);
});

let lab: Machines;
/** Two nodes with the witness' vote, and HA in charge of a guest that runs; pve03 is installed and alone. */
beforeEach(async () => {
  lab = new Machines(structuredClone(state));
  await lab.cluster();
  for (const from of NODES) for (const to of [...NODES, "nas" as const]) lab.trust(from, to);
  await installQdevice(lab);
  await lab.out("pve01", `pvecm qdevice setup ${WITNESS}`);
  await startHaGuest(lab);
});
afterEach(() => lab.site.stop());

const join = (): Promise<Told> =>
  runStep(
    lab,
    "pve03",
    "cluster/join",
    {
      CLUSTER: "site",
      ADDRESS: ADDRESSES.pve03,
      LINKS: ADDRESSES.pve03,
      MEMBER: "pve01",
      MEMBER_ADDRESS: ADDRESSES.pve01,
      WITNESS_ADDRESS: "",
    },
    ["cluster/parts/ha", "cluster/parts/join", "cluster/parts/qdevice"],
  );
const isRunning = (): boolean => lab.site.nodeState("pve01").running["100"] !== undefined;

async function expectThreeNodes(): Promise<void> {
  expect(lab.site.members("pve01")).toEqual(NODES);
  expect(lab.site.pmxcfs("pve01").corosync?.qdevice).toBeUndefined();
  expect(await lab.status(PVE03, "Total votes")).toBe("3");
  expect(await haLine(lab, "pve01", "fencing")).toBe("fencing armed (CRM watchdog active)");
  expect((await lab.run("pve01", "test -e /etc/pve/proxmox-ha-disarmed")).exitCode).toBe(1);
  await lab.advance(60);
  expect(await haLine(lab, "pve01", "service")).toBe("service vm:100 (pve01, started)");
  expect(isRunning()).toBe(true);
}

describe("a third node on a live site with HA", () => {
  it("joins with HA disarmed and without the QDevice, and HA is armed again", async () => {
    const { code, stderr } = await join();
    const told = stderr.split("\n").filter((line) => /^pve03: /.test(line));
    const order = ["disarming HA", "removing the QDevice", "joining site", ": arming HA"];
    const places = order.map((words) => told.findIndex((line) => line.includes(words)));
    expect([code, places]).toEqual([0, [...places].sort((a, b) => a - b)]);
    expect(places).not.toContain(-1);
    await expectThreeNodes();
  });

  it("changes nothing the second time", async () => {
    await join();
    const before = JSON.stringify(lab.site.pmxcfs("pve01").corosync);
    expect(await join()).toMatchObject({ code: 0, stderr: "pve03: is a member of site\n" });
    expect(JSON.stringify(lab.site.pmxcfs("pve01").corosync)).toBe(before);
  });

  it.each([
    ["HA was disarmed", "disarm"],
    ["the QDevice was removed", "disarm; pvecm qdevice remove"],
  ])("is finished by the next run when the first ended after %s", async (_when, commands) => {
    await lab.out(
      "pve01",
      commands.replace(
        "disarm",
        "echo cluster-join >/etc/pve/proxmox-ha-disarmed; ha-manager crm-command disarm-ha freeze",
      ),
    );
    expect(await join()).toMatchObject({ code: 0 });
    await expectThreeNodes();
  });
});
