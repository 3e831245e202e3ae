import { configOf, disksOf, userWith } from "../support/guests";
import type { Lab, Params } from "../support/lab";
import {
  addVm,
  begin,
  guest,
  lastTask,
  newestArchive,
  siteWithBackups,
  vzdump,
} from "./support/site";

let lab: Lab;
let archive = "";
beforeEach(async () => {
  lab = await siteWithBackups();
  await addVm(lab, {
    start: 0,
    memory: 1024,
    smbios1: "uuid=11111111-2222-3333-4444-555555555555",
  });
  await vzdump(lab, { vmid: "100", compress: "zstd" });
  archive = await newestArchive(lab);
});

const restore = (params: Params = {}, node = "pve01") =>
  lab.task(node, "POST", `/nodes/${node}/qemu`, { vmid: 100, archive, ...params });
const attempt = (params: Params = {}, node = "pve01") =>
  lab.api(node, "POST", `/nodes/${node}/qemu`, { vmid: 100, archive, ...params });

describe("a restored VM", () => {
  it("is as it was, under another VMID as well", async () => {
    const before = await configOf(lab, "qemu", 100);
    expect(await restore({ vmid: 150 })).toBe("OK");
    const after = await configOf(lab, "qemu", 150);
    expect(after).toMatchObject({
      name: "web",
      memory: before.memory,
      net0: before.net0,
      smbios1: before.smbios1,
      scsi0: "Data:150/vm-150-disk-0.qcow2,size=8G",
    });
    expect(after.vmgenid).not.toBe(before.vmgenid);
    expect(after).not.toHaveProperty("lock");
    expect(lastTask(lab)).toMatchObject({ type: "qmrestore", id: "150" });
  });

  it("tells what it does", async () => {
    await restore({ vmid: 150 });
    const { log } = lastTask(lab);
    expect(log[0]).toBe(
      "restore vma archive: zstd -q -d -c /mnt/pve/Backup/dump/vzdump-qemu-100-2026_01_01-00_00_00.vma.zst | vma extract -v -r /var/tmp/vzdumptmp.fifo - /var/tmp/vzdumptmp",
    );
    expect(log).toEqual(
      expect.arrayContaining([
        "DEV: dev_id=1 size: 8589934592 devname: drive-scsi0",
        "new volume ID is 'Data:150/vm-150-disk-0.qcow2'",
        "map 'drive-scsi0' to '/mnt/pve/Data/images/150/vm-150-disk-0.qcow2' (write zeros = 0)",
        "rescan volumes...",
        "TASK OK",
      ]),
    );
    expect(log.join("\n")).toMatch(/progress 100% \(read 8589934592 bytes, duration \d+ sec\)/);
  });

  it("is another one with unique", async () => {
    const before = await configOf(lab, "qemu", 100);
    await restore({ vmid: 150, unique: 1 });
    const after = await configOf(lab, "qemu", 150);
    expect(after.net0).toMatch(/^virtio=BC:24:11:.*,bridge=vmbr0$/);
    expect(after.net0).not.toBe(before.net0);
    expect(after.smbios1).not.toBe(before.smbios1);
  });

  it("may lie on another storage, in a format that it has", async () => {
    await restore({ vmid: 150, storage: "local-lvm" });
    expect(await configOf(lab, "qemu", 150)).toMatchObject({
      scsi0: "local-lvm:vm-150-disk-0,size=8G",
    });
  });

  it("may be on the other node, if the archive is there too", async () => {
    lab = await siteWithBackups(true);
    await addVm(lab, { start: 0 });
    await vzdump(lab, { vmid: "100" });
    archive = await newestArchive(lab);
    expect(await restore({ vmid: 150 }, "pve02")).toBe("OK");
    expect(guest(lab, 150).node).toBe("pve02");
  });

  it("takes what the request says otherwise, and starts if it should", async () => {
    await restore({ vmid: 150, name: "copy", memory: 2048, start: 1 });
    expect(await configOf(lab, "qemu", 150)).toMatchObject({ name: "copy", memory: "2048" });
    expect(lab.site.nodeState("pve01").running["150"]).toBeDefined();
  });

  it("becomes an HA resource if it should", async () => {
    await restore({ vmid: 150, "ha-managed": 1 });
    expect(lab.site.pmxcfs("pve01").ha.resources["vm:150"]).toMatchObject({ state: "stopped" });
    expect(lastTask(lab).log).toContain("Add HA resource with request-state 'stopped'");
  });
});

