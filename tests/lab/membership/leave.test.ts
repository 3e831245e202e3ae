import type { HostName, Machines } from "../cluster/support/machines";
import { haLine, runStep, siteWithHa, type Told } from "./support";

const PVE02 = { NODE: "pve02", ADDRESSES: "192.168.18.100", POWERED_OFF: "yes", SEEN: "no" };

let lab: Machines;
beforeEach(async () => {
  lab = await siteWithHa();
});
afterEach(() => lab.site.stop());

const leave = (variables: Record<string, string> = {}): Promise<Told> =>
  runStep(lab, "pve01", "cluster/leave", { ...PVE02, ...variables });
const members = (): string[] => lab.site.members("pve01");
const exists = async (path: string, host: HostName = "pve01"): Promise<boolean> =>
  (await lab.run(host, `test -e ${path}`)).exitCode === 0;

/** The node loses power, and HA recovers what was on it. */
async function lost(): Promise<void> {
  lab.power("pve02", false);
  await lab.advance(300);
}

describe("taking a dead node out", () => {
  it("leaves a quorate cluster without it, without the QDevice, and with HA armed", async () => {
    await lost();
    const { code, stdout, stderr } = await leave();
    expect(stderr).not.toContain("failed");
    expect([code, stdout]).toEqual([0, "addresses\t192.168.18.100\n"]);
    expect(members()).toEqual(["pve01"]);
    expect(lab.site.pmxcfs("pve01").corosync?.qdevice).toBeUndefined();
    expect(await lab.status("pve01", "Quorate")).toBe("Yes");
    expect(await haLine(lab, "pve01", "fencing")).toBe("fencing armed (CRM watchdog active)");
    await lab.advance(30);
    expect(await haLine(lab, "pve01", "service vm:101")).toBe("service vm:101 (pve01, started)");
    expect(await exists("/etc/pve/nodes/pve02")).toBe(false);
    expect(await lab.out("pve01", "ls /var/lib/proxmox-ha/removed")).toMatch(
      /^pve02-\d{8}-\d{6}$/m,
    );
    expect(await exists("/etc/pve/proxmox-ha-*")).toBe(false);
  });

  it("has nothing left to do the second time, and changes nothing", async () => {
    await lost();
    await leave();
    const before = JSON.stringify(lab.site.pmxcfs("pve01").corosync);
    const { code, stderr } = await leave();
    expect([code, stderr]).toEqual([
      0,
      "pve01: pve02 is no member, and nothing of it is left; the members are: pve01\n",
    ]);
    expect(JSON.stringify(lab.site.pmxcfs("pve01").corosync)).toBe(before);
  });

  it("is refused while the node runs, with all that is in the way", async () => {
    const { code, stdout } = await leave({ POWERED_OFF: "no" });
    expect(code).toBe(1);
    expect(stdout).toContain("problem\tpve02 is online in the cluster\t");
    expect(stdout).toContain("problem\tthat pve02 is off for good cannot be seen from here\t");
    expect(stdout).toContain(
      "problem\tguest 101 (vm101) is still on pve02\tmove it first: qm migrate 101",
    );
    expect(members()).toEqual(["pve01", "pve02"]);
    expect(await haLine(lab, "pve01", "fencing")).toContain("armed (");
  });

  it("is refused while something answers at its address, though corosync does not hear it", async () => {
    await lab.out("pve02", "systemctl stop corosync");
    await lab.advance(10);
    const { code, stdout } = await leave();
    expect(code).toBe(1);
    expect(stdout).toContain("something answers at pve02's address 192.168.18.100");
    expect(members()).toEqual(["pve01", "pve02"]);
  });

  it("is refused while guests are left on it, which says what to do about each", async () => {
    lab.power("pve02", false);
    lab.site.pmxcfs("pve01").guests["110"] = {
      vmid: 110,
      type: "lxc",
      node: "pve02",
      config: { hostname: "web", rootfs: "Data:110/disk.raw,size=8G" },
    };
    await lab.advance(30);
    const { code, stdout } = await leave();
    expect(code).toBe(1);
    expect(stdout).toContain(
      "problem\tguest 101 (vm101) is still on pve02\tHA starts it elsewhere within minutes",
    );
    expect(stdout).toContain(
      "problem\tguest 110 (web) is still on pve02, and HA is not in charge of it\t" +
        "if all its volumes (Data:110/disk.raw) are on shared storage, let pve01 take it over: " +
        "mv /etc/pve/nodes/pve02/lxc/110.conf /etc/pve/nodes/pve01/lxc/110.conf;",
    );
    await lab.advance(300);
    await lab.out(
      "pve01",
      "mv /etc/pve/nodes/pve02/lxc/110.conf /etc/pve/nodes/pve01/lxc/110.conf",
    );
    expect((await leave()).code).toBe(0);
  });

  it("is refused without quorum", async () => {
    await lost();
    lab.power("nas", false);
    await lab.advance(30);
    const { code, stdout } = await leave();
    expect(code).toBe(1);
    expect(stdout).toContain("problem\tthe members that are left have no quorum\t");
  });

  it("is finished by a later run when the first ended on the way", async () => {
    await lost();
    for (const before of [
      "echo 192.168.18.100 >/etc/pve/proxmox-ha-leaving-pve02",
      "echo step >/etc/pve/proxmox-ha-disarmed; ha-manager crm-command disarm-ha freeze",
      "pvecm delnode pve02",
      "pvecm qdevice remove",
      "rm -rf /etc/pve/nodes/pve02",
    ]) {
      await lab.out("pve01", before);
    }
    const { code, stdout } = await leave();
    expect([code, stdout]).toEqual([0, "addresses\t192.168.18.100\n"]);
    expect(await haLine(lab, "pve01", "fencing")).toBe("fencing armed (CRM watchdog active)");
    expect(await exists("/etc/pve/proxmox-ha-*")).toBe(false);
  });
});

describe("forgetting its keys", () => {
  it("takes them off members and witness, and leaves all others", async () => {
    await lab.out(
      "pve01",
      "echo '192.168.18.251 ssh-rsa AAAA root@pve02x' >>/root/.ssh/known_hosts",
    );
    await lost();
    await leave();
    for (const host of ["pve01", "nas"]) {
      const told = await runStep(lab, host, "cluster/forget", PVE02, []);
      expect(told).toMatchObject({ code: 0 });
    }
    expect(await lab.out("pve01", "cat /root/.ssh/known_hosts")).not.toMatch(/pve02,|\.100 /);
    expect(await lab.out("pve01", "cat /root/.ssh/known_hosts")).toContain("root@pve02x");
    expect(await lab.out("pve01", "cat /etc/pve/priv/authorized_keys")).not.toContain(
      "root@pve02\n",
    );
    expect(await lab.out("pve01", "cat /etc/pve/priv/authorized_keys")).toContain("root@pve01\n");
    expect(await lab.out("nas", "cat /root/.ssh/authorized_keys")).not.toContain("root@pve02\n");
    expect(await runStep(lab, "nas", "cluster/forget", PVE02, [])).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });
});
