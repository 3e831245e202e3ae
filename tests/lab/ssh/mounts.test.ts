import { setDiskFull } from "../../../lab/storage/fullDisks";
import { ADDRESS, clusterOfTwo, type Machines } from "../cluster/support/machines";

const SOURCE = `${ADDRESS.nas}:/backup/pve-data`;
const MOUNT = `mkdir -p /mnt/probe && mount -t nfs ${SOURCE} /mnt/probe`;

let lab: Machines;
beforeEach(async () => {
  lab = await clusterOfTwo();
});

describe("an NFS export that is mounted by hand", () => {
  it("takes files, owners, locks and renames, and is gone when it is unmounted", async () => {
    expect(
      await lab.out(
        "pve01",
        `set -e; ${MOUNT}; cd /mnt/probe; echo x >a; chown root:root a; flock -n a true; mv a b; cat b; ` +
          "findmnt -no SOURCE,FSTYPE -T /mnt/probe; rm b; cd /; umount /mnt/probe; ls /mnt/probe; findmnt /mnt/probe || echo none",
      ),
    ).toBe(`x\n${SOURCE} nfs4\nnone\n`);
    expect(lab.state.exportFiles?.[SOURCE]).toEqual({});
  });

  it("shows every host the same files, and locks them for one", async () => {
    await lab.out("pve01", `${MOUNT}; echo x >/mnt/probe/a`);
    await lab.out("pve02", MOUNT);
    expect(await lab.out("pve02", "cat /mnt/probe/a")).toBe("x\n");
    expect(await lab.out("nas", "cat /backup/pve-data/a")).toBe("x\n");
    const first = lab.hosts.shellOf("pve01").exec("flock /mnt/probe/a sleep 10", "");
    await lab.clock.advance(100);
    expect((await lab.run("pve02", "flock -n /mnt/probe/a true")).exitCode).toBe(1);
    await lab.settle(first);
    await lab.out("pve02", "rm /mnt/probe/a");
    expect(await lab.out("pve01", "ls /mnt/probe")).toBe("");
  });

  it("is not there after a boot", async () => {
    await lab.out("pve01", MOUNT);
    await lab.advance(1);
    lab.power("pve01", false);
    lab.power("pve01", true);
    expect((await lab.run("pve01", "mountpoint -q /mnt/probe")).exitCode).toBe(32);
  });

  it("hangs whoever touches it while the NAS is away, until it is back", async () => {
    await lab.out("pve01", `${MOUNT}; echo x >/mnt/probe/a`);
    lab.power("nas", false);
    for (const command of ["cat /mnt/probe/a", "df /mnt/probe", "ls /mnt/probe"]) {
      expect((await lab.run("pve01", `timeout 5 ${command}`)).exitCode).toBe(124);
    }
    const waiting = lab.hosts.shellOf("pve01").exec("cat /mnt/probe/a", "");
    await lab.advance(60);
    lab.power("nas", true);
    expect((await lab.settle(waiting)).stdout).toBe("x\n");
  });

  it("is refused in mount.nfs's words", async () => {
    const mount = (source: string): Promise<unknown> =>
      lab.run("pve01", `mkdir -p /mnt/x; mount -t nfs ${source} /mnt/x`);
    expect(await mount(`${ADDRESS.nas}:/nosuch`)).toMatchObject({
      stderr: `mount.nfs: access denied by server while mounting ${ADDRESS.nas}:/nosuch\n`,
      exitCode: 32,
    });
    lab.site.host("nas").services = ["ssh"];
    const before = lab.clock.now();
    expect(await mount(SOURCE)).toMatchObject({
      stderr: `mount.nfs: Connection refused for ${SOURCE} on /mnt/x\n`,
      exitCode: 32,
    });
    expect(lab.clock.now() - before).toBeGreaterThanOrEqual(120_000);
    expect(await lab.run("pve01", `umount /mnt/x`)).toMatchObject({
      stderr: "umount: /mnt/x: not mounted.\n",
      exitCode: 32,
    });
  });

  it("of a storage is busy, and lazily taken off it is there again: Proxmox VE sees to it", async () => {
    await lab.out(
      "pve01",
      `pvesm add nfs Data --server ${ADDRESS.nas} --export /backup/pve-data --content images`,
    );
    const [busy, lazy] = [
      await lab.run("pve01", "umount /mnt/pve/Data"),
      await lab.run("pve01", "umount -f -l /mnt/pve/Data"),
    ];
    expect(busy).toMatchObject({
      stderr: "umount: /mnt/pve/Data: target is busy.\n",
      exitCode: 32,
    });
    expect(lazy).toMatchObject({ stderr: "", exitCode: 0 });
    expect(await lab.out("pve01", "findmnt -no TARGET /mnt/pve/Data")).toBe("/mnt/pve/Data\n");
  });

  it("may be one that was exported by hand", async () => {
    const exported = (directory: string) =>
      lab.run("nas", `exportfs -o rw,sync,no_root_squash '*:${directory}'`);
    expect(await exported("/srv/more")).toMatchObject({
      stderr: "exportfs: Failed to stat /srv/more: No such file or directory\n",
      exitCode: 1,
    });
    await lab.out("nas", "mkdir -p /srv/more");
    expect(await exported("/srv/more")).toMatchObject({ stdout: "", exitCode: 0 });
    expect(await lab.run("nas", "exportfs /srv/more")).toMatchObject({ exitCode: 1 });
    expect(await lab.out("pve01", `showmount -e ${ADDRESS.nas}`)).toContain("/srv/more");
    const mounted = `mkdir -p /mnt/probe && mount -t nfs ${ADDRESS.nas}:/srv/more /mnt/probe`;
    await lab.out("pve01", `${mounted} && echo x >/mnt/probe/a`);
    expect(await lab.out("nas", "cat /srv/more/a")).toBe("x\n");
  });

  it("may squash root: no owners, no files", async () => {
    lab.state.exportOptions = { [SOURCE]: "rw,sync,root_squash" };
    await lab.out("nas", "echo x >/backup/pve-data/a");
    expect(await lab.out("nas", "exportfs -v")).toContain("(rw,sync,root_squash)\n");
    const { stdout, stderr } = await lab.run(
      "pve01",
      `${MOUNT}; echo y >/mnt/probe/b || echo refused; chown root /mnt/probe/a; echo $?`,
    );
    expect(stdout).toBe("refused\n1\n");
    expect(stderr).toContain(
      "chown: changing ownership of '/mnt/probe/a': Operation not permitted\n",
    );
  });
});

