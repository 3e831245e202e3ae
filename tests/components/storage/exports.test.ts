import { setDiskFull } from "../../../lab/storage/fullDisks";
import {
  ADDRESS,
  clusterOfTwo,
  freshHosts,
  type Machines,
} from "../../lab/cluster/support/machines";
import { runScript } from "../support/labSteps";

const SOURCE = `${ADDRESS.nas}:/backup/pve-data`;
const EXPORTS = [
  `Data ${ADDRESS.nas} /backup/pve-data - images,rootdir`,
  `Backup ${ADDRESS.nas} /backup/pve-backup 4.2 backup`,
].join("\n");

let lab: Machines;
beforeEach(async () => {
  lab = await freshHosts();
});

const look = async (exports = EXPORTS) => {
  const { exitCode, stdout, stderr } = await runScript(lab, "pve01", "storage/exports", {
    EXPORTS: exports,
  });
  return { exitCode, stderr, lines: stdout.split("\n").filter((line) => line !== "") };
};

describe("every NFS export of the site, from a node", () => {
  it("is mounted, tried with one file and left as it was", async () => {
    const { exitCode, stderr, lines } = await look();
    expect(lines).toEqual([]);
    expect(stderr).toBe(
      [
        `pve01: storage Data: ${SOURCE} can be mounted, as NFS 4.2`,
        "pve01: storage Data: 2048 GiB are free",
        `pve01: storage Backup: ${ADDRESS.nas}:/backup/pve-backup can be mounted, as NFS 4.2`,
        "pve01: storage Backup: 2048 GiB are free",
        "",
      ].join("\n"),
    );
    expect(exitCode).toBe(0);
    expect(await lab.out("nas", "ls -A /backup/pve-data /backup/pve-backup")).not.toContain(
      ".proxmox-ha",
    );
    expect(await lab.out("pve01", "mount")).toBe("");
  });

  it("that Proxmox VE has mounted is only looked at", async () => {
    lab = await clusterOfTwo();
    lab.site.pmxcfs("pve01").storages.Data = {
      type: "nfs",
      server: ADDRESS.nas,
      export: "/backup/pve-data",
      path: "/mnt/pve/Data",
      content: "images",
    };
    // Nothing could be written there now.
    lab.state.exportOptions = { [SOURCE]: "ro,sync,root_squash" };
    const { exitCode, stderr } = await look(EXPORTS.split("\n")[0]);
    expect(stderr).toBe(
      `pve01: storage Data: ${SOURCE} is mounted, as NFS 4.2\npve01: storage Data: 2048 GiB are free\n`,
    );
    expect(exitCode).toBe(0);
  });

  it("that is another one than Proxmox VE has mounted under its name is a problem", async () => {
    lab = await clusterOfTwo();
    lab.site.pmxcfs("pve01").storages.Data = {
      type: "nfs",
      server: ADDRESS.nas,
      export: "/backup/pve-backup",
      path: "/mnt/pve/Data",
      content: "images",
    };
    expect((await look(EXPORTS.split("\n")[0])).lines).toEqual([
      `problem\tstorage Data: ${ADDRESS.nas}:/backup/pve-backup is mounted on /mnt/pve/Data, not ${SOURCE}\tcorrect the storage in the site file; server and export of a storage are fixed once it exists`,
    ]);
  });

  it("is not tried where nfs-common is missing, but its server is asked", async () => {
    lab.site.host("pve01").packages = lab.site
      .host("pve01")
      .packages.filter((name) => name !== "nfs-common");
    const { exitCode, stderr } = await look();
    expect(stderr).toContain(
      `pve01: storage Data: ${ADDRESS.nas} answers; /backup/pve-data is not tried yet, as nfs-common is not installed\n`,
    );
    expect(exitCode).toBe(0);
    lab.power("nas", false);
    expect((await look()).exitCode).toBe(1);
  });

  it("tells all problems at once, each with its remedy, and cleans up", async () => {
    lab.state.exportOptions = { [SOURCE]: "rw,sync,root_squash" };
    const remedy =
      "on the NAS: export /backup/pve-data to this node read-write and with no_root_squash (root stays root), then: exportfs -ra";
    const more = `${EXPORTS}\nGone ${ADDRESS.nas} /backup/gone 4.2 images\nOther 192.168.18.99 /data 4.2 images`;
    const { exitCode, lines, stderr } = await look(more);
    expect(lines).toEqual([
      `problem\tstorage Data: root of this node may not write on ${SOURCE}\t${remedy}`,
      `problem\tstorage Gone: ${ADDRESS.nas}:/backup/gone cannot be mounted: mount.nfs: access denied by server while mounting ${ADDRESS.nas}:/backup/gone\ton the NAS: export /backup/gone to this node (host pve01), read-write and with no_root_squash; look at: showmount -e ${ADDRESS.nas}`,
      "problem\tstorage Other: 192.168.18.99 does not answer on TCP port 2049\tcheck that the NAS is on, that its NFS service runs, and that its firewall lets this node in",
    ]);
    expect(stderr).toContain("step storage-exports failed: 3 problem(s), told above");
    expect(exitCode).toBe(1);
    expect(await lab.out("pve01", "mount")).toBe("");
  });

  it("that is full is a problem", async () => {
    setDiskFull(lab.site, "nas", "/backup/pve-data", true);
    expect((await look()).lines).toEqual([
      `problem\tstorage Data: there is no room on ${SOURCE}\tmake room on the NAS, or raise the limit of ${SOURCE}`,
    ]);
  });

  it("that has little room is a warning", async () => {
    const volume = lab.state.exports[SOURCE] ?? [];
    volume.push({
      name: "100/vm-100-disk-0.raw",
      content: "images",
      format: "raw",
      size: 2040 * 1024 ** 3,
      used: 2040 * 1024 ** 3,
      ctime: 0,
      vmid: 100,
    });
    const { exitCode, lines } = await look();
    expect(lines).toEqual([
      `warning\tstorage Data: 8192 MiB are free\tmake room on the NAS, or raise the limit of ${SOURCE}`,
    ]);
    expect(exitCode).toBe(0);
  });

  it("of a server that showmount gets no answer from needs the version of NFS", async () => {
    lab.site.host("nas").traits = { mountd: false };
    const { lines } = await look();
    expect(lines).toEqual([
      `problem\tstorage Data: showmount gets no answer from ${ADDRESS.nas}, so Proxmox VE would take it for offline\tlet the storage say nfsVersion: "4.2" if the NAS speaks NFS 4; or open its ports 111 and those of mountd`,
    ]);
  });

  it("is unmounted and mounted anew where an earlier run was cut off", async () => {
    await lab.out(
      "pve01",
      `mkdir -p /run/proxmox-ha/export; mount -t nfs ${SOURCE} /run/proxmox-ha/export; touch /run/proxmox-ha/export/.proxmox-ha-pve01`,
    );
    expect((await look()).exitCode).toBe(0);
    expect(await lab.out("pve01", "mount")).toBe("");
    expect(await lab.out("nas", "ls -A /backup/pve-data")).not.toContain(".proxmox-ha");
  });
});
