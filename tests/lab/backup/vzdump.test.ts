import { GIB, userWith } from "../support/guests";
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

describe("a backup of a container", () => {
  beforeEach(async () => {
    await addCt(lab);
  });

  it("on NFS goes by suspend mode, and loses ACLs and attributes", async () => {
    expect(await vzdump(lab, { vmid: "101", compress: "zstd" })).toBe("OK");
    const { log } = lastTask(lab);
    expect(log).toEqual(
      expect.arrayContaining([
        "INFO: CT Name: dns",
        "INFO: including mount point rootfs ('/') in backup",
        "INFO: mode failure - some volumes do not support snapshots",
        "INFO: trying 'suspend' mode instead",
        "INFO: backup mode: suspend",
        "INFO: temporary directory is on NFS, disabling xattr and acl support, consider configuring a local tmpdir via /etc/vzdump.conf",
        "INFO: suspending guest",
        "INFO: resuming guest",
        "INFO: guest is online again after <1 seconds",
      ]),
    );
    expect(log.join("\n")).toMatch(/INFO: final sync finished - transferred .* bytes in 0s/);
    expect(lab.site.storages.volumes("pve01", "Backup")[0]).toMatchObject({ xattrs: false });
  });

  it("keeps them with a local tmpdir", async () => {
    lab.site.host("pve01").files["/etc/vzdump.conf"] = {
      content: "# local\ntmpdir: /var/tmp\n",
      mode: 0o644,
    };
    expect(await vzdump(lab, { vmid: "101" })).toBe("OK");
    expect(lastTask(lab).log.join("\n")).not.toContain("disabling xattr");
    expect(lab.site.storages.volumes("pve01", "Backup")[0]).not.toHaveProperty("xattrs");
  });

  it("whose volumes have snapshots goes on running", async () => {
    await addCt(lab, { vmid: 102, rootfs: "local-lvm:4" });
    expect(await vzdump(lab, { vmid: "102" })).toBe("OK");
    expect(lastTask(lab).log).toEqual(
      expect.arrayContaining([
        "INFO: backup mode: snapshot",
        "INFO: create storage snapshot 'vzdump'",
        "INFO: cleanup temporary 'vzdump' snapshot",
      ]),
    );
  });

  it("is down for all of it in stop mode", async () => {
    const upid = await begin(lab, { vmid: "101", mode: "stop", compress: "gzip" });
    await lab.clock.advance(2_000);
    expect(runOf(lab, 101)).toBeUndefined();
    await lab.settle(lab.site.tasks.idle());
    expect(runOf(lab, 101)).toBeDefined();
    const log = lab.site.tasks.find("pve01", upid)?.log.join("\n");
    expect(log).toContain("INFO: restarting vm");
    expect(log).toMatch(/INFO: guest is online again after \d\d seconds/);
  });

  it("leaves out what is not meant for it", async () => {
    await lab.data("pve01", "PUT", "/nodes/pve01/lxc/101/config", { mp0: "Data:1,mp=/data" });
    await vzdump(lab, { vmid: "101" });
    expect(lastTask(lab).log).toContain(
      "INFO: excluding volume mount point mp0 ('/data') from backup (disabled)",
    );
  });
});

