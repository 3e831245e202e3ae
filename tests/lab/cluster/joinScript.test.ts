import { commandLine, readScript } from "../../../components/scriptText";
import { ADDRESS, freshHosts, type Machines } from "./support/machines";

const PARTS = ["ha", "qdevice", "join"].map((part) => `cluster/parts/${part}`);

let lab: Machines;

beforeEach(async () => {
  lab = await freshHosts();
  await lab.out("pve01", "pvecm create site");
  for (const node of ["pve01", "pve02"] as const) {
    await lab.out(
      node,
      "test -e /root/.ssh/id_rsa || ssh-keygen -q -t rsa -N '' -f /root/.ssh/id_rsa",
    );
  }
  lab.trust("pve02", "pve01");
  lab.trust("pve01", "pve02");
  await lab.advance(5);
});
afterEach(() => lab.site.stop());

interface Ended {
  exitCode: number;
  stderr: string;
}

/** The join's script, as an update runs it. */
function running(variables: Record<string, string> = {}): Promise<Ended> {
  const text = readScript(
    "cluster/join",
    PARTS,
  )({
    HOST: "pve02",
    CLUSTER: "site",
    ADDRESS: ADDRESS.pve02,
    LINKS: ADDRESS.pve02,
    MEMBER: "pve01",
    MEMBER_ADDRESS: ADDRESS.pve01,
    WITNESS_ADDRESS: "",
    ...variables,
  });
  return lab.hosts.shellOf("pve02").exec(commandLine("cluster/join", "apply"), text);
}

const joined = (variables: Record<string, string> = {}): Promise<Ended> =>
  lab.settle(running(variables));

/** A run that must come to a good end. */
async function joins(variables: Record<string, string> = {}): Promise<string> {
  const { exitCode, stderr } = await joined(variables);
  expect(`${exitCode} ${exitCode === 0 ? "" : stderr}`).toBe("0 ");
  return stderr;
}

/** Both nodes in one cluster, each with the other, and able to log in at each other. */
async function isWhole(): Promise<void> {
  await lab.advance(10);
  for (const node of ["pve01", "pve02"] as const) {
    expect(await lab.status(node, "Total votes")).toBe("2");
    expect(await lab.status(node, "Expected votes")).toBe("2");
  }
  const nodes = lab.site.pmxcfs("pve01").corosync?.nodes.map(({ name }) => name);
  expect(nodes).toEqual(["pve01", "pve02"]);
  expect(lab.site.nodeState("pve02").joining).toBeUndefined();
  await lab.out("pve01", `ssh -o BatchMode=yes root@${ADDRESS.pve02} true`);
  await lab.out("pve02", `ssh -o BatchMode=yes root@${ADDRESS.pve01} true`);
}

/** Runs the script until the join is about to make a change, does something then, and lets it go on. */
async function cutBefore(change: string, cut: () => void): Promise<Ended> {
  lab.site.faults.hold(`pvecm add pve02: ${change}`, "before");
  const run = running();
  for (let step = 0; step < 2000 && lab.site.faults.reached === undefined; step++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await lab.clock.advance(100);
  }
  expect(lab.site.faults.reached).toContain(change);
  cut();
  lab.site.faults.release();
  return lab.settle(run);
}

const CHANGES = [
  "list the node",
  "write authkey",
  "write corosync.conf",
  "stop pve-cluster",
  "save the database",
  "end the backup",
  "remove the database",
  "start corosync and pve-cluster",
  "wait for quorum",
  "update certificates",
  "restart services",
];

describe("joining", () => {
  it("makes a member, and a member is looked at without a single write", async () => {
    await joins();
    await isWhole();
    const last = lab.site.commands.after(0).at(-1)?.id ?? 0;
    expect(await joined()).toMatchObject({
      exitCode: 0,
      stderr: "pve02: is a member of site\n",
    });
    const after = lab.site.commands.after(last);
    expect(after.filter(({ writes }) => writes !== undefined)).toEqual([]);
  });

  it("keeps the keys with which somebody logs in at the joiner, though the cluster has others", async () => {
    await lab.out("pve02", "echo 'ssh-ed25519 BBBB operator' >>/root/.ssh/authorized_keys");
    await joins();
    expect(await lab.out("pve02", "cat /root/.ssh/authorized_keys")).not.toContain("operator");
    expect(await lab.out("pve02", "cat /root/.ssh/authorized_keys2")).toContain(
      "ssh-ed25519 BBBB operator\n",
    );
  });
});

