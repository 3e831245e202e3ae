import { ADDRESS, clusterWithWitness, type Machines } from "../../lab/cluster/support/machines";
import { runScript } from "../support/labSteps";

/** All hosts lose power; the nodes are back long before the NAS. */

const NODES = ["pve01", "pve02"] as const;
const MINUTE = 60;

let lab: Machines;
beforeEach(async () => {
  lab = await clusterWithWitness();
  const { storages, guests } = lab.site.pmxcfs("pve01");
  storages.Data = {
    type: "nfs",
    server: ADDRESS.nas,
    export: "/backup/pve-data",
    path: "/mnt/pve/Data",
    content: "images,rootdir",
  };
  const config = { memory: "512", scsi0: "Data:100/vm-100-disk-0.qcow2,size=8G" };
  guests["100"] = { vmid: 100, type: "qemu", node: "pve01", config: { ...config } };
  guests["101"] = {
    vmid: 101,
    type: "qemu",
    node: "pve02",
    config: { memory: "512", scsi0: "Data:101/vm-101-disk-0.qcow2,size=8G", onboot: "1" },
  };
  lab.state.exports[`${ADDRESS.nas}:/backup/pve-data`]?.push(
    ...[100, 101].map((vmid) => ({
      name: `${vmid}/vm-${vmid}-disk-0.qcow2`,
      content: "images" as const,
      format: "qcow2" as const,
      size: 8 * 1024 ** 3,
      used: 1024 ** 3,
      ctime: 0,
      vmid,
    })),
  );
  lab.site.start();
  await lab.out("pve01", "ha-manager add vm:100");
  await pass(2 * MINUTE);
});
afterEach(() => lab.site.stop());

/** Seconds, one by one: scripts go on between them. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) await lab.advance(1);
}

async function waits(minutes: number): Promise<void> {
  for (const node of NODES) {
    const variables = { SERVERS: ADDRESS.nas, MINUTES: String(minutes) };
    const { exitCode, stderr } = await runScript(lab, node, "storage/waits", variables);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(`${node}: waits up to`)]);
  }
}

async function blackout(secondsUntilNas: number): Promise<void> {
  for (const host of [...NODES, "nas"] as const) lab.power(host, false);
  await pass(MINUTE);
  for (const node of NODES) lab.power(node, true);
  await pass(secondsUntilNas);
  lab.power("nas", true);
  await pass(5 * MINUTE);
}

const serviceLine = async (): Promise<string> =>
  /^service vm:100 .*$/m.exec(await lab.out("pve01", "ha-manager status"))?.[0] ?? "";
const runs = (vmid: number): boolean =>
  NODES.some((node) => lab.site.nodeState(node).running[String(vmid)] !== undefined);

describe("after a blackout in which the NAS comes five minutes after the nodes", () => {
  it("an HA guest is in error, and stays there, where nobody waits", async () => {
    expect(await serviceLine()).toBe("service vm:100 (pve01, started)");
    await blackout(5 * MINUTE);
    expect(await serviceLine()).toMatch(/\(pve0[12], error\)$/);
    expect([runs(100), runs(101)]).toEqual([false, false]);
  });

  it("all guests run where the nodes wait for it", async () => {
    await waits(10);
    await blackout(5 * MINUTE);
    expect(await serviceLine()).toBe("service vm:100 (pve01, started)");
    expect([runs(100), runs(101)]).toEqual([true, true]);
    expect(await lab.out("pve01", "journalctl -u proxmox-ha-storages -o cat")).toBe(
      `${ADDRESS.nas} answers\n`,
    );
  });

  it("the nodes go on without it when the limit has passed", async () => {
    await waits(3);
    for (const host of [...NODES, "nas"] as const) lab.power(host, false);
    for (const node of NODES) lab.power(node, true);
    await pass(2.5 * MINUTE);
    expect(lab.site.ha.isRunning("pve01", "lrm")).toBe(false);
    await pass(MINUTE);
    for (const node of NODES) {
      expect(lab.site.ha.isRunning(node, "lrm")).toBe(true);
      expect(await lab.out(node, "systemctl is-active proxmox-ha-storages pve-guests")).toBe(
        "active\nactive\n",
      );
    }
    expect(await lab.out("pve02", "journalctl -u proxmox-ha-storages -o cat")).toBe(
      `${ADDRESS.nas} does not answer on TCP port 2049 after 3 minutes: guests and HA start without it\n`,
    );
  });
});
