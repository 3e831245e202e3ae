import type { LabState } from "../../../lab/state/types";
import { type HostName, Machines } from "../cluster/support/machines";
import { haLine, installedNodes, runStep, startHaGuest, type Told } from "./support";

const ADDRESSES = {
  pve01: "192.168.18.251",
  pve02: "192.168.18.100",
  pve03: "192.168.18.102",
  pve04: "192.168.18.103",
};
const NODES = Object.keys(ADDRESSES) as HostName[];
const WITNESS = "192.168.18.200";

let state: LabState;
beforeAll(async () => {
  state = await installedNodes(ADDRESSES);
});

let lab: Machines;
/** Three nodes without a QDevice, HA in charge of a guest that runs, and a witness that waits; pve04 is alone. */
beforeEach(async () => {
  lab = new Machines(structuredClone(state));
  await lab.cluster();
  await lab.settle(lab.site.membership.join("pve03", "pve01"));
  for (const from of NODES) for (const to of [...NODES, "nas" as const]) lab.trust(from, to);
  await lab.out("nas", "apt-get install -y corosync-qnetd");
  await startHaGuest(lab);
});
afterEach(() => lab.site.stop());

const join = (): Promise<Told> =>
  runStep(
    lab,
    "pve04",
    "cluster/join",
    {
      CLUSTER: "site",
      ADDRESS: ADDRESSES.pve04,
      LINKS: ADDRESSES.pve04,
      MEMBER: "pve01",
      MEMBER_ADDRESS: ADDRESSES.pve01,
      WITNESS_ADDRESS: WITNESS,
    },
    ["cluster/parts/ha", "cluster/parts/qdevice", "cluster/parts/join"],
  );

async function expectFourNodesAndWitness(): Promise<void> {
  await lab.advance(30);
  expect(lab.site.members("pve01")).toEqual(NODES);
  expect(lab.site.pmxcfs("pve01").corosync?.qdevice?.host).toBe(WITNESS);
  for (const node of NODES) expect(await lab.status(node, "Total votes")).toBe("5");
  expect(await haLine(lab, "pve01", "fencing")).toBe("fencing armed (CRM watchdog active)");
  expect((await lab.run("pve01", "test -e /etc/pve/proxmox-ha-disarmed")).exitCode).toBe(1);
  expect(lab.site.nodeState("pve01").running["100"]).toBeDefined();
}

describe("a fourth node on a live site with HA", () => {
  it("makes the number even: the QDevice is set up before HA is armed again", async () => {
    const { code, stderr } = await join();
    const order = [
      "disarming HA",
      "joining site",
      "setting up the QDevice with 192.168.18.200",
      ": arming HA",
    ];
    const places = order.map((words) => stderr.indexOf(words));
    expect([code, places.includes(-1)]).toEqual([0, false]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    await expectFourNodesAndWitness();
  });

  it("is finished by the next run when the first one was killed before the QDevice, and HA stays disarmed meanwhile", async () => {
    let kill = (): void => undefined;
    lab.site.faults.watch((script, program) => {
      if (program === "pvecm" && script.label.includes("pvecm qdevice setup")) kill();
      if (script.label.startsWith("ssh pve04")) kill = () => script.kill();
    });
    expect((await join()).code).toBe(137);
    expect(lab.site.members("pve01")).toEqual(NODES);
    await lab.advance(60);
    expect(await haLine(lab, "pve01", "fencing")).toContain("disarmed");
    lab.site.faults.watch(() => undefined);
    const { code, stderr } = await join();
    expect(`${code} ${code === 0 ? "" : stderr}`).toBe("0 ");
    await expectFourNodesAndWitness();
  });

  it("leaves HA disarmed and says why when the witness does not take the QDevice, and the next run goes on", async () => {
    lab.power("nas", false);
    const { code, stderr } = await join();
    expect(code).toBe(1);
    expect(stderr).toContain("step cluster-join failed: ");
    lab.power("nas", true);
    await lab.advance(30);
    const again = await join();
    expect(`${again.code} ${again.code === 0 ? "" : again.stderr}`).toBe("0 ");
    await expectFourNodesAndWitness();
  });
});
