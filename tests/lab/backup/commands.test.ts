import { freshHosts, type Machines } from "../cluster/support/machines";

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
  await lab.out(
    "pve01",
    [
      "pvesm add nfs Data --server 192.168.18.200 --export /backup/pve-data --content images,rootdir",
      "pvesm add nfs Backup --server 192.168.18.200 --export /backup/pve-backup --content backup",
      "pvesh create /nodes/pve01/qemu --vmid 100 --name web --scsi0 Data:1",
    ].join("\n"),
  );
});

const ARCHIVE = "Backup:backup/vzdump-qemu-100-2026_01_01-01_00_00.vma.zst";

describe("vzdump and qmrestore", () => {
  it("print their log and end as their task does", async () => {
    const { stdout, exitCode } = await lab.run(
      "pve01",
      "vzdump 100 --storage Backup --compress zstd",
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain("INFO: Finished Backup of VM 100");
    expect(await lab.out("pve01", "pvesm list Backup")).toContain(`${ARCHIVE} vma.zst backup`);
    expect(await lab.out("pve01", `qmrestore ${ARCHIVE} 150 --unique && qm config 150`)).toContain(
      "name: web",
    );
    const again = await lab.run("pve01", `qmrestore ${ARCHIVE} 150`);
    expect(again).toMatchObject({
      stderr: "unable to restore VM 150 - VM 150 already exists on node 'pve01'\n",
      exitCode: 255,
    });
  });

  it("take the path of an archive", async () => {
    await lab.out("pve01", "vzdump 100 --storage Backup --compress zstd");
    const path = (await lab.out("pve01", `pvesm path ${ARCHIVE}`)).trim();
    expect(path).toBe("/mnt/pve/Backup/dump/vzdump-qemu-100-2026_01_01-01_00_00.vma.zst");
    expect((await lab.run("pve01", `qmrestore ${path} 151`)).exitCode).toBe(0);
    expect((await lab.run("pve01", "qmrestore /tmp/x.vma 152")).stderr).toContain(
      "can't find archive",
    );
  });

  it("fail when the backup fails, and qm unlock is the way on", async () => {
    await lab.out("pve01", "vzdump 100 --storage Backup");
    const vm = lab.site.pmxcfs("pve01").guests["100"];
    if (vm) vm.config.lock = "backup";
    const failed = await lab.run("pve01", "vzdump 100 --storage Backup");
    expect(failed).toMatchObject({ stderr: "job errors\n", exitCode: 255 });
    expect(await lab.out("pve01", "cat /var/log/vzdump/qemu-100.log")).toContain(
      "ERROR: Backup of VM 100 failed - VM is locked (backup)",
    );
    await lab.out("pve01", "qm unlock 100");
    expect((await lab.run("pve01", "vzdump 100 --storage Backup")).exitCode).toBe(0);
    expect((await lab.run("pve01", "qm unlock 999")).exitCode).not.toBe(0);
  });

  it("leave other nodes' guests alone", async () => {
    expect(await lab.run("pve01", "vzdump 100 --node pve02 --storage Backup")).toMatchObject({
      stdout: "",
      exitCode: 0,
    });
  });
});

describe("pvesm", () => {
  it("shows storages and what they are", async () => {
    const lines = (await lab.out("pve01", "pvesm status")).split("\n");
    expect(lines[0]).toMatch(
      /^Name +Type +Status +Total \(KiB\) +Used \(KiB\) +Available \(KiB\) +%$/,
    );
    expect(lines[1]).toMatch(/^Backup +nfs +active +2147483648 +0 +2147483648 +0\.00%$/);
    lab.site.hardware.switchPower("nas", false);
    expect(await lab.out("pve01", "pvesm status")).toMatch(/Data +nfs +inactive +0 +0 +0 +0\.00%/);
  });

  it("changes and removes them", async () => {
    await lab.out("pve01", "pvesm set Data --disable 1");
    expect(await lab.out("pve01", "pvesm status")).toMatch(/Data +nfs +disabled .* N\/A/);
    await lab.out("pve01", "pvesm remove Data");
    expect(await lab.out("pve01", "pvesm status")).not.toContain("Data");
  });

  it("scans for exports, makes volumes and frees them", async () => {
    expect(await lab.out("pve01", "pvesm scan nfs 192.168.18.200")).toBe(
      "/backup/pve-backup *\n/backup/pve-data   *\n",
    );
    expect(await lab.out("pve01", "pvesm alloc Data 100 vm-100-disk-7.qcow2 2G")).toBe(
      "successfully created 'Data:100/vm-100-disk-7.qcow2'\n",
    );
    expect(await lab.out("pve01", "pvesm list Data")).toContain("vm-100-disk-7.qcow2");
    await lab.out("pve01", "pvesm free Data:100/vm-100-disk-7.qcow2");
    expect(await lab.out("pve01", "pvesm list Data")).not.toContain("vm-100-disk-7");
  });

  it("prunes, first as a preview", async () => {
    await lab.out("pve01", "vzdump 100 --storage Backup --compress zstd");
    const preview = await lab.out("pve01", "pvesm prune-backups Backup --keep-last 1 --dry-run 1");
    expect(preview).toMatch(/vzdump-qemu-100-.*vma\.zst +qemu\/100 +keep/);
    expect(await lab.out("pve01", `pvesm extractconfig ${ARCHIVE}`)).toContain("name: web");
    expect((await lab.run("pve01", "pvesm nonsense")).exitCode).toBe(255);
  });
});

describe("pct restore", () => {
  it("makes a container of an archive", async () => {
    await lab.out(
      "pve01",
      "pvesm set Data --content images,rootdir,vztmpl; pveam download Data debian-13-standard_13.1-2_amd64.tar.zst",
    );
    await lab.out(
      "pve01",
      "pvesh create /nodes/pve01/lxc --vmid 101 --hostname dns --ostemplate Data:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst --rootfs Data:2",
    );
    await lab.out("pve01", "vzdump 101 --storage Backup");
    const archive = "Backup:backup/vzdump-lxc-101-2026_01_01-01_00_00.tar";
    expect(
      await lab.out("pve01", `pct restore 150 ${archive} --storage Data && pct config 150`),
    ).toContain("hostname: dns");
  });
});
