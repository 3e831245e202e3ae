import { HostLog } from "./support/hostLog";
import { Sandbox, UP } from "./support/sandbox";
import { succeeded } from "./support/succeeded";
import { until, within } from "./support/wait";

/**
 * Hosts as they may be found, and `make up` on them: it ends in the described cluster, or in a refusal before anything is
 * changed.
 */
const sandbox = new Sandbox("bootstrap");
const { lab } = sandbox;
const log = new HostLog(lab);
const SITE = "Pulumi.dev.yaml";

afterAll(() => sandbox.dispose());

/** A new lab, of machines that boot faster than any real one. */
async function begin(...options: string[]): Promise<void> {
  sandbox.begin(...options);
  for (const node of ["pve01", "pve02"]) {
    await lab.control("PUT", `/lab/hosts/${node}/traits`, { bootMs: 3_000 });
  }
}

/** The site without all that stands on the cluster: guests prove nothing about a cluster, and take their time. */
function leaveCluster(): void {
  const text = sandbox.read(SITE);
  const [, things = ""] = /(\n {4}storages:\n[^]*)\nencryptionsalt/.exec(text) ?? [];
  sandbox.edit(SITE, things, "");
}

/** Both nodes and the witness have a vote, and both nodes say so. */
function expectCluster(): void {
  for (const node of ["pve01", "pve02"]) {
    const status = lab.ssh(node, "pvecm status");
    expect(status).toMatch(/^Name: +mizar$/m);
    expect(status).toMatch(/^Quorate: +Yes$/m);
    expect(status).toMatch(/^Expected votes: +3$/m);
    expect(status).toMatch(/^Total votes: +3$/m);
    expect(status.match(/ A,V,/g)).toHaveLength(2);
    expect(lab.ssh(node, "ls /etc/pve/nodes")).toBe("pve01\npve02\n");
  }
}

/** Every step is done, and doing it all again finds nothing to do on any host. */
async function expectNothingLeft(): Promise<void> {
  await log.mark();
  const text = succeeded(sandbox.make(...UP));
  expect(text).toMatch(/Resources:\n +\d+ unchanged\n/);
  expect(await log.changes()).toEqual([]);
}

describe("two hosts with nothing but Debian", () => {
  beforeAll(() => begin("--bare", "pve01,pve02"));

  it("are previewed as what has to be made, without a change on any host", async () => {
    await log.mark();
    const text = succeeded(sandbox.make("preview"));
    expect(text).toMatch(/command:remote:Command found create/);
    expect(text).toMatch(/Resources:\n +\+ \d+ to create\n/);
    expect(await log.changes()).toEqual([]);
  });

  it("become the described site by one command", async () => {
    expect(succeeded(sandbox.make("up"))).toMatch(/Backup job\s+nightly/);
    expectCluster();
    sandbox.labCommand("clock", "--advance", "2m");
    await until("HA has started both VMs", 60, () => {
      const text = lab.ssh("pve01", "ha-manager status");
      return text.match(/service vm:\d+ \(pve0\d, started\)/g)?.length === 2 ? text : undefined;
    });
  });

  it("have nothing left to do", expectNothingLeft);
});

