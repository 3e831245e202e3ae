import type { Lab } from "../support/lab";
import { addCt, begin, lastTask, runOf, siteWithBackups, vzdump } from "./support/site";

let lab: Lab;
beforeEach(async () => {
  lab = await siteWithBackups();
  await addCt(lab);
});

describe("a backup of a container", () => {
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
