import { GIB, userWith } from "../support/guests";
import type { Lab } from "../support/lab";
import {
  addCt,
  addVm,
  archives,
  begin,
  guest,
  lastTask,
  siteWithBackups,
  vzdump,
} from "./support/site";

let lab: Lab;
beforeEach(async () => {
  lab = await siteWithBackups();
  await addVm(lab);
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
