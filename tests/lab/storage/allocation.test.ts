import { allocate, free, parseVolumeId, volumesOfGuest } from "../../../lab/storage/volumes";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  for (const [storage, content] of [
    ["Data", "images,rootdir"],
    ["Backup", "backup"],
  ]) {
    await lab.data("pve01", "POST", "/storage", {
      storage: storage ?? "",
      type: "nfs",
      server: "192.168.18.200",
      export: "/backup/pve-data",
      content: content ?? "",
    });
  }
});

const disk = (storage: string, more: { format?: string; vmid?: number } = {}) =>
  allocate(lab.site, "pve01", storage, { vmid: 100, size: 1024 ** 3, content: "images", ...more });

describe("a new disk", () => {
  it("is a file in the guest's folder, or a volume of the group", () => {
    expect(disk("Data")).toBe("Data:100/vm-100-disk-0.raw");
    expect(disk("local-lvm")).toBe("local-lvm:vm-100-disk-0");
  });

  it("has the format that is asked for, where there is a choice", () => {
    expect(disk("Data", { format: "qcow2" })).toBe("Data:100/vm-100-disk-0.qcow2");
    expect(() => disk("local-lvm", { format: "qcow2" })).toThrow("unsupported format 'qcow2'");
  });

  it("has the storage's own format otherwise", async () => {
    await lab.data("pve01", "PUT", "/storage/Data", { format: "qcow2" });
    expect(disk("Data")).toBe("Data:100/vm-100-disk-0.qcow2");
  });

  it("gets the lowest free number, whatever the format of the others", () => {
    disk("Data", { format: "qcow2" });
    expect(disk("Data", { format: "raw" })).toBe("Data:100/vm-100-disk-1.raw");
    free(lab.site, "pve01", "Data:100/vm-100-disk-0.qcow2");
    expect(disk("Data")).toBe("Data:100/vm-100-disk-0.raw");
    expect(disk("Data", { vmid: 10 })).toBe("Data:10/vm-10-disk-0.raw");
  });

  it("is not made on a storage that is not for images", () => {
    expect(() => disk("Backup")).toThrow("storage 'Backup' does not support content-type 'images'");
  });

  it("is not made on a storage that is away", () => {
    lab.site.hardware.switchPower("nas", false);
    expect(() => disk("Data")).toThrow("storage 'Data' is not online");
  });

  it("may be larger than the storage, as thin ones are", () => {
    const size = 10 * 1024 ** 4;
    const wanted = { vmid: 100, size, content: "images" as const };
    expect(allocate(lab.site, "pve01", "local-lvm", wanted)).toBe("local-lvm:vm-100-disk-0");
  });
});

describe("the disks of a guest", () => {
  it("are found on every storage, backups aside", () => {
    const made = [disk("Data"), disk("local-lvm")];
    disk("Data", { vmid: 101 });
    lab.site.storages.volumes("pve01", "Backup").push({
      name: "backup/vzdump-qemu-100-2026_01_01-02_00_00.vma.zst",
      content: "backup",
      format: "vma.zst",
      size: 1,
      ctime: 1,
      vmid: 100,
    });
    expect([...new Set(volumesOfGuest(lab.site, "pve01", 100))].sort()).toEqual(
      [...made, "Backup:100/vm-100-disk-0.raw"].sort(),
    );
  });

  it("are freed one by one", () => {
    const [first, second] = [disk("Data"), disk("Data")];
    free(lab.site, "pve01", first);
    expect(volumesOfGuest(lab.site, "pve01", 100)).toContain(second);
    expect(volumesOfGuest(lab.site, "pve01", 100)).not.toContain(first);
  });
});

describe("a volume id", () => {
  it.each([
    ["Data:100/vm-100-disk-0.qcow2", "Data", "100/vm-100-disk-0.qcow2"],
    ["local-lvm:vm-100-disk-0", "local-lvm", "vm-100-disk-0"],
    ["local:iso/a:b.iso", "local", "iso/a:b.iso"],
  ])("%s names a storage and a volume", (volid, storage, name) => {
    expect(parseVolumeId(volid)).toEqual({ storage, name });
  });

  it.each(["none", "Data:", ":x", "1a:x", "/dev/sda"])("is not %s", (volid) => {
    expect(() => parseVolumeId(volid)).toThrow(`unable to parse volume ID '${volid}'`);
  });
});