describe("a join whose process is killed", () => {
  it.each(CHANGES)("before it is to %s is brought to its end by the next run", async (change) => {
    let kill = (): void => undefined;
    lab.site.faults.watch((script, program) => {
      if (program === "pvecm" && script.label.startsWith("ssh pve02")) kill = () => script.kill();
    });
    await cutBefore(change, () => kill());
    await joins();
    await isWhole();
  });
});

describe("a join whose joiner loses its power", () => {
  it.each(CHANGES)("before it is to %s is brought to its end by the next run", async (change) => {
    await cutBefore(change, () => lab.power("pve02", false));
    await lab.advance(10);
    lab.power("pve02", true);
    await lab.advance(60);
    await joins();
    await isWhole();
  });
});

describe("a join whose member loses its power", () => {
  it.each(CHANGES)(
    "before it is to %s stops, and is brought to its end by the next run",
    async (change) => {
      const cut = await cutBefore(change, () => lab.power("pve01", false));
      expect(cut.exitCode).toBe(1);
      expect(cut.stderr).toContain("step cluster-join failed");
      lab.power("pve01", true);
      await lab.advance(60);
      await joins();
      await isWhole();
    },
  );
});

describe("a join with corosync's port blocked", () => {
  it("stops after a limit, names the ports, stays joined, and is finished by the next run", async () => {
    lab.site.hardware.block("pve01", "pve02", 5405, true);
    const { stderr } = await joined();
    expect(stderr).toContain("step cluster-join failed: no quorum after joining\n");
    expect(stderr).toContain("UDP ports 5405 to 5412 are open between pve02 and pve01");
    lab.site.hardware.block("pve01", "pve02", 5405, false);
    await joins();
    await isWhole();
  });
});

describe("a join is refused", () => {
  it("where the member lists another machine by this name", async () => {
    const { corosync } = lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: "192.168.18.9" });
    expect((await joined()).stderr).toContain(
      "pve01 lists a node pve02 at 192.168.18.9, and this one is at 192.168.18.100: another machine has the name",
    );
  });

  it("where the cluster has guests on a dead node of this name", async () => {
    const { corosync, guests } = lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    guests["100"] = { vmid: 100, type: "qemu", node: "pve02", config: { memory: "512" } };
    expect((await joined()).stderr).toContain("the cluster has guests on a node pve02: 100\n");
    expect(corosync?.nodes).toHaveLength(2);
  });

  it("where the member has no quorum and HA resources: expected 1 could tear the cluster apart", async () => {
    const { corosync, guests, ha } = lab.site.pmxcfs("pve01");
    guests["100"] = { vmid: 100, type: "qemu", node: "pve01", config: { memory: "512" } };
    ha.resources["vm:100"] = { state: "started" };
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    lab.site.quorum.reconfigured();
    await lab.advance(10);
    expect((await joined()).stderr).toContain("and HA resources exist\n");
    expect(await lab.status("pve01", "Expected votes")).toBe("2");
  });

  it("where other nodes than this one are away", async () => {
    const { corosync } = lab.site.pmxcfs("pve01");
    corosync?.nodes.push({ name: "pve02", nodeid: 2, votes: 1, address: ADDRESS.pve02 });
    corosync?.nodes.push({ name: "pve03", nodeid: 3, votes: 1, address: "192.168.18.9" });
    lab.site.quorum.reconfigured();
    await lab.advance(10);
    expect((await joined()).stderr).toContain("because other nodes than this one are away\n");
  });

  it("where the clocks differ", async () => {
    lab.site.host("pve02").traits = { clockOffsetMs: 3000 };
    expect((await joined()).stderr).toContain("are more than a second apart\n");
  });

  it("on a node with guests", async () => {
    const { guests } = lab.site.pmxcfs("pve02");
    guests["100"] = { vmid: 100, type: "qemu", node: "pve02", config: { memory: "512" } };
    expect((await joined()).stderr).toContain(
      "this node has a guest: /etc/pve/nodes/pve02/qemu-server/100.conf",
    );
  });

  it("on a member of another cluster", async () => {
    await lab.out("pve02", "pvecm create other");
    expect((await joined()).stderr).toContain("this node is in cluster other, not in site\n");
  });
});
