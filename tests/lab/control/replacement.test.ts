import { clusterOfTwo, type Machines } from "../cluster/support/machines";
import { Control } from "./support";

let lab: Machines;
let control: Control;
beforeEach(async () => {
  lab = await clusterOfTwo();
  control = new Control(lab);
  await control.open();
});
afterEach(() => control.close());

const replace = (bare = false, host = "pve02"): Promise<[number, unknown]> =>
  control.ask("POST", `/lab/hosts/${host}/replace`, { bare });

describe("a machine in the place of another", () => {
  it("has its address and ports, empty disks, and an SSH host key of its own", async () => {
    await lab.out("pve02", "echo note >/root/note");
    lab.power("pve02", false);
    const old = structuredClone(lab.site.host("pve02"));
    expect(await replace()).toEqual([200, { replaced: "pve02", bare: false }]);
    const { address, sshPort, sshHostKey, node, power } = lab.site.host("pve02");
    expect({ address, sshPort, api: node?.apiPort, power }).toEqual({
      address: old.address,
      sshPort: old.sshPort,
      api: old.node?.apiPort,
      power: false,
    });
    expect(sshHostKey).not.toBe(old.sshHostKey);
    lab.power("pve02", true);
    expect((await lab.run("pve02", "cat /root/note")).exitCode).toBe(1);
    expect((await lab.run("pve02", "pvecm status")).stderr).toContain("does not exist");
    expect(lab.site.members("pve01")).toEqual(["pve01", "pve02"]);
  });

  it("may be without Proxmox VE", async () => {
    lab.power("pve02", false);
    await replace(true);
    lab.power("pve02", true);
    expect((await lab.run("pve02", "pvecm status")).stderr).toBe(
      "bash: pvecm: command not found\n",
    );
  });

  it("may be a NAS that the old one's exports were copied to, and whose witness knows no cluster", async () => {
    await lab.out("nas", "echo note >/root/note; echo kept >/backup/pve-data/note");
    lab.power("nas", false);
    const old = lab.site.host("nas").sshHostKey;
    expect(await replace(false, "nas")).toEqual([200, { replaced: "nas", bare: false }]);
    lab.power("nas", true);
    expect(lab.site.host("nas").sshHostKey).not.toBe(old);
    expect(await lab.out("nas", "cat /backup/pve-data/note")).toBe("kept\n");
    expect((await lab.run("nas", "cat /root/note")).exitCode).toBe(1);
    expect((await lab.run("nas", "corosync-qnetd-tool -l")).stderr).toBe(
      "bash: corosync-qnetd-tool: command not found\n",
    );
  });

  it.each([
    ["pve01", false, 409, "pve01 is on; switch it off first"],
    ["nas", true, 400, "nas never has Proxmox VE"],
  ])("is refused for %s, bare: %s", async (host, bare, status, message) => {
    expect(await replace(bare, host)).toEqual([status, { message }]);
  });
});
