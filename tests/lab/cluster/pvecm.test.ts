import {
  ADDRESS,
  clusterOfTwo,
  clusterWithWitness,
  freshHosts,
  type Machines,
} from "./support/machines";

const HEADER = (version: number): string =>
  `Cluster information
-------------------
Name:             site
Config Version:   ${version}
Transport:        knet
Secure auth:      on

Quorum information
------------------
Date:             DATE
Quorum provider:  corosync_votequorum
`;

/** The text as a recording has it: without what differs from run to run. */
async function status(lab: Machines, host: "pve01" | "pve02"): Promise<[string, number]> {
  const { stdout, exitCode } = await lab.run(host, "pvecm status");
  return [
    stdout
      .replace(/^(Date: *)\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/m, "$1DATE")
      .replace(/^(Ring ID: *[12])\.[0-9a-f]+$/m, "$1.N"),
    exitCode,
  ];
}

describe("pvecm status", () => {
  it("shows two nodes without a QDevice", async () => {
    expect(await status(await clusterOfTwo(), "pve02")).toEqual([
      `${HEADER(2)}Nodes:            2
Node ID:          0x00000002
Ring ID:          1.N
Quorate:          Yes

Votequorum information
----------------------
Expected votes:   2
Highest expected: 2
Total votes:      2
Quorum:           2  \nFlags:            Quorate \n
Membership information
----------------------
    Nodeid      Votes Name
0x00000001          1 ${ADDRESS.pve01}
0x00000002          1 ${ADDRESS.pve02} (local)
`,
      0,
    ]);
  });

  it("shows a node that lost the other, and ends with 2", async () => {
    const lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
    expect(await status(lab, "pve01")).toEqual([
      `${HEADER(2)}Nodes:            1
Node ID:          0x00000001
Ring ID:          1.N
Quorate:          No

Votequorum information
----------------------
Expected votes:   2
Highest expected: 2
Total votes:      1
Quorum:           2 Activity blocked
Flags:            \n
Membership information
----------------------
    Nodeid      Votes Name
0x00000001          1 ${ADDRESS.pve01} (local)
`,
      2,
    ]);
  });

  it("shows the QDevice's vote", async () => {
    expect(await status(await clusterWithWitness(), "pve01")).toEqual([
      `${HEADER(3)}Nodes:            2
Node ID:          0x00000001
Ring ID:          1.N
Quorate:          Yes

Votequorum information
----------------------
Expected votes:   3
Highest expected: 3
Total votes:      3
Quorum:           2  \nFlags:            Quorate Qdevice \n
Membership information
----------------------
    Nodeid      Votes    Qdevice Name
0x00000001          1    A,V,NMW ${ADDRESS.pve01} (local)
0x00000002          1    A,V,NMW ${ADDRESS.pve02}
0x00000000          1            Qdevice
`,
      0,
    ]);
  });

  it("keeps the flag of a dead witness; only A,NV and the votes tell", async () => {
    const lab = await clusterWithWitness();
    lab.power("nas", false);
    await lab.advance(20);
    const [text, exitCode] = await status(lab, "pve01");
    expect(text).toContain(
      "Total votes:      2\nQuorum:           2  \nFlags:            Quorate Qdevice \n",
    );
    expect(text).toContain(
      `    Nodeid      Votes    Qdevice Name
0x00000001          1   A,NV,NMW ${ADDRESS.pve01} (local)
0x00000002          1   A,NV,NMW ${ADDRESS.pve02}
0x00000000          0            Qdevice (votes 1)
`,
    );
    expect(exitCode).toBe(0);
  });

  it("shows one node and a dead witness as blocked, with the flag", async () => {
    const lab = await clusterWithWitness();
    lab.power("nas", false);
    lab.power("pve02", false);
    await lab.advance(30);
    const [text, exitCode] = await status(lab, "pve01");
    expect(text).toContain(
      "Total votes:      1\nQuorum:           2 Activity blocked\nFlags:            Qdevice \n",
    );
    expect(exitCode).toBe(2);
  });

  it("shows NR for a node whose corosync-qdevice does not run", async () => {
    const lab = await clusterWithWitness();
    await lab.out("pve02", "systemctl stop corosync-qdevice");
    await lab.advance(10);
    const [own] = await status(lab, "pve02");
    expect(own).toContain("Flags:            Quorate \n");
    expect(own).toContain(
      `0x00000001          1    A,V,NMW ${ADDRESS.pve01}
0x00000002          1         NR ${ADDRESS.pve02} (local)
0x00000000          0            Qdevice (votes 1)
`,
    );
    expect(await lab.status("pve02", "Total votes")).toBe("2");
    expect(await lab.status("pve01", "Total votes")).toBe("3");
  });

  it("fails on a node that is in no cluster", async () => {
    for (const command of ["status", "nodes", "expected 1"]) {
      expect(await (await freshHosts()).run("pve01", `pvecm ${command}`)).toEqual(
        expect.objectContaining({
          stdout: "",
          stderr:
            "Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster?\n",
          exitCode: 255,
        }),
      );
    }
  });
});

describe("pvecm nodes", () => {
  it("lists the members in sight by name", async () => {
    const lab = await clusterOfTwo();
    const head = "\nMembership information\n----------------------\n    Nodeid      Votes Name\n";
    expect(await lab.out("pve01", "pvecm nodes")).toBe(
      `${head}         1          1 pve01 (local)\n         2          1 pve02\n`,
    );
    lab.power("pve02", false);
    await lab.advance(10);
    expect(await lab.out("pve01", "pvecm nodes")).toBe(
      `${head}         1          1 pve01 (local)\n`,
    );
  });

  it("lists the QDevice too", async () => {
    expect(await (await clusterWithWitness()).out("pve01", "pvecm nodes")).toContain(
      "    Nodeid      Votes    Qdevice Name\n" +
        "         1          1    A,V,NMW pve01 (local)\n" +
        "         2          1    A,V,NMW pve02\n" +
        "         0          1            Qdevice\n",
    );
  });
});

