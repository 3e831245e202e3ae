import { newCt, newVm } from "../support/guests";
import type { Lab, Params } from "../support/lab";
import { CT, guestOf, lastTask, migrate, runningVm, runsOn, site, VM } from "./support";

let lab: Lab;
beforeEach(async () => {
  lab = await site();
});

const LOCAL = { name: "iso/local.iso", content: "iso", format: "iso", size: 5, ctime: 1 } as const;

describe("a migration is refused at once", () => {
  it.each<[string, Params, string]>([
    ["to a node that is not there", { target: "pve09" }, "no such cluster node 'pve09'"],
    ["while the VM runs, unless it is to go on", {}, "can't migrate running VM without --online"],
  ])("%s", async (_, params, words) => {
    await runningVm(lab);
    expect(await migrate(lab, params)).toMatchObject({ status: 500, reason: words });
  });

  it("to where the VM is", async () => {
    await runningVm(lab);
    expect((await migrate(lab, { target: "pve01" })).errors).toEqual({
      target: "target is local node.",
    });
  });

  it("while something works on the VM", async () => {
    await runningVm(lab);
    guestOf(lab, 100).config.lock = "backup";
    expect((await migrate(lab, { online: 1 })).reason).toBe("VM is locked (backup)");
    expect((await lab.api("pve01", "GET", `${VM}/migrate`)).reason).toBe("VM is locked (backup)");
  });

  it("without quorum", async () => {
    await runningVm(lab);
    lab.site.hardware.switchPower("pve02", false);
    await lab.clock.advance(60_000);
    expect((await migrate(lab, { online: 1 })).reason).toBe("cluster not ready - no quorum?");
  });

  it("when the target may not use a storage of the VM", async () => {
    await lab.data("pve01", "PUT", "/storage/Data", { nodes: "pve01" });
    await runningVm(lab);
    const words = "storage 'Data' is not available on node 'pve02'";
    expect((await migrate(lab, { online: 1 })).reason).toBe(words);
  });

  it("onto a storage that the target does not have, or that takes no disks", async () => {
    await runningVm(lab, { scsi0: "local-lvm:8" });
    const to = (targetstorage: string) =>
      migrate(lab, { online: 1, "with-local-disks": 1, targetstorage });
    expect((await to("Nowhere")).reason).toBe("storage 'Nowhere' does not exist");
    expect((await to("local")).errors).toEqual({
      targetstorage: "storage 'local' does not support vm images",
    });
    expect((await to("a,b")).errors).toEqual({
      targetstorage: "failed to parse storage map: map must not contain multiple default entries\n",
    });
  });

  it.each(["force", "migration_type", "migration_network"])(
    "when anyone but root asks for %s",
    async (key) => {
      await runningVm(lab);
      await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
      const grant = { path: "/vms", roles: "PVEVMAdmin", users: "a@pve" };
      await lab.data("pve01", "PUT", "/access/acl", grant);
      const values: Params = {
        force: 1,
        migration_type: "insecure",
        migration_network: "10.0.0.0/8",
      };
      const params = { target: "pve02", online: 1, [key]: values[key] ?? "" };
      const auth = lab.ticket("pve01", "a@pve");
      expect((await lab.api("pve01", "POST", `${VM}/migrate`, params, auth)).errors).toEqual({
        [key]: "Only root may use this option.",
      });
    },
  );

  it("of a container that runs, unless it may be restarted", async () => {
    await newCt(lab, { start: 1 });
    expect((await migrate(lab, {}, CT)).reason).toBe(
      "can't migrate running container without --online or --restart",
    );
  });
});