describe("mount", () => {
  it("shows what was asked for, and the kernel's own values for the rest", async () => {
    await lab.out("pve01", `mkdir /mnt/x; mount -t nfs -o vers=3,soft,retry=0 ${SOURCE} /mnt/x`);
    expect(await lab.out("pve01", "findmnt -no OPTIONS -M /mnt/x")).toBe(
      "rw,relatime,rsize=1048576,wsize=1048576,proto=tcp,timeo=600,retrans=2,sec=sys,vers=3,soft\n",
    );
  });

  it("gives up at once with retry=0", async () => {
    lab.power("nas", false);
    const before = lab.clock.now();
    const mount = `mkdir /mnt/x; mount -t nfs -o retry=0 ${SOURCE} /mnt/x`;
    expect((await lab.run("pve01", mount)).stderr).toContain("No route to host");
    expect(lab.clock.now() - before).toBeLessThan(10_000);
  });

  it("needs nfs-common", async () => {
    const host = lab.site.host("pve01");
    host.packages = host.packages.filter((name) => name !== "nfs-common");
    expect((await lab.run("pve01", MOUNT)).stderr).toContain("/sbin/mount.<type> helper program");
    expect((await lab.run("pve01", "command -v mount.nfs")).exitCode).not.toBe(0);
  });
});