describe("pvecm expected", () => {
  it("makes a lone node quorate, until the other is back", async () => {
    const lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
    await lab.out("pve01", "pvecm expected 1");
    expect(await lab.status("pve01", "Expected votes")).toBe("1");
    expect(await lab.status("pve01", "Quorum")).toBe("1");
    expect(await lab.status("pve01", "Flags")).toBe("Quorate");
    lab.power("pve02", true);
    await lab.advance(10);
    for (const node of ["pve01", "pve02"] as const) {
      expect(await lab.status(node, "Expected votes")).toBe("2");
    }
  });

  it.each([
    ["fewer than the votes in sight", "1"],
    ["so many that quorum would be lost", "4"],
  ])("refuses %s", async (_name, votes) => {
    const lab = await clusterOfTwo();
    expect(await lab.run("pve01", `pvecm expected ${votes}`)).toMatchObject({
      stderr: "Unable to set expected votes: CS_ERR_INVALID_PARAM\n",
      exitCode: 1,
    });
    expect(await lab.status("pve01", "Expected votes")).toBe("2");
  });

  it.each([
    ["x", "expected: type check ('integer') failed - got 'x'"],
    ["0", "expected: value must have a minimum value of 1"],
  ])("refuses %s as a number", async (votes, words) => {
    expect(await (await clusterOfTwo()).run("pve01", `pvecm expected ${votes}`)).toMatchObject({
      stderr: `400 Parameter verification failed.\n${words}\n`,
      exitCode: 255,
    });
  });

  it("does not outlive a change of the configuration", async () => {
    const lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
    await lab.out("pve01", "pvecm expected 1");
    lab.site.quorum.reconfigured();
    expect(await lab.status("pve01", "Expected votes")).toBe("2");
  });
});

describe("pvecm delnode", () => {
  it("takes a dead node out once the rest has quorum", async () => {
    const lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
    expect(await lab.run("pve01", "pvecm delnode pve02")).toMatchObject({
      stderr: "cluster not ready - no quorum?\n",
      exitCode: 255,
    });
    await lab.out("pve01", "pvecm expected 1");
    expect(await lab.run("pve01", `pvecm delnode ${ADDRESS.pve02}`)).toMatchObject({
      stdout: "Killing node 2\n",
      stderr: "Could not kill node (error = CS_ERR_NOT_EXIST)\n",
      exitCode: 0,
    });
    expect(await lab.status("pve01", "Expected votes")).toBe("1");
    expect(await lab.status("pve01", "Config Version")).toBe("3");
    expect(await lab.out("pve01", "cat /etc/pve/corosync.conf")).not.toContain("pve02");
  });

  it.each([
    ["itself", "pve01", "Cannot delete myself from cluster!"],
    ["a stranger", "pve09", "Node/IP: pve09 is not a known host of the cluster."],
  ])("refuses %s", async (_name, node, words) => {
    expect(await (await clusterOfTwo()).run("pve01", `pvecm delnode ${node}`)).toMatchObject({
      stderr: `${words}\n`,
      exitCode: 255,
    });
  });
});

describe("pvecm updatecerts", () => {
  it("regenerates files, and with --force the certificate", async () => {
    const lab = await clusterOfTwo();
    const before = lab.site.nodeState("pve01").certificate.certificate;
    expect(await lab.out("pve01", "pvecm updatecerts")).toBe(
      "(re)generate node files\nmerge authorized SSH keys\n",
    );
    expect(lab.site.nodeState("pve01").certificate.certificate).toBe(before);
    expect(await lab.out("pve01", "pvecm updatecerts --force")).toBe(
      "(re)generate node files\ngenerate new node certificate\nmerge authorized SSH keys\n",
    );
    expect(lab.site.nodeState("pve01").certificate.certificate).not.toBe(before);
  });

  it("waits 80 seconds for quorum and then gives up", async () => {
    const lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
    const start = lab.clock.now();
    const { stdout, stderr, exitCode } = await lab.run("pve01", "pvecm updatecerts");
    expect(stdout.split("\n").filter((line) => line.startsWith("waiting for pmxcfs"))).toHaveLength(
      16,
    );
    expect(stderr).toMatch(/^got timeout when trying to ensure cluster certificates/);
    expect(exitCode).toBe(255);
    expect(lab.clock.now() - start).toBeGreaterThanOrEqual(80_000);
    expect(await lab.run("pve01", "pvecm updatecerts --silent")).toMatchObject({
      stdout: "",
      exitCode: 0,
    });
  });
});

describe("pvecm", () => {
  it("tells the version of the join", async () => {
    expect(await (await freshHosts()).out("pve01", "pvecm apiver")).toBe("1\n");
  });

  it("refuses what it does not know", async () => {
    const lab = await clusterOfTwo();
    for (const command of ["pvecm frobnicate", "pvecm qdevice frobnicate"]) {
      expect(await lab.run("pve01", command)).toMatchObject({
        stderr: `ERROR: unknown command '${command}'\n`,
        exitCode: 255,
      });
    }
  });

  it("is no command of the witness", async () => {
    expect(await (await freshHosts()).run("nas", "pvecm status")).toMatchObject({
      stderr: "bash: pvecm: command not found\n",
      exitCode: 127,
    });
  });
});
