import { type Host, type Result } from "../support/host";
import { endsAlike } from "../support/killed";
import { memberHost, ONLINE } from "../support/memberHost";

const LEAVE = {
  host: "pve01",
  script: "cluster/leave",
  parts: ["cluster/parts/ha"],
  variables: { NODE: "pve02", ADDRESSES: "192.168.18.100", POWERED_OFF: "yes", SEEN: "no" },
};
const FORGET = {
  host: "pve01",
  script: "cluster/forget",
  variables: { NODE: "pve02", ADDRESSES: "192.168.18.100 10.0.0.2" },
};

const hosts: Host[] = [];
function hostWith(changes: Record<string, string> = {}): Host {
  const host = memberHost(changes);
  hosts.push(host);
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

const changing = ({ calls }: Result): string[] =>
  calls
    .map((call) => call.join(" "))
    .filter((call) => !/^(sleep|ping|timeout|date|pvecm status|ha-manager status)/.test(call));
const problems = ({ stdout }: Result): string[] =>
  stdout
    .split("\n")
    .flatMap((line) => (line.startsWith("problem\t") ? [line.split("\t")[1]!] : []));

/** All files but the copies, of which a run that was killed may leave one more, and the manager's queue when it is empty. */
function kept(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(
      ([path, content]) =>
        !path.startsWith("var/lib/proxmox-ha/") &&
        (path !== "etc/pve/ha/crm_commands" || content !== ""),
    ),
  );
}

describe("a dead node", () => {
  it("leaves before the QDevice is removed, with HA disarmed around both", async () => {
    const host = hostWith();
    const result = await host.run(LEAVE);
    expect([result.code, result.stdout]).toEqual([0, "addresses\t192.168.18.100 10.0.0.2\n"]);
    expect(changing(result)).toEqual([
      "ha-manager crm-command disarm-ha freeze",
      "pvecm delnode pve02",
      "pvecm qdevice remove",
      "cp -r /etc/pve/nodes/pve02 /var/lib/proxmox-ha/removed/pve02-20260101-000000",
      "rm -rf /etc/pve/nodes/pve02",
      "ha-manager crm-command arm-ha",
      "rm -f /etc/pve/proxmox-ha-disarmed",
      "rm -f /etc/pve/proxmox-ha-leaving-pve02",
    ]);
    expect(host.read("state/fencing")).toBe("armed\n");
    expect(host.exists("etc/pve/nodes/pve02")).toBe(false);
    expect(host.exists("etc/pve/proxmox-ha-disarmed")).toBe(false);
    expect(host.exists("etc/pve/proxmox-ha-leaving-pve02")).toBe(false);
  });

  it("leaves nothing to do for a second run", async () => {
    const host = hostWith();
    await host.run(LEAVE);
    const files = host.files();
    const second = await host.run(LEAVE);
    expect([second.code, changing(second)]).toEqual([0, []]);
    expect(host.files()).toEqual(files);
  });

  it("has left in the same way after the removal was killed at any moment", async () => {
    await endsAlike(hostWith(), LEAVE, { kept, otherOutput: true });
  });

  it("stays when HA was disarmed by an operator, who arms it himself", async () => {
    const host = hostWith({ "state/fencing": "disarmed, resource mode: freeze\n" });
    const result = await host.run(LEAVE);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain("HA was disarmed by somebody else, and stays so");
    expect(changing(result)).not.toContain("ha-manager crm-command arm-ha");
  });
});

describe("a release that cannot disarm HA", () => {
  const without = async (changes: Record<string, string>): Promise<[Host, Result]> => {
    const host = hostWith({ "state/fencing": "", ...changes });
    return [host, await host.run(LEAVE)];
  };

  it("makes it wait until every resource is ignored, and names the commands", async () => {
    const [host, result] = await without({});
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("HA is in charge of vm:101 and this release cannot disarm it");
    expect(result.stderr).toContain("ha-manager set SID --state ignored");
    expect(host.read("etc/pve/corosync.conf")).toContain("pve02");
  });

  it("lets it leave once every resource is ignored and no LRM is active", async () => {
    const [, result] = await without({
      "etc/pve/ha/resources.cfg": "vm: 101\n\tstate ignored\n",
    });
    expect([result.code, changing(result).slice(0, 1)]).toEqual([0, ["pvecm delnode pve02"]]);
  });

  it("makes it wait for an LRM that is still active", async () => {
    const [, result] = await without({
      "etc/pve/ha/resources.cfg": "vm: 101\n\tstate ignored\n",
      "state/lrm": "lrm pve01 (active, Thu Jan  1 00:00:00 2026)\n",
    });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(
      "a node's LRM is still active though every HA resource is ignored",
    );
  });
});

