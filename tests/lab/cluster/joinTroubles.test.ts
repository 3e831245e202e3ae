import { commandLine, readScript } from "../../../components/scriptText";
import { Joining } from "./support/joining";
import { ADDRESS, type Machines } from "./support/machines";

let site: Joining;
beforeEach(async () => {
  site = await Joining.prepared();
});
afterEach(() => site.lab.site.stop());

/** The member lists pve02, which no join of this node has made it do, and so waits for it. */
async function listed(): Promise<void> {
  const { corosync } = site.lab.site.pmxcfs("pve01");
  corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
  site.lab.site.quorum.reconfigured();
  await site.lab.advance(10);
}

describe("a join whose connection is cut", () => {
  it.each(["write corosync.conf", "remove the database", "wait for quorum"])(
    "before it is to %s goes on, and the next run waits for it instead of joining beside it",
    async (change) => {
      const connection = new AbortController();
      await site.cutBefore(change, () => connection.abort(), connection.signal);
      await site.joins();
      await site.isWhole();
      expect(site.started("pve02", "pvecm add")).toBe(1);
    },
  );
});

describe("a join whose corosync does not start", () => {
  /** As with a key that corosync cannot read. */
  const cut = () =>
    site.cutBefore("start corosync and pve-cluster", () => {
      delete site.lab.site.host("pve02").files["/etc/corosync/authkey"];
    });

  it("stops after a limit and says what the next run does", async () => {
    const { exitCode, stderr } = await cut();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("step cluster-join failed: pvecm add did not succeed\n");
    expect(stderr).toContain("the next run cleans up what is left, and joins anew");
  });

  it("is taken back on the joiner first, then at the member, and begun anew", async () => {
    await cut();
    const told = await site.joins();
    const order = [
      "cleaning this node first",
      "restoring the database from",
      "pve01 waits for this node; it gets quorum without it",
      "taking what is left of pve02 out of the cluster",
      "joining site through pve01",
    ];
    const places = order.map((words) => told.indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    await site.isWhole();
  });
});

describe("expected 1", () => {
  it("gives a member quorum that waits for nobody but this node", async () => {
    await listed();
    expect(await site.lab.status("pve01", "Quorate")).toBe("No");
    const told = await site.joins();
    expect(told).toContain("pve01 waits for this node; it gets quorum without it\n");
    expect(site.started("pve01", "pvecm expected 1")).toBe(1);
    await site.isWhole();
  });

  it("is not said to a member that has quorum", async () => {
    const { corosync } = site.lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 0, address: ADDRESS.pve02 });
    site.lab.site.quorum.reconfigured();
    await site.lab.advance(10);
    expect(await site.lab.status("pve01", "Quorate")).toBe("Yes");
    expect(await site.joins()).toContain("taking what is left of pve02 out of the cluster\n");
    expect(site.started("pve01", "pvecm expected")).toBe(0);
  });

  it("is not said where HA is in charge of anything", async () => {
    const { guests, ha } = site.lab.site.pmxcfs("pve01");
    guests["100"] = { vmid: 100, type: "qemu", node: "pve01", config: { memory: "512" } };
    ha.resources["vm:100"] = { state: "started" };
    await listed();
    expect((await site.ended()).stderr).toContain("and HA resources exist\n");
    expect(site.started("pve01", "pvecm expected")).toBe(0);
  });
});

describe("a joiner that cannot be reached", () => {
  it("stops the cluster's first step, which names it and what to do, and changes nothing", async () => {
    await site.cutBefore("write authkey", () => site.lab.power("pve02", false));
    await site.lab.advance(10);
    const text = readScript("cluster/found")({
      HOST: "pve01",
      CLUSTER: "site",
      LINKS: ADDRESS.pve01,
    });
    const run = await site.lab.run("pve01", commandLine("cluster/found", "apply"), text);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      "step cluster-found failed: the cluster has no quorum: away are pve02\n",
    );
    expect(run.stderr).toContain(
      "switch them on and check the network to them; then run this again",
    );
    expect(site.lab.site.pmxcfs("pve01").corosync?.nodes).toHaveLength(2);
    expect(site.started("pve01", "pvecm expected")).toBe(0);
  });
});