describe("a restore over a VM", () => {
  it("wants to be forced", async () => {
    expect(await attempt()).toMatchObject({
      status: 500,
      reason: "unable to restore VM 100 - VM 100 already exists on node 'pve01'",
    });
  });

  it("puts the disks of the archive in the place of those that are there", async () => {
    await lab.data("pve01", "PUT", "/nodes/pve01/qemu/100/config", {
      scsi1: "Data:1",
      name: "changed",
    });
    expect(await restore({ force: 1 })).toBe("OK");
    expect(await configOf(lab, "qemu", 100)).toMatchObject({
      name: "web",
      scsi0: "Data:100/vm-100-disk-0.qcow2,size=8G",
      // A disk that the archive does not know is kept, but not used.
      unused0: "Data:100/vm-100-disk-1.raw",
    });
    expect(await disksOf(lab, 100)).toHaveLength(2);
  });

  it("has freed its disks before it fails", async () => {
    const target = { type: "lvm", storage: "small", vgname: "pve" };
    await lab.data("pve01", "POST", "/storage", target);
    guest(lab, 100).config.description = "old";
    const stored = lab.site.storages.volumes("pve01", "Backup")[0];
    if (stored?.archive?.volumes[0]) stored.archive.volumes[0].size = 100 * 1024 ** 3;
    const end = await restore({ force: 1, storage: "small" });
    expect(end).toContain("not enough free space");
    expect(guest(lab, 100).config).toEqual({ memory: "128" });
    expect(await disksOf(lab, 100)).toEqual([]);
    expect(lastTask(lab).log.join("\n")).toContain("VM 100 state is NOT cleaned up.");
  });

  it.each([
    [
      "it is protected",
      { protection: "1" },
      "unable to restore VM 100 - - protection mode enabled",
    ],
    ["it runs", {}, "unable to restore VM 100 - vm is running"],
  ])("fails when %s, and leaves it alone", async (_case, config, words) => {
    Object.assign(guest(lab, 100).config, config);
    if (words.includes("running")) {
      await lab.task("pve01", "POST", "/nodes/pve01/qemu/100/status/start");
    }
    expect(await restore({ force: 1 })).toBe(words);
    expect(await disksOf(lab, 100)).toEqual(["Data:100/vm-100-disk-0.qcow2"]);
    expect(guest(lab, 100).config.lock).toBeUndefined();
  });

  it("is refused while something else works on it", async () => {
    guest(lab, 100).config.lock = "migrate";
    expect((await attempt({ force: 1 })).reason).toBe(
      "unable to restore VM 100 - VM is locked (migrate)",
    );
  });

  it("is refused on another node", async () => {
    lab = await siteWithBackups(true);
    await addVm(lab, { start: 0 });
    await vzdump(lab, { vmid: "100" });
    archive = await newestArchive(lab);
    expect((await attempt({ force: 1 }, "pve02")).reason).toBe(
      "unable to restore VM 100 - VM 100 already exists on node 'pve01'",
    );
  });
});

describe("a restore that cannot be", () => {
  it.each([[{ scsi0: "Data:1" }, { scsi0: "option conflicts with option 'archive'" }]])(
    "with %j is refused",
    async (params, errors) => {
      expect(await attempt({ vmid: 150, ...params })).toMatchObject({ status: 400, errors });
    },
  );

  it("of something that is no backup is refused", async () => {
    expect((await attempt({ vmid: 150, archive: "Data:iso/setup.iso" })).reason).toBe(
      "unable to use volume Data:iso/setup.iso - content type needs to be 'backup'",
    );
  });

  it("of an archive that is gone fails in its task", async () => {
    const gone = "Backup:backup/vzdump-qemu-100-2020_01_01-00_00_00.vma";
    expect(await restore({ vmid: 150, archive: gone })).toContain("No such file or directory");
  });

  it("onto a storage that is not for disks fails", async () => {
    expect(await restore({ vmid: 150, storage: "Backup" })).toBe(
      "Content type 'images' is not available on storage 'Backup'",
    );
  });

  it("is not for everybody", async () => {
    const auth = await userWith(lab, ["VM.Backup", "Datastore.AllocateSpace"]);
    const post = (params: Params) =>
      lab.api("pve01", "POST", "/nodes/pve01/qemu", { archive, ...params }, auth);
    expect((await post({ vmid: 150 })).reason).toBe("Permission check failed");
    expect((await post({ vmid: 100, force: 1 })).status).toBe(200);
  });

  it("waits for a NAS that goes away meanwhile", async () => {
    for (const host of Object.values(lab.state.hosts)) host.linkMbit = 100;
    const upid = await lab.data<string>("pve01", "POST", "/nodes/pve01/qemu", {
      vmid: 150,
      archive,
    });
    await lab.clock.advance(5_000);
    lab.site.hardware.switchPower("nas", false);
    await lab.clock.advance(600_000);
    expect(lab.site.tasks.find("pve01", upid)?.exitstatus).toBeUndefined();
    expect(guest(lab, 150).config).toEqual({ memory: "128" });
    lab.site.hardware.switchPower("nas", true);
    await lab.clock.advance(60_000);
    expect(lab.site.tasks.find("pve01", upid)?.exitstatus).toBe("OK");
  });

  it("that is stopped takes its new disks away", async () => {
    for (const host of Object.values(lab.state.hosts)) host.linkMbit = 100;
    const upid = await lab.data<string>("pve01", "POST", "/nodes/pve01/qemu", {
      vmid: 150,
      archive,
    });
    await lab.clock.advance(5_000);
    await lab.data("pve01", "DELETE", `/nodes/pve01/tasks/${upid}`);
    await lab.clock.advance(5_000);
    const task = lab.site.tasks.find("pve01", upid);
    expect(task?.exitstatus).toBe("interrupted by signal");
    expect(task?.log).toContain(
      "temporary volume 'Data:150/vm-150-disk-0.qcow2' successfully removed",
    );
    expect(await disksOf(lab, 150)).toEqual([]);
  });

  it("of the guest that is being backed up is refused", async () => {
    await begin(lab, { vmid: "100" });
    expect((await attempt({ force: 1 })).reason).toBe(
      "unable to restore VM 100 - VM is locked (backup)",
    );
    await lab.settle(lab.site.tasks.idle());
  });
});