describe("what is in the way", () => {
  it.each([
    [{ "etc/pve/.members": ONLINE }, "pve02 is online in the cluster"],
    [{ "state/answering": "10.0.0.2\n" }, "something answers at pve02's address 10.0.0.2"],
    [{ "state/status": "Quorate:          No\n" }, "the members that are left have no quorum"],
    [
      { "etc/pve/nodes/pve02/lxc/110.conf": "hostname: web\nrootfs: local-lvm:vm-110-disk-0\n" },
      "guest 110 (web) is still on pve02, and HA is not in charge of it",
    ],
    [
      { "etc/pve/nodes/pve02/qemu-server/101.conf": "name: ubuntu\n" },
      "guest 101 (ubuntu) is still on pve02",
    ],
  ])("is told, and nothing is changed: %j", async (changes, what) => {
    const host = hostWith(changes as Record<string, string>);
    const files = host.files();
    const result = await host.run(LEAVE);
    expect([result.code, problems(result), changing(result)]).toEqual([1, [what], []]);
    expect(host.files()).toEqual(files);
  });

  it("is told all at once", async () => {
    const host = hostWith({ "etc/pve/.members": ONLINE });
    const variables = { ...LEAVE.variables, POWERED_OFF: "no", SEEN: "yes" };
    expect(problems(await host.run({ ...LEAVE, variables }))).toEqual([
      "pve02 is online in the cluster",
      "pve02 answers over SSH to the machine that asks",
      "that pve02 is off for good cannot be seen from here",
    ]);
  });
});

describe("the keys of a node that has left", () => {
  it("are forgotten in the same way after that was killed at any moment", async () => {
    const host = hostWith({
      "root/.ssh/known_hosts": "192.168.18.251,pve01 ssh-rsa A\n192.168.18.100,pve02 ssh-rsa B\n",
      "root/.ssh/authorized_keys2": "ssh-rsa B root@pve02\n",
      "etc/pve/priv/known_hosts": "pve02 ssh-rsa B\n",
      "etc/pve/priv/authorized_keys": "ssh-rsa B root@pve02\nssh-rsa A root@pve01\n",
    });
    expect((await endsAlike(host, FORGET)).length).toBeGreaterThan(4);
  });

  it("are forgotten, and no other", async () => {
    const host = hostWith({
      "root/.ssh/known_hosts":
        "192.168.18.251,pve01 ssh-rsa A\n192.168.18.100,pve02 ssh-rsa B\n10.0.0.2 ssh-rsa B\n192.168.18.10 ssh-rsa C\n",
      "root/.ssh/authorized_keys2": "ssh-rsa B root@pve02\nssh-ed25519 D operator\n",
      "etc/pve/priv/known_hosts": "pve02 ssh-rsa B\n",
      "etc/pve/priv/authorized_keys":
        "ssh-rsa A root@pve01\nssh-rsa B root@pve02\nssh-rsa C root@pve022\n",
    });
    expect(await host.run(FORGET)).toMatchObject({ code: 0 });
    expect(host.read("root/.ssh/known_hosts")).toBe(
      "192.168.18.251,pve01 ssh-rsa A\n192.168.18.10 ssh-rsa C\n",
    );
    expect(host.read("root/.ssh/authorized_keys2")).toBe("ssh-ed25519 D operator\n");
    expect(host.read("etc/pve/priv/known_hosts")).toBe("");
    expect(host.read("etc/pve/priv/authorized_keys")).toBe(
      "ssh-rsa A root@pve01\nssh-rsa C root@pve022\n",
    );
    const files = host.files();
    expect(await host.run(FORGET)).toMatchObject({ code: 0, stderr: "" });
    expect(host.files()).toEqual(files);
  });
});
