import type { Lab } from "../support/lab";
import {
  addCt,
  addVm,
  archives,
  begin,
  guest,
  lastTask,
  runOf,
  siteWithBackups,
  vzdump,
} from "./support/site";

const MINUTE = 60_000;
let lab: Lab;

/** The power switch, as the lab's control interface turns it. */
function power(host: string, on: boolean): void {
  if (on) lab.site.host(host).bootedAt = lab.clock.now();
  lab.site.hardware.switchPower(host, on);
  const { node } = lab.site.host(host);
  if (node && !on) node.running = {};
}

const end = (upid: string, node = "pve01") => lab.site.tasks.find(node, upid)?.exitstatus;
const start = (node = "pve01", vmid = 100) =>
  lab.task(node, "POST", `/nodes/${node}/qemu/${vmid}/status/start`);

describe("while the NAS is away", () => {
  beforeEach(async () => {
    lab = await siteWithBackups();
    await addVm(lab);
  });

  it("its storages are inactive, and nobody waits for an answer", async () => {
    power("nas", false);
    const status = await lab.data("pve01", "GET", "/nodes/pve01/storage/Data/status");
    expect(status).toMatchObject({ active: 0, enabled: 1, total: 0 });
    expect(await lab.data("pve01", "GET", "/nodes/pve01/storage/local/status")).toMatchObject({
      active: 1,
    });
  });

  it("backups fail before they begin, and leave no lock", async () => {
    power("nas", false);
    expect(await vzdump(lab, { vmid: "100" })).toBe(
      "could not activate storage 'Backup': storage 'Backup' is not online",
    );
    expect(guest(lab, 100).config.lock).toBeUndefined();
  });

  it("backups to elsewhere fail on its disks", async () => {
    power("nas", false);
    expect(await vzdump(lab, { vmid: "100", storage: "local" })).toBe("job errors");
    expect(lastTask(lab).log).toContain(
      "ERROR: Backup of VM 100 failed - storage 'Data' is not online",
    );
    expect(guest(lab, 100).config.lock).toBeUndefined();
  });

  it("a stopped service of the NAS is no different", async () => {
    const nas = lab.site.host("nas");
    nas.services = nas.services.filter((name) => name !== "nfs-server");
    expect(await vzdump(lab, { vmid: "100" })).toContain("is not online");
  });

  it("a backup that runs stands still, and goes on after its return", async () => {
    const upid = await begin(lab, { vmid: "100", compress: "gzip" });
    await lab.clock.advance(5_000);
    power("nas", false);
    await lab.clock.advance(30 * MINUTE);
    expect(end(upid)).toBeUndefined();
    expect(guest(lab, 100).config.lock).toBe("backup");
    power("nas", true);
    await lab.clock.advance(MINUTE);
    expect(end(upid)).toBe("OK");
    expect(await archives(lab)).toHaveLength(1);
  });

  it("guests go on running, standing still, and the HA manager leaves them where they are", async () => {
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    const before = runOf(lab, 100);
    power("nas", false);
    expect(lab.site.storages.stalled(guest(lab, 100))).toEqual(["Data"]);
    await lab.clock.advance(10 * MINUTE);
    expect(runOf(lab, 100)).toEqual(before);
    expect(guest(lab, 100).node).toBe("pve01");
    power("nas", true);
    expect(lab.site.storages.stalled(guest(lab, 100))).toEqual([]);
  });

  it("nothing that needs it starts", async () => {
    await lab.task("pve01", "POST", "/nodes/pve01/qemu/100/status/stop");
    power("nas", false);
    expect(await start()).toBe("storage 'Data' is not online");
    power("nas", true);
    expect(await start()).toBe("OK");
  });
});

describe("after a blackout", () => {
  beforeEach(async () => {
    lab = await siteWithBackups(true);
    await addVm(lab, { start: 0 });
  });

  it.each([
    [["nas", "pve01", "pve02"], "OK"],
    [["pve01", "pve02"], "storage 'Data' is not online"],
    [["pve01", "nas"], "no quorum"],
  ])("with %j back a start ends with %s", async (order, words) => {
    for (const host of ["pve01", "pve02", "nas"]) power(host, false);
    await lab.clock.advance(5 * MINUTE);
    for (const host of order) {
      power(host, true);
      await lab.clock.advance(2 * MINUTE);
    }
    const answer = await lab.api("pve01", "POST", "/nodes/pve01/qemu/100/status/start");
    await lab.settle(lab.site.tasks.idle());
    const told = answer.status === 200 ? end(String(answer.data)) : answer.reason;
    expect(told).toContain(words);
  });
});

describe("a node that loses its power in the middle of a backup", () => {
  beforeEach(async () => {
    lab = await siteWithBackups();
    await addVm(lab);
    await addCt(lab);
  });

  it("leaves the lock and a task without an end, and no archive", async () => {
    const upid = await begin(lab, { vmid: "100", compress: "gzip" });
    await lab.clock.advance(3_000);
    power("pve01", false);
    await lab.clock.advance(MINUTE);
    power("pve01", true);
    await lab.clock.advance(MINUTE);
    expect(end(upid)).toBe("unexpected status");
    expect(guest(lab, 100).config.lock).toBe("backup");
    expect(await archives(lab)).toEqual([]);
    expect(await start()).toBe("VM is locked (backup)");
    expect(await vzdump(lab, { vmid: "100" })).toBe("job errors");
    expect(lastTask(lab).log).toContain("ERROR: Backup of VM 100 failed - VM is locked (backup)");
    delete guest(lab, 100).config.lock;
    expect(await vzdump(lab, { vmid: "100" })).toBe("OK");
  });

  it("is the end of a restore too, whose disks are left", async () => {
    await vzdump(lab, { vmid: "101" });
    const [archive] = await archives(lab);
    for (const host of Object.values(lab.state.hosts)) host.linkMbit = 100;
    const upid = await lab.data<string>("pve01", "POST", "/nodes/pve01/lxc", {
      vmid: 105,
      ostemplate: String(archive?.volid),
      restore: 1,
      storage: "Data",
    });
    await lab.clock.advance(3_000);
    power("pve01", false);
    await lab.clock.advance(MINUTE);
    expect(end(upid)).toBe("unexpected status");
    expect(guest(lab, 105).config).toEqual({ lock: "create" });
    expect(lab.site.storages.volumes("pve01", "Data").some(({ vmid }) => vmid === 105)).toBe(true);
  });
});

describe("a cluster that loses its quorum in the middle of a backup", () => {
  it("cannot take the lock away", async () => {
    lab = await siteWithBackups(true);
    await addVm(lab);
    const upid = await begin(lab, { vmid: "100", compress: "gzip" });
    await lab.clock.advance(3_000);
    lab.site.hardware.plug("pve02", false);
    await lab.clock.advance(MINUTE);
    expect(end(upid)).toBe("OK");
    expect(guest(lab, 100).config.lock).toBe("backup");
  });
});