describe("what is exported", () => {
  it("is told by no showmount, and offline for Proxmox VE, where the server speaks NFS 4 only", async () => {
    lab.site.host("nas").traits = { mountd: false };
    expect((await lab.run("pve01", `showmount -e ${ADDRESS.nas}`)).stderr).toBe(
      "clnt_create: RPC: Program not registered\n",
    );
    const add = (id: string, options: string): string =>
      `pvesm add nfs ${id} --server ${ADDRESS.nas} --export /backup/pve-data --content images ${options}`;
    expect((await lab.run("pve01", add("Old", ""))).stderr).toContain(
      "storage 'Old' is not online",
    );
    expect((await lab.run("pve01", add("New", "--options vers=4.2"))).exitCode).toBe(0);
  });

  it("is listed by showmount, as long as the server answers", async () => {
    expect(await lab.out("pve01", `showmount -e ${ADDRESS.nas}`)).toBe(
      `Export list for ${ADDRESS.nas}:\n/backup/pve-backup *\n/backup/pve-data   *\n`,
    );
    lab.power("nas", false);
    expect(await lab.run("pve01", `showmount -e ${ADDRESS.nas}`)).toMatchObject({
      stderr: "clnt_create: RPC: Unable to receive; errno = No route to host\n",
      exitCode: 1,
    });
  });
});

describe("df", () => {
  it("tells the space of a path, a storage and the NAS", async () => {
    lab.site.pmxcfs("pve01").storages.Data = {
      type: "nfs",
      server: ADDRESS.nas,
      export: "/backup/pve-data",
      path: "/mnt/pve/Data",
      content: "images",
    };
    expect(await lab.out("pve01", "df -h /root")).toBe(
      "Filesystem           Size Used Avail Use% Mounted on\n/dev/mapper/pve-root  96G 4.0G   92G   5% /\n",
    );
    expect(await lab.out("pve01", "df --output=avail -B1 /var/tmp | tail -n 1")).toBe(
      `${92 * 1024 ** 3}\n`,
    );
    expect(await lab.out("pve01", "df -P /mnt/pve/Data | awk 'NR==2{print $1,$2,$6}'")).toBe(
      `${SOURCE} ${2048 * 1024 ** 2} /mnt/pve/Data\n`,
    );
    expect(await lab.out("nas", "df -BG --output=target,avail /backup/pve-data")).toContain(
      "/backup/pve-data  2048",
    );
    expect((await lab.run("pve01", "df /nosuch")).stderr).toBe(
      "df: /nosuch: No such file or directory\n",
    );
  });
});

describe("a full disk", () => {
  it("takes nothing more, and what is there can be removed", async () => {
    await lab.out("pve01", "echo x >/root/a; echo y >/root/b");
    setDiskFull(lab.site, "pve01", "/", true);
    expect(
      await lab.run(
        "pve01",
        "echo x >/root/c; echo $?; cp /root/a /root/d || echo no; mv /root/a /root/e; rm /root/b; ls /root",
      ),
    ).toMatchObject({
      stdout: "1\nno\ne\n",
      stderr: expect.stringMatching(
        /^bash: \/root\/c: No space left on device\ncp: .*\n$/,
      ) as string,
    });
    expect(
      await lab.out("pve01", "df --output=avail / | tail -n 1 | tr -d ' '; echo x >/run/lock/z"),
    ).toBe("0\n");
  });

  it("of the NAS is full for every host that has it mounted", async () => {
    setDiskFull(lab.site, "nas", "/backup/pve-data", true);
    expect((await lab.run("pve01", `${MOUNT}; echo x >/mnt/probe/a || echo no`)).stdout).toBe(
      "no\n",
    );
    expect((await lab.run("nas", "echo x >/backup/pve-data/a")).exitCode).toBe(1);
    await lab.out("nas", "echo x >/backup/pve-backup/a");
  });
});