describe("the cluster alone", () => {
  beforeAll(leaveCluster);
  afterAll(() => sandbox.restore(SITE));

  describe.each([
    { hosts: "a bare founder and an installed node", bare: "pve01", by: "make up" },
    { hosts: "an installed founder and a bare node", bare: "pve02", by: "plain pulumi" },
  ])("of $hosts", ({ bare, by }) => {
    beforeAll(() => begin("--bare", bare));

    it(`is made by ${by}`, () => {
      if (by === "plain pulumi") succeeded(sandbox.pulumi("stack", "init", "dev"));
      succeeded(by === "make up" ? sandbox.make(...UP) : sandbox.pulumi("up", "--yes"));
      expectCluster();
    });

    it("has nothing left to do", expectNothingLeft);
  });

  describe("of two nodes, the second of which loses its power in the middle of its join", () => {
    beforeAll(() => begin());

    it("is finished by the next run, once the power is back", async () => {
      const match = "pvecm add pve02: remove the database";
      await lab.control("PUT", "/lab/faults/hold", { match, moment: "before" });
      const run = sandbox.start("make", UP);
      await until("the join is half done", 90, async () => {
        const hold = (await lab.control("GET", "/lab/faults/hold")) as { reached?: string };
        return hold.reached;
      });
      await lab.control("PUT", "/lab/hosts/pve02/power", { power: "off" });
      await lab.control("DELETE", "/lab/faults/hold");
      expect(await within(90, run.ended)).not.toBe(0);
      expect(run.text()).toContain("join-pve02");
      await lab.control("PUT", "/lab/hosts/pve02/power", { power: "on" });
      succeeded(sandbox.make(...UP));
      expectCluster();
    });

    it("has nothing left to do", expectNothingLeft);
  });

  describe("that is there already, made by hand", () => {
    beforeAll(async () => {
      await begin();
      makeClusterByHand();
    });

    it("is adopted without anything installed, created, joined or restarted", async () => {
      expectCluster();
      await log.mark();
      succeeded(sandbox.make(...UP));
      const changes = await log.changes();
      const again = /: (apt-get|dpkg|pvecm|systemctl|reboot|shutdown|ha-manager) /;
      expect(changes.filter((change) => again.test(change))).toEqual([]);
      expectCluster();
    });

    it("is not touched when the state is lost and everything runs again", async () => {
      sandbox.run("rm", ["-rf", ".state"]);
      await log.mark();
      succeeded(sandbox.make(...UP));
      const changes = await log.changes();
      // The automation's account is no part of the cluster; its token's secret went with the state.
      expect(changes.filter((change) => !/: (pveum )/.test(change))).toEqual([]);
      expect(changes.length).toBeGreaterThan(0);
    });
  });

  describe("is refused before anything changes, where", () => {
    /** What the operator gets to read, and that nothing was done. */
    async function refused(): Promise<string> {
      await log.mark();
      const { code, text } = sandbox.make(...UP);
      expect(code).not.toBe(0);
      expect(await log.changes()).toEqual([]);
      return text;
    }

    it("a node is in another cluster, and no other node in any", async () => {
      await begin("--bare", "pve01");
      lab.out("pve02", "pvecm create alcor");
      const text = await refused();
      expect(text).toContain("pve02: this node is in cluster alcor, not in mizar");
      expect(text).toContain("1 problem, and nothing has been changed");
      // Plain pulumi is as safe.
      const { code, text: plain } = sandbox.pulumi("up", "--yes");
      expect(plain).toContain("pve02 is in cluster alcor, but Pulumi.dev.yaml says mizar");
      expect(code).not.toBe(0);
    });

    it("a node is in another cluster beside the described one", async () => {
      await begin();
      lab.out("pve01", "pvecm create mizar");
      lab.out("pve02", "pvecm create alcor");
      expect(await refused()).toContain("this node is in cluster alcor, not in mizar");
    });

    it("a node that is to join has guests, has another address, and the founder is of another release", async () => {
      await begin("--release", "8");
      lab.out("pve02", "qm create 500 --name old --memory 512");
      sandbox.edit(SITE, "192.168.18.100", "192.168.18.101");
      const text = await refused();
      sandbox.edit(SITE, "192.168.18.101", "192.168.18.100");
      expect(text).toContain("Proxmox VE 8 runs here, the site file says release 9");
      expect(text).toMatch(/pve02: .*192\.168\.18\.101/);
      expect(text).toMatch(/[2-9] problems, and nothing has been changed/);
    });

    it("a node that is to join has guests", async () => {
      await begin("--bare", "pve01");
      lab.out("pve02", "qm create 500 --name old --memory 512");
      const text = await refused();
      expect(text).toContain("a node that joins a cluster must have no guests; here are: 500");
      expect(lab.ssh("pve02", "qm list")).toContain("500");
    });
  });
});

/** As somebody would: with Proxmox's own commands, and root's keys on all hosts. */
function makeClusterByHand(): void {
  const addresses = ["192.168.18.251", "192.168.18.100", "192.168.18.200"];
  const scans = addresses.map((address) => `ssh-keyscan ${address} >>/root/.ssh/known_hosts`);
  const nodes = ["pve01", "pve02"];
  const keys = nodes.map((node) => {
    lab.out(node, scans.join("; "));
    lab.out(node, "ssh-keygen -q -t rsa -b 4096 -N '' -f /root/.ssh/id_rsa");
    return lab.out(node, "cat /root/.ssh/id_rsa.pub");
  });
  for (const host of [...nodes, "nas"]) {
    for (const key of keys) lab.out(host, `echo '${key}' >>/root/.ssh/authorized_keys`);
  }
  lab.out("pve01", "pvecm create mizar --link0 192.168.18.251");
  lab.out("pve02", "pvecm add 192.168.18.251 --use_ssh --link0 192.168.18.100");
  lab.out("nas", "apt-get install -y corosync-qnetd");
  for (const node of nodes) lab.out(node, "apt-get install -y corosync-qdevice");
  lab.out("pve01", "pvecm qdevice setup 192.168.18.200");
}
