import type { Lab } from "../support/lab";
import {
  addVm,
  archives,
  begin,
  guest,
  lastTask,
  runOf,
  siteWithBackups,
  vzdump,
} from "./support/site";

let lab: Lab;
beforeEach(async () => {
  lab = await siteWithBackups();
  await addVm(lab);
});

describe("a backup of a VM", () => {
  it("is an archive that is named after the guest and the moment", async () => {
    expect(await vzdump(lab, { vmid: "100", compress: "zstd" })).toBe("OK");
    expect(await archives(lab)).toMatchObject([
      {
        volid: "Backup:backup/vzdump-qemu-100-2026_01_01-00_00_00.vma.zst",
        format: "vma.zst",
        subtype: "qemu",
        vmid: 100,
        ctime: Date.UTC(2026, 0, 1) / 1000,
      },
    ]);
    expect(lastTask(lab)).toMatchObject({ type: "vzdump", id: "100" });
  });

  it("logs what tools read", async () => {
    await vzdump(lab, {
      vmid: "100",
      compress: "zstd",
      mode: "snapshot",
      "notes-template": "{{guestname}}, {{node}}",
    });
    const { log } = lastTask(lab);
    expect(log[0]).toMatch(
      /^INFO: starting new backup job: vzdump 100 --storage Backup --compress zstd --mode snapshot/,
    );
    expect(log).toEqual(
      expect.arrayContaining([
        "INFO: Starting Backup of VM 100 (qemu)",
        "INFO: Backup started at 2026-01-01 00:00:00",
        "INFO: status = running",
        "INFO: VM Name: web",
        "INFO: include disk 'scsi0' 'Data:100/vm-100-disk-0.qcow2' 8G",
        "INFO: backup mode: snapshot",
        "INFO: ionice priority: 7",
        "INFO: creating vzdump archive '/mnt/pve/Backup/dump/vzdump-qemu-100-2026_01_01-00_00_00.vma.zst'",
        "INFO: starting backup via QMP command",
        "INFO: resuming VM again",
        "INFO: archive file size: 368MB",
        "INFO: adding notes to backup",
        "INFO: Backup job finished successfully",
        "TASK OK",
      ]),
    );
    expect(log.join("\n")).toMatch(
      /INFO: 100% \(8\.0 GiB of 8\.0 GiB\) in \d+s, read: .*, write: /,
    );
    expect(log.join("\n")).toMatch(/INFO: Finished Backup of VM 100 \(00:00:0\d\)/);
    expect(await archives(lab)).toMatchObject([{ notes: "web, pve01" }]);
  });

  it("is smaller and takes longer the more it is compressed", async () => {
    const made: { size: number; seconds: number }[] = [];
    for (const compress of ["0", "lzo", "gzip", "zstd"]) {
      const before = lab.clock.now();
      await vzdump(lab, { vmid: "100", compress });
      const { endtime = 0 } = lastTask(lab);
      const stored = lab.site.storages.volumes("pve01", "Backup").at(-1);
      made.push({ size: stored?.size ?? 0, seconds: endtime - before / 1000 });
      await lab.clock.advance(60_000);
    }
    const [none, lzo, gzip, zstd] = made;
    expect(none?.size).toBeGreaterThan(lzo?.size ?? 0);
    expect(lzo?.size).toBeGreaterThan(gzip?.size ?? 0);
    expect(gzip?.size).toBeGreaterThan(zstd?.size ?? 0);
    expect(gzip?.seconds).toBeGreaterThan(lzo?.seconds ?? 0);
    expect(gzip?.seconds).toBeGreaterThan(zstd?.seconds ?? 0);
  });

  it("takes as long as the network to the NAS needs", async () => {
    const timed = async () => {
      const upid = await begin(lab, { vmid: "100" });
      await lab.clock.advance(300_000);
      const task = lab.site.tasks.find("pve01", upid);
      return (task?.endtime ?? 0) - (task?.starttime ?? 0);
    };
    const fast = await timed();
    for (const host of Object.values(lab.state.hosts)) host.linkMbit = 100;
    const slow = await timed();
    expect(fast).toBeLessThan(15);
    // 820 MiB at 11.6 MB/s.
    expect(slow).toBeGreaterThan(60);
    expect(slow).toBeLessThan(90);
  });

  it("has the disks that are meant for it", async () => {
    await lab.data("pve01", "PUT", "/nodes/pve01/qemu/100/config", {
      scsi1: "Data:1,backup=0",
      ide2: "Data:iso/setup.iso,media=cdrom",
    });
    await vzdump(lab, { vmid: "100" });
    expect(lastTask(lab).log).toContain(
      "INFO: exclude disk 'scsi1' 'Data:100/vm-100-disk-1.raw' (backup=no)",
    );
    const archive = lab.site.storages.volumes("pve01", "Backup")[0]?.archive;
    expect(archive?.volumes.map(({ key }) => key)).toEqual(["scsi0"]);
  });

  it("locks the guest meanwhile, and another one does not touch it", async () => {
    await begin(lab, { vmid: "100" });
    expect(guest(lab, 100).config.lock).toBe("backup");
    guest(lab, 100).config.lock = "migrate";
    await lab.settle(lab.site.tasks.idle());
    guest(lab, 100).config.lock = "backup";
    expect(await vzdump(lab, { vmid: "100" })).toBe("job errors");
    expect(lastTask(lab).log).toContain("ERROR: Backup of VM 100 failed - VM is locked (backup)");
    expect(guest(lab, 100).config.lock).toBe("backup");
  });

  it("of a VM that does not run uses a process of its own for it", async () => {
    await lab.task("pve01", "POST", "/nodes/pve01/qemu/100/status/stop");
    await vzdump(lab, { vmid: "100" });
    expect(lastTask(lab).log).toEqual(
      expect.arrayContaining([
        "INFO: status = stopped",
        "INFO: backup mode: stop",
        "INFO: starting kvm to execute backup task",
        "INFO: stopping kvm after backup task",
      ]),
    );
    expect(runOf(lab, 100)).toBeUndefined();
  });

  it("asks an agent to freeze the file systems", async () => {
    await lab.data("pve01", "PUT", "/nodes/pve01/qemu/100/config", { agent: "1" });
    await lab.task("pve01", "POST", "/nodes/pve01/qemu/100/status/stop");
    guest(lab, 100).traits = { agent: true };
    await lab.task("pve01", "POST", "/nodes/pve01/qemu/100/status/start");
    await vzdump(lab, { vmid: "100" });
    const { log } = lastTask(lab);
    expect(log.indexOf("INFO: issuing guest-agent 'fs-freeze' command")).toBeGreaterThan(0);
    expect(log.indexOf("INFO: issuing guest-agent 'fs-thaw' command")).toBeGreaterThan(
      log.indexOf("INFO: starting backup via QMP command"),
    );
  });
});