describe("a backup of several guests", () => {
  beforeEach(async () => {
    await addCt(lab);
  });

  it("goes one after the other, and one that fails does not stop the rest", async () => {
    guest(lab, 100).config.lock = "migrate";
    expect(await vzdump(lab, { vmid: "100,101,999" })).toBe("job errors");
    const { log } = lastTask(lab);
    expect(log).toContain("ERROR: Backup of VM 100 failed - VM is locked (migrate)");
    expect(log).toContain("ERROR: Backup of VM 999 failed - unable to find VM '999'");
    expect(log).toContain("INFO: Backup job finished with errors");
    expect(await archives(lab)).toHaveLength(1);
  });

  it("is of all, or of all but some", async () => {
    await vzdump(lab, { all: 1 });
    await lab.clock.advance(60_000);
    await vzdump(lab, { exclude: "100" });
    expect((await archives(lab)).map(({ vmid }) => vmid).sort()).toEqual([100, 101, 101]);
  });

  it("waits for the one that a node makes already", async () => {
    await begin(lab, { vmid: "100" });
    await vzdump(lab, { vmid: "101" });
    expect(lastTask(lab).log.slice(0, 2)).toEqual([
      "INFO: trying to get global lock - waiting...",
      "INFO: got global lock",
    ]);
  });

  it("waits no longer than it is told", async () => {
    for (const host of Object.values(lab.state.hosts)) host.linkMbit = 100;
    await begin(lab, { vmid: "100" });
    await begin(lab, { vmid: "101", lockwait: 1 });
    await lab.clock.advance(70_000);
    expect(lastTask(lab).log).toContain(
      "ERROR: can't acquire lock '/var/run/vzdump.lock' - got timeout",
    );
    await lab.clock.advance(70_000);
    expect(await archives(lab)).toHaveLength(1);
  });

  it("can be stopped, and tidies up then", async () => {
    const upid = await begin(lab, { vmid: "100", compress: "gzip" });
    await lab.clock.advance(3_000);
    await lab.data("pve01", "DELETE", `/nodes/pve01/tasks/${upid}`);
    await lab.settle(lab.site.tasks.idle());
    expect(lab.site.tasks.find("pve01", upid)?.exitstatus).toBe("interrupted by signal");
    expect(guest(lab, 100).config.lock).toBeUndefined();
    expect(await archives(lab)).toEqual([]);
  });

  it("can be stopped by a new one that is to take its place", async () => {
    const upid = await begin(lab, { vmid: "100", compress: "gzip" });
    await lab.clock.advance(3_000);
    expect(await lab.data("pve01", "POST", "/nodes/pve01/vzdump", { stop: 1 })).toBe("OK");
    await lab.settle(lab.site.tasks.idle());
    expect(lab.site.tasks.find("pve01", upid)?.log).toContain(
      "ERROR: Backup job failed - interrupted by signal",
    );
  });

  it("on another node is nothing to do here", async () => {
    expect(await lab.data("pve02", "POST", "/nodes/pve02/vzdump", { pool: "none" })).toBe("OK");
  });
});

describe("old backups", () => {
  const made = async (params = {}) => {
    const end = await vzdump(lab, { vmid: "100", ...params });
    await lab.clock.advance(60_000);
    return end;
  };

  it("go as the job says, or else the storage", async () => {
    await made();
    await made();
    await made({ "prune-backups": "keep-last=2" });
    expect(await archives(lab)).toHaveLength(2);
    expect(lastTask(lab).log).toEqual(
      expect.arrayContaining([
        "INFO: prune older backups with retention: keep-last=2",
        "INFO: removing backup 'Backup:backup/vzdump-qemu-100-2026_01_01-00_00_00.vma'",
        "INFO: pruned 1 backup(s) not covered by keep-retention policy",
      ]),
    );
    await lab.data("pve01", "PUT", "/storage/Backup", { "prune-backups": "keep-last=1" });
    await made();
    expect(await archives(lab)).toHaveLength(1);
  });

  it("stay when nothing says otherwise, and when they are protected", async () => {
    await made({ protected: 1 });
    await made();
    await made({ "prune-backups": "keep-last=1" });
    expect((await archives(lab)).map((row) => row.protected ?? 0).sort()).toEqual([0, 1]);
  });

  it("are in the way when they may not be removed", async () => {
    await lab.data("pve01", "PUT", "/storage/Backup", { "prune-backups": "keep-last=1" });
    await made();
    expect(await made({ remove: 0 })).toBe("job errors");
    expect(lastTask(lab).log.join("\n")).toContain(
      "There is a max backup limit of 1 enforced by the target storage or the vzdump parameters.",
    );
  });

  it("are protected up to the storage's limit", async () => {
    await lab.data("pve01", "PUT", "/storage/Backup", { "max-protected-backups": 1 });
    await made({ protected: 1 });
    expect(await made({ protected: 1 })).toBe("job errors");
  });
});

