import { clusterOfTwo, type Machines } from "../cluster/support/machines";
import { addData, newCt, newVm } from "../support/guests";
import { guestOf } from "./support";

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
  await addData(lab);
  await newVm(lab, { name: "web", memory: 1024, scsi0: "Data:8,format=qcow2" });
  await newCt(lab, { hostname: "dns" });
});

const out = (command: string) => lab.out("pve01", command);
const failure = async (command: string) => {
  const { exitCode, stderr } = await lab.run("pve01", command);
  return [exitCode, stderr.trim()];
};

describe("qm and pct", () => {
  it("list guests", async () => {
    await out("qm start 100; pct set 101 --lock backup");
    const [head, row] = (await out("qm list")).split("\n");
    expect(head).toMatch(/VMID NAME +STATUS +MEM\(MB\) +BOOTDISK\(GB\) PID/);
    expect(row).toMatch(/^ +100 web +running +1024 +8\.00 \d+ +$/);
    expect((await out("pct list")).split("\n")[1]).toMatch(/^101 +stopped +backup +dns +$/);
  });

  it("start, pause, resume and stop, and say what state a guest is in", async () => {
    await out("qm start 100");
    expect(await out("qm status 100")).toBe("status: running\n");
    await out("qm suspend 100");
    expect(await out("qm status 100")).toBe("status: paused\n");
    await out(
      "qm resume 100; qm reset 100; qm reboot 100; qm shutdown 100 --timeout 5 --forceStop",
    );
    expect(await out("qm status 100")).toBe("status: stopped\n");
    expect(await out("qm status 100 --verbose")).toContain("maxmem: 1073741824\n");
    await out("pct start 101");
    expect(await out("pct status 101")).toBe("status: running\n");
  });

  it("change a configuration, and show what waits", async () => {
    await out("qm start 100; qm set 100 --memory 2048 --name www --delete scsi0");
    const pending = await out("qm pending 100");
    expect(pending).toContain("cur memory: 1024\nnew memory: 2048\n");
    expect(pending).toContain("cur name: www\n");
    expect(await out("qm config 100")).toContain("memory: 2048\n");
    expect(await out("qm config 100 --current")).toContain("memory: 1024\n");
    await out("pct set 101 --hostname ns");
    expect(await out("pct config 101")).toContain("hostname: ns\n");
  });

  it("take snapshots, show them as a tree, go back and drop them", async () => {
    await out("qm snapshot 100 one --description first; qm snapshot 100 two");
    const tree = (await out("qm listsnapshot 100")).split("\n");
    expect(tree[0]).toMatch(/^`-> one +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +first$/);
    expect(tree[1]).toMatch(/^ `-> two .* no-description$/);
    expect(tree[2]).toMatch(/^ {2}`-> current +You are here!$/);
    await out("qm rollback 100 one; qm delsnapshot 100 two");
    expect(await out("qm listsnapshot 100")).not.toContain("two");
  });

  it("clone, resize, move and template", async () => {
    await out("qm clone 100 200 --name b --full 1");
    await out("qm disk resize 200 scsi0 +1G; qm move-disk 200 scsi0 local-lvm --delete");
    expect(await out("qm config 200")).toContain("scsi0: local-lvm:vm-200-disk-0,size=9G\n");
    await out("qm template 200; qm disk unlink 200 --idlist scsi0; qm destroy 200 --purge");
    await out("pct move-volume 101 rootfs local-lvm --delete; pct resize 101 rootfs 9G");
    expect(await out("pct config 101")).toContain("rootfs: local-lvm:vm-101-disk-0,size=9G\n");
  });

  it("migrate, and print what happens on the way", async () => {
    await out("qm start 100");
    const log = await out("qm migrate 100 pve02 --online");
    expect(log).toContain(" starting migration of VM 100 to node 'pve02' (192.168.18.100)\n");
    expect(log).toContain(" migration finished successfully (duration ");
    expect(await lab.out("pve02", "qm status 100")).toBe("status: running\n");
    expect(await lab.out("pve02", "qm listsnapshot 100")).toContain("current");
  });

  it("create a guest", async () => {
    await out("qm create 300 --name c --memory 512 --start");
    expect(await out("qm status 300")).toBe("status: running\n");
  });

  it("take a lock away", async () => {
    guestOf(lab, 100).config.lock = "migrate";
    expect(await failure("qm start 100")).toEqual([255, "VM is locked (migrate)"]);
    await out("qm unlock 100; qm unlock 100; qm start 100");
    expect(await failure("pct unlock 101")).toEqual([
      255,
      "no lock found trying to remove any lock",
    ]);
  });

  it("fail in PVE's words", async () => {
    expect(await failure("qm frobnicate 100")).toEqual([
      255,
      "ERROR: unknown command 'qm frobnicate'",
    ]);
    expect(await failure("qm migrate 100")).toEqual([255, "400 not enough arguments"]);
    expect(await failure("qm status 109")).toEqual([
      255,
      "Configuration file 'nodes/pve01/qemu-server/109.conf' does not exist",
    ]);
    await out("qm set 100 --protection 1");
    expect(await failure("qm destroy 100")).toEqual([
      255,
      "can't remove VM 100 - protection mode enabled",
    ]);
  });
});
