import { APPLIED } from "../../../lab/network/files";
import { setDiskFull } from "../../../lab/storage/fullDisks";
import { ADDRESS, clusterWithWitness, type Machines } from "../cluster/support/machines";

/** What a script finds that judges a host without writing to it. */

let lab: Machines;
beforeEach(async () => {
  lab = await clusterWithWitness();
});

describe("lslocks", () => {
  it("shows who holds dpkg's lock", async () => {
    const ask = "lslocks -nru -o PID,COMMAND,PATH";
    expect(await lab.out("pve01", ask)).toBe("");
    lab.site.host("pve01").traits = { aptLock: "unattended-upgr" };
    expect(await lab.out("pve01", ask)).toBe("1301 unattended-upgr /var/lib/dpkg/lock-frontend\n");
    expect(await lab.out("pve01", "lslocks")).toMatch(/^COMMAND PID TYPE MODE PATH\nunattended/);
    expect((await lab.run("pve01", "lslocks -o OWNER")).stderr).toBe(
      "lslocks: unknown column: OWNER\n",
    );
  });
});

describe("ss", () => {
  it("names the process behind a port, as far as one is", async () => {
    const tcp = await lab.out("pve01", "ss -Hnltp");
    expect(tcp).toMatch(/^LISTEN .* 0\.0\.0\.0:8006 .* users:\(\("pveproxy worker",pid=/m);
    expect(tcp).not.toContain(":5405");
    const udp = await lab.out("pve01", "ss -Hnlup");
    expect(udp).toMatch(/^UNCONN .* 0\.0\.0\.0:5405 .* users:\(\("corosync",pid=/);
    expect(udp).not.toContain(":8006");
    expect(await lab.out("nas", "ss -Hnltp")).toMatch(/:2049 +0\.0\.0\.0:\*\n/);
    expect(await lab.out("pve01", "ss -nl")).toMatch(/^State[^]*:5405[^]*:8006 /);
    expect(await lab.out("pve01", "ss -nl")).not.toContain("users:");
  });
});

describe("df", () => {
  it.each(["pve01", "nas"] as const)("finds nothing left on a full disk of %s", async (host) => {
    const left = "df -Pk / | tail -n 1 | sed 's/  */ /g' | cut -d ' ' -f 4";
    expect(Number(await lab.out(host, left))).toBeGreaterThan(0);
    setDiskFull(lab.site, host, "/", true);
    expect(await lab.out(host, left)).toBe("0\n");
  });
});

describe("bash's way to a port", () => {
  it("tells a port at which nobody listens from one that nobody hears of", async () => {
    const knock = (port: number): string =>
      `words="$(timeout 5 bash -c ': >/dev/tcp/${ADDRESS.nas}/${port}' 2>&1)"; echo "$? $words"`;
    const path = `/dev/tcp/${ADDRESS.nas}`;
    expect(await lab.out("pve01", knock(22))).toBe("0 \n");
    expect(await lab.out("pve01", knock(8006))).toBe(`1 bash: ${path}/8006: Connection refused\n`);
    lab.power("nas", false);
    expect(await lab.out("pve01", knock(8006))).toBe(`1 bash: ${path}/8006: No route to host\n`);
    lab.power("nas", true);
    await lab.advance(120);
    expect(await lab.out("pve01", knock(8006))).toBe(`1 bash: ${path}/8006: Connection refused\n`);
  });
});

describe("ping", () => {
  it("takes as long as both hosts' lag, there and back, and no time to itself", async () => {
    const average = (to: string): string => `ping -n -q -c 2 -i 0.3 ${to} | grep ^rtt`;
    lab.site.host("pve02").traits = { lagMs: 3 };
    lab.site.host("pve01").traits = { lagMs: 1 };
    expect(await lab.out("pve01", average(ADDRESS.pve02))).toContain("= 8.250/8.250/");
    expect(await lab.out("pve01", average(ADDRESS.pve01))).toContain("= 0.250/0.250/");
  });
});

describe("network cards", () => {
  it("lie below their bridge, and are devices", async () => {
    expect(await lab.out("pve01", "ls -d /sys/class/net/vmbr0/lower_*")).toBe(
      "/sys/class/net/vmbr0/lower_eno1\n",
    );
    const device = (name: string): string => `test -e /sys/class/net/${name}/device; echo $?`;
    expect(await lab.out("pve01", device("eno1"))).toBe("0\n");
    expect(await lab.out("pve01", device("vmbr0"))).toBe("1\n");
  });

  it("show that an address is a DHCP server's", async () => {
    const { files } = lab.site.host("nas");
    expect(await lab.out("nas", "ip -o addr")).not.toContain("dynamic");
    files[APPLIED] = { content: "auto eno1\niface eno1 inet dhcp\n", mode: 0o644 };
    expect(await lab.out("nas", "ip -o addr")).toContain(
      "eno1    inet 192.168.18.200/24 scope global dynamic eno1\\",
    );
  });
});
