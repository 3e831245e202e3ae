import { configOf, disksOf } from "../support/guests";
import type { Lab, Params } from "../support/lab";
import { addCt, guest, lastTask, newestArchive, siteWithBackups, vzdump } from "./support/site";

let lab: Lab;
let archive = "";
beforeEach(async () => {
  lab = await siteWithBackups();
  await addCt(lab, {
    memory: 256,
    net0: "name=eth0,bridge=vmbr0,ip=dhcp",
    mp0: "Data:1,mp=/data,backup=1",
  });
  await vzdump(lab, { vmid: "101", compress: "zstd" });
  archive = await newestArchive(lab);
});

const restore = (params: Params = {}) =>
  lab.task("pve01", "POST", "/nodes/pve01/lxc", {
    vmid: 101,
    ostemplate: archive,
    restore: 1,
    storage: "Data",
    ...params,
  });
const attempt = (params: Params = {}) =>
  lab.api("pve01", "POST", "/nodes/pve01/lxc", {
    vmid: 101,
    ostemplate: archive,
    restore: 1,
    storage: "Data",
    ...params,
  });
const stop = () => lab.task("pve01", "POST", "/nodes/pve01/lxc/101/status/stop");

describe("a restored container", () => {
  it("is as it was, under another VMID as well", async () => {
    const before = await configOf(lab, "lxc", 101);
    expect(await restore({ vmid: 150 })).toBe("OK");
    expect(await configOf(lab, "lxc", 150)).toMatchObject({
      hostname: "dns",
      memory: 256,
      net0: before.net0,
      unprivileged: 1,
      rootfs: "Data:150/vm-150-disk-0.raw,size=8G",
      mp0: "Data:150/vm-150-disk-1.raw,mp=/data,backup=1,size=1G",
    });
    expect(lastTask(lab)).toMatchObject({ type: "vzrestore", id: "150" });
    expect(lastTask(lab).log).toEqual(
      expect.arrayContaining([
        `recovering backed-up configuration from '${archive}'`,
        `restoring '${archive}' now..`,
        "merging backed-up and given configuration..",
      ]),
    );
  });

  it("has lost what its backup lost", async () => {
    await restore({ vmid: 150 });
    const volume = lab.site.storages
      .volumes("pve01", "Data")
      .find(({ name }) => name.includes("vm-150-disk-0"));
    expect(volume).toMatchObject({ xattrs: false });
  });

  it("takes what the request says otherwise", async () => {
    await restore({ vmid: 150, hostname: "copy", unique: 1, rootfs: "local-lvm:10", start: 1 });
    const after = await configOf(lab, "lxc", 150);
    expect(after).toMatchObject({ hostname: "copy", rootfs: "local-lvm:vm-150-disk-0,size=10G" });
    expect(after.net0).not.toBe((await configOf(lab, "lxc", 101)).net0);
    expect(lab.site.nodeState("pve01").running["150"]).toBeDefined();
  });

  it("lies on local unless something else is said, which is for templates and backups", async () => {
    const answer = await lab.api("pve01", "POST", "/nodes/pve01/lxc", {
      vmid: 150,
      ostemplate: archive,
      restore: 1,
    });
    expect(answer.errors).toEqual({
      storage: "storage 'local' does not support container directories",
    });
  });
});

describe("a restore over a container", () => {
  it("replaces its volumes", async () => {
    await stop();
    expect(await restore({ force: 1 })).toBe("OK");
    expect(await configOf(lab, "lxc", 101)).toMatchObject({
      rootfs: "Data:101/vm-101-disk-2.raw,size=8G",
    });
    expect(await disksOf(lab, 101)).toEqual([
      "Data:101/vm-101-disk-2.raw",
      "Data:101/vm-101-disk-3.raw",
    ]);
  });

  it.each([
    [{}, "CT 101 already exists on node 'pve01'"],
    [{ force: 1 }, "can't overwrite running container"],
  ])("with %j is refused while it runs", async (params, words) => {
    expect((await attempt(params)).reason).toBe(words);
  });

  it.each([
    [{ protection: "1" }, "unable to restore CT 101 - protection mode enabled"],
    [{ lock: "migrate" }, "unable to restore CT 101 - CT is locked (migrate)"],
  ])("with %j is refused", async (config, words) => {
    await stop();
    Object.assign(guest(lab, 101).config, config);
    expect((await attempt({ force: 1 })).reason).toBe(words);
  });

  it("is over for it when its archive is gone", async () => {
    await stop();
    const before = await configOf(lab, "lxc", 101);
    const gone = "Backup:backup/vzdump-lxc-101-2020_01_01-00_00_00.tar";
    expect(await restore({ force: 1, ostemplate: gone })).toMatch(
      /^unable to restore CT 101 - .*No such file/,
    );
    expect(await configOf(lab, "lxc", 101)).toEqual(before);
  });
});