describe("a backup that cannot be", () => {
  it.each([
    [
      { storage: "Data" },
      "could not get storage information for 'Data': can't use storage 'Data' for backups - wrong content type",
    ],
    [{ tmpdir: "/nowhere" }, "tmpdir '/nowhere' does not exist"],
  ])("with %j says so", async (params, words) => {
    expect(await vzdump(lab, { vmid: "100", ...params })).toBe(words);
  });

  it("for want of space leaves nothing", async () => {
    const { total } = lab.site.storages.status("pve01", "Backup");
    lab.site.storages.volumes("pve01", "Backup").push({
      name: "backup/x.vma",
      content: "backup",
      format: "vma",
      size: total - GIB / 10,
      ctime: 1,
    });
    expect(await vzdump(lab, { vmid: "100", compress: "zstd" })).toBe("job errors");
    expect(lastTask(lab).log).toEqual(
      expect.arrayContaining([
        "ERROR: vma_queue_write: write error - Broken pipe",
        "INFO: aborting backup job",
        "ERROR: Backup of VM 100 failed - vma_queue_write: write error - Broken pipe",
      ]),
    );
    expect(await archives(lab, "&vmid=100")).toEqual([]);
    expect(guest(lab, 100).config.lock).toBeUndefined();
  });

  it.each([
    [{}, { vmid: "property is missing" }],
    [{ vmid: "100", all: 1 }, { all: "option conflicts with option 'vmid'" }],
    [
      { vmid: "100", "notes-template": "{{name}}" },
      { "notes-template": "found unknown: variable 'name' at char 2\n" },
    ],
    [
      { vmid: "100", stdout: 1 },
      { stdout: "option is only allowed on the command line interface." },
    ],
  ])("is refused as %j", async (params, errors) => {
    const answer = await lab.api("pve01", "POST", "/nodes/pve01/vzdump", {
      storage: "Backup",
      ...params,
    });
    expect(answer).toMatchObject({ status: 400, errors });
  });

  it("is refused to who may not", async () => {
    const auth = await userWith(lab, ["VM.Backup"]);
    const post = (params: Record<string, string>) =>
      lab.api(
        "pve01",
        "POST",
        "/nodes/pve01/vzdump",
        { vmid: "100", storage: "Backup", ...params },
        auth,
      );
    expect((await post({})).reason).toBe(
      "Permission check failed (/storage/Backup, Datastore.AllocateSpace)",
    );
    expect((await post({ "prune-backups": "keep-last=1" })).reason).toBe(
      "Permission check failed (/storage/Backup, Datastore.Allocate)",
    );
    expect((await post({ bwlimit: "1" })).reason).toBe("Permission check failed (/, Sys.Modify)");
    expect((await post({ tmpdir: "/tmp" })).errors).toEqual({
      tmpdir: "Only root may set this option.",
    });
  });
});

describe("what a backup does that is told nothing", () => {
  it("can be asked", async () => {
    await lab.data("pve01", "PUT", "/storage/Backup", { "prune-backups": "keep-last=3" });
    const read = () => lab.data("pve01", "GET", "/nodes/pve01/vzdump/defaults?storage=Backup");
    expect(await read()).toMatchObject({
      mode: "snapshot",
      compress: "0",
      storage: "Backup",
      "prune-backups": "keep-last=3",
      dumpdir: "/mnt/pve/Backup/dump",
    });
  });

  it("is the configuration in the archive", async () => {
    await vzdump(lab, { vmid: "100" });
    const volume = "Backup:backup/vzdump-qemu-100-2026_01_01-00_00_00.vma";
    const text = await lab.data<string>(
      "pve01",
      "GET",
      `/nodes/pve01/vzdump/extractconfig?volume=${volume}`,
    );
    expect(text).toContain("name: web\n");
    expect(text).toContain("#qmdump#map:scsi0:drive-scsi0:Data:qcow2:\n");
    expect(text).not.toContain("lock:");
  });
});