describe("a cluster with two links", () => {
  const SECOND = { pve01: "10.0.0.1", pve02: "10.0.0.2" };
  const LINKS = `${ADDRESS.pve02} ${SECOND.pve02}`;
  const cable = (lab: Machines): void => {
    for (const node of ["pve01", "pve02"] as const) {
      const file = lab.site.host(node).files["/etc/network/interfaces"];
      if (!file) throw new Error(`${node} has no network`);
      file.content += `\nauto enp3s0f0\niface enp3s0f0 inet static\n\taddress ${SECOND[node]}/24\n`;
    }
  };
  const found = (given: Record<string, string>) =>
    Joining.prepared(`--link0 ${ADDRESS.pve01} --link1 ${SECOND.pve01}`, given, cable);
  const links = (): (string | undefined)[] =>
    site.lab.site
      .pmxcfs("pve01")
      .corosync?.nodes.flatMap(({ address, link1 }) => [address, link1]) ?? [];

  const judged = async (node: "pve01" | "pve02"): Promise<string[]> => {
    const parts = ["bare", "looks", "machine", "network"].map((part) => `cluster/parts/${part}`);
    const nodes = ["pve01", "pve02"] as const;
    const text = readScript(
      "cluster/check",
      parts,
    )({
      HOST: node,
      CLUSTER: "site",
      RELEASE: "9",
      FOUNDER: "pve01",
      NODES: nodes.map((name) => `${name}=${ADDRESS[name]},${SECOND[name]}`).join(" "),
      WITNESS_ADDRESS: "",
      BRIDGE: "vmbr0",
      ADDRESS: ADDRESS[node],
      LINKS: `${ADDRESS[node]} ${SECOND[node]}`,
      MEMORY: String(Math.round((node === "pve01" ? 3.75 : 15.6) * 1024 ** 3)),
      CPUS: "4",
    });
    const line = commandLine("cluster/check", "apply");
    const { stdout, exitCode } = await site.lab.run(node, line, text);
    const told = stdout.split("\n").filter((line) => /^(state|will|problem)\t/.test(line));
    return [`exit ${exitCode}`, ...told];
  };

  it("has both judged on every node, before the join and after it", async () => {
    site = await found({ LINKS });
    expect(await judged("pve01")).toEqual(["exit 0", "state\tmember"]);
    const [exit, state, will, ...others] = await judged("pve02");
    expect([exit, state, others]).toEqual(["exit 0", "state\tinstalled", []]);
    expect(will).toMatch(/^will\tjoin/);
    await site.joins();
    expect(await judged("pve02")).toEqual(["exit 0", "state\tmember"]);
  });

  it("has a joiner without the second address told before anything changes", async () => {
    site = await Joining.prepared();
    const told = await judged("pve02");
    expect(told[0]).toBe("exit 1");
    const problems = told.filter((line) => line.startsWith("problem\t"));
    expect(problems).toEqual([
      expect.stringContaining("no network card of this host has the address 10.0.0.2"),
      expect.stringContaining("pve01 (10.0.0.1) cannot be reached from this host"),
    ]);
  });

  it("is joined with both, and corosync.conf on both nodes has them", async () => {
    site = await found({ LINKS });
    await site.joins();
    await site.isWhole();
    expect(links()).toEqual([ADDRESS.pve01, SECOND.pve01, ADDRESS.pve02, SECOND.pve02]);
    for (const node of ["pve01", "pve02"] as const) {
      expect(await site.lab.out(node, "grep ring1_addr /etc/corosync/corosync.conf")).toBe(
        "    ring1_addr: 10.0.0.1\n    ring1_addr: 10.0.0.2\n",
      );
    }
  });

  it("is created with both by its first node", async () => {
    site = await Joining.prepared("", {}, cable);
    const lab = site.lab;
    const text = readScript("cluster/found")({
      HOST: "pve02",
      CLUSTER: "other",
      LINKS,
    });
    expect(await lab.run("pve02", commandLine("cluster/found", "apply"), text)).toMatchObject({
      exitCode: 0,
    });
    expect(lab.site.pmxcfs("pve02").corosync?.nodes).toMatchObject([
      { address: ADDRESS.pve02, link1: SECOND.pve02 },
    ]);
  });

  it("finishes a join with both that was cut short", async () => {
    site = await found({ LINKS });
    await site.cutBefore("stop pve-cluster", () => site.lab.power("pve02", false));
    site.lab.power("pve02", true);
    await site.lab.advance(60);
    await site.joins();
    await site.isWhole();
    expect(links()).toHaveLength(4);
  });

  it("refuses a joiner with one, and nothing has changed at the member", async () => {
    site = await found({});
    const { exitCode, stderr } = await site.ended();
    expect(exitCode).toBe(1);
    expect(stderr).toContain("link 1 exists in cluster config but wasn't specified for new node");
    expect(links()).toEqual([ADDRESS.pve01, SECOND.pve01]);
  });
});