describe("a migration fails in its task, and leaves the VM running where it is", () => {
  afterEach(() => {
    expect(runsOn(lab)).toEqual(["pve01"]);
    expect(guestOf(lab, 100).config.lock).toBeUndefined();
  });

  const failure = async (params: Params = {}) => {
    await migrate(lab, { online: 1, ...params });
    await lab.clock.advance(0);
    return lastTask(lab);
  };

  it("with a local CD in its drive", async () => {
    lab.site.storages.volumes("pve01", "local").push({ ...LOCAL });
    await runningVm(lab, { ide2: "local:iso/local.iso,media=cdrom" });
    const { end, log } = await failure();
    expect(end).toBe("migration aborted");
    expect(log).toContain("can't migrate local disk 'local:iso/local.iso': local cdrom image");
    expect(log).toContain(
      "ERROR: Problem found while scanning volumes - can't migrate VM - check log",
    );
    expect(log).toContain("aborting phase 1 - cleanup resources");
    expect(log).toContain(
      "ERROR: migration aborted (duration 00:00:00): Problem found while scanning volumes - can't migrate VM - check log",
    );
  });

  it("with the host's own CD drive", async () => {
    await runningVm(lab, { ide2: "cdrom,media=cdrom" });
    expect((await failure()).log).toContain("can't migrate local cdrom drive");
  });

  it("with a device of the host", async () => {
    await runningVm(lab, { hostpci0: "0000:01:00.0", serial0: "socket", usb0: "spice" });
    const { end, log } = await failure();
    expect(end).toBe("migration aborted");
    expect(log.at(-2)).toMatch(/: can't migrate VM which uses local devices: hostpci0$/);
  });

  it("with local disks, unless they may come along", async () => {
    await runningVm(lab, { scsi0: "local-lvm:8" });
    const { log } = await failure();
    expect(log).toContain("found local disk 'local-lvm:vm-100-disk-0' (attached)");
    expect(log).toContain(
      "can't migrate local disk 'local-lvm:vm-100-disk-0': can't live migrate attached local disks without with-local-disks option",
    );
  });

  it("with a snapshot of a local disk", async () => {
    await runningVm(lab, { scsi0: "local-lvm:8" });
    await lab.task("pve01", "POST", `${VM}/snapshot`, { snapname: "before" });
    const { log } = await failure({ "with-local-disks": 1 });
    expect(log).toContain(
      "can't migrate local disk 'local-lvm:vm-100-disk-0': online storage migration not possible if non-replicated snapshot exists",
    );
  });

  it("when the target cannot be reached", async () => {
    await runningVm(lab);
    lab.site.hardware.plug("pve02", false);
    await lab.clock.advance(20_000);
    lab.site.quorum.setExpected("pve01", 1);
    const { end, log } = await failure();
    expect(end).toBe("migration aborted");
    expect(log.at(-2)).toMatch(/: Can't connect to destination address using public key$/);
  });

  it("with a CPU type that only its own node has", async () => {
    // pve01 has an Ivy Bridge, pve02 a Sandy Bridge.
    await runningVm(lab, { cpu: "IvyBridge" });
    const { end, log } = await failure();
    expect(end).toBe("migration problems");
    expect(log).toContain("[pve02] kvm: Host doesn't support requested features");
    expect(log).toContain("[pve02] start failed: QEMU exited with code 1");
    expect(log).toContain(
      "ERROR: online migrate failure - remote command failed with exit code 255",
    );
    expect(log).toContain("aborting phase 2 - cleanup resources");
    expect(log).toContain("ERROR: migration finished with problems (duration 00:00:00)");
  });
});

describe("a node", () => {
  it("does not start a VM whose CPU type it does not have", async () => {
    await newVm(lab, { cpu: "x86-64-v3" });
    expect(await lab.task("pve01", "POST", `${VM}/status/start`)).toBe(
      "start failed: QEMU exited with code 1",
    );
  });
});

describe("the preconditions of a migration", () => {
  const ask = (path = VM) => lab.data<Record<string, unknown>>("pve01", "GET", `${path}/migrate`);

  it("tell where a VM may go", async () => {
    await runningVm(lab);
    expect(await ask()).toMatchObject({
      running: 1,
      allowed_nodes: ["pve02"],
      not_allowed_nodes: {},
      local_disks: [],
      local_resources: [],
    });
  });

  it("tell which storages the target lacks", async () => {
    await lab.data("pve01", "PUT", "/storage/Data", { nodes: "pve01" });
    await newVm(lab, { scsi0: "Data:1" });
    expect(await ask()).toMatchObject({
      running: 0,
      allowed_nodes: [],
      not_allowed_nodes: { pve02: { unavailable_storages: ["Data"] } },
    });
  });

  it("tell what is local: disks, CDs, unused volumes and devices", async () => {
    lab.site.storages.volumes("pve01", "local").push({ ...LOCAL });
    await newVm(lab, {
      scsi0: "local-lvm:8",
      scsi1: "local-lvm:1",
      ide2: "local:iso/local.iso,media=cdrom",
      serial0: "/dev/ttyS0",
      serial1: "socket",
    });
    await lab.data("pve01", "PUT", `${VM}/config`, { delete: "scsi1" });
    const { local_disks: disks, local_resources: resources } = await ask();
    expect(disks).toEqual([
      expect.objectContaining({ volid: "local-lvm:vm-100-disk-0", cdrom: 0, size: 8 * 1024 ** 3 }),
      expect.objectContaining({ volid: "local:iso/local.iso", cdrom: 1 }),
      expect.objectContaining({ volid: "local-lvm:vm-100-disk-1", is_unused: 1 }),
    ]);
    expect(resources).toEqual(["serial0"]);
  });

  it("of a container name the nodes, spelt differently", async () => {
    await newCt(lab);
    expect(await ask(CT)).toEqual({
      running: 0,
      "allowed-nodes": ["pve02"],
      "not-allowed-nodes": {},
    });
  });

  it("need the right to migrate", async () => {
    await newVm(lab);
    await lab.data("pve01", "POST", "/access/users", { userid: "a@pve" });
    const auth = lab.ticket("pve01", "a@pve");
    expect((await lab.api("pve01", "GET", `${VM}/migrate`, {}, auth)).reason).toBe(
      "Permission check failed (/vms/100, VM.Migrate)",
    );
  });
});