describe("what a guest feels of its backup", () => {
  const answers = () => lab.site.network.isAnswering(guest(lab, 100));

  it("is nothing in snapshot mode", async () => {
    const before = runOf(lab, 100);
    const upid = await begin(lab, { vmid: "100", mode: "snapshot" });
    while (lab.site.tasks.find("pve01", upid)?.exitstatus === undefined) {
      expect(answers()).toBe(true);
      await lab.clock.advance(500);
    }
    expect(runOf(lab, 100)).toEqual(before);
  });

  it("is a moment of standstill in suspend mode", async () => {
    await vzdump(lab, { vmid: "100", mode: "suspend" });
    const { log } = lastTask(lab);
    expect(log).toContain("INFO: suspending guest");
    expect(log).toContain("INFO: resuming VM again after 0 seconds");
    expect(answers()).toBe(true);
    expect(runOf(lab, 100)).not.toHaveProperty("paused");
  });

  it("is a restart in stop mode, whose archive is made while it runs again", async () => {
    guest(lab, 100).traits = { shutdown: 8, boot: 5 };
    const before = runOf(lab, 100)?.pid;
    const upid = await begin(lab, { vmid: "100", mode: "stop" });
    await lab.clock.advance(8_100);
    expect(runOf(lab, 100)?.pid).not.toBe(before);
    expect(answers()).toBe(false);
    expect(lab.site.tasks.find("pve01", upid)?.exitstatus).toBeUndefined();
    await lab.settle(lab.site.tasks.idle());
    expect(lastTask(lab).log).toContain("INFO: resuming VM again after 8 seconds");
    await lab.clock.advance(5_000);
    expect(answers()).toBe(true);
  });

  it("is more than it agreed to when the HA manager keeps it running", async () => {
    await lab.data("pve01", "POST", "/cluster/ha/resources", { sid: "vm:100" });
    expect(await vzdump(lab, { vmid: "100", mode: "stop" })).toBe("job errors");
    expect(lastTask(lab).log).toContain(
      "ERROR: Backup of VM 100 failed - Cannot execute a backup with stop mode on a HA managed and enabled Service. Use snapshot mode or disable the Service.",
    );
    expect(await vzdump(lab, { vmid: "100", mode: "snapshot" })).toBe("OK");
  });

  it("is the end of its backup when it does not shut down", async () => {
    guest(lab, 100).traits = { obeys: false };
    expect(await vzdump(lab, { vmid: "100", mode: "stop", stopwait: 1 })).toBe("job errors");
    expect(lastTask(lab).log.join("\n")).toContain("--timeout 60' failed: exit code 255");
    expect(runOf(lab, 100)).toBeDefined();
    expect(guest(lab, 100).config.lock).toBeUndefined();
  });
});
