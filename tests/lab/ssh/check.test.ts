import { commandLine, readScript } from "../../../components/scriptText";
import { freshState } from "../../../lab/state/initial";
import { setDiskFull } from "../../../lab/storage/fullDisks";
import type { LabState } from "../../../lab/state/types";
import {
  ADDRESS,
  clusterOfTwo,
  clusterWithWitness,
  freshHosts,
  type HostName,
  Machines,
} from "../cluster/support/machines";
import { PASSWORD, START } from "../support/lab";

/** The scripts that judge hosts, in the lab's shell: each judgement for which a machine of the lab can be wrong. */

const judgeNode = readScript(
  "cluster/check",
  ["bare", "looks", "machine", "network"].map((part) => `cluster/parts/${part}`),
);
const judgeWitness = readScript("cluster/checkWitness", ["cluster/parts/looks"]);
const MEMORY = { pve01: 3.75 * 1024 ** 3, pve02: 15.5 * 1024 ** 3, nas: 0 };

interface Judged {
  exitCode: number;
  facts: (name: string) => string[];
}

async function judge(lab: Machines, host: HostName, given = {}): Promise<Judged> {
  const variables = {
    HOST: host,
    CLUSTER: "site",
    RELEASE: "9",
    FOUNDER: "pve01",
    NODES: `pve01=${ADDRESS.pve01} pve02=${ADDRESS.pve02}`,
    WITNESS_ADDRESS: ADDRESS.nas,
    BRIDGE: "vmbr0",
    ADDRESS: ADDRESS[host],
    LINKS: ADDRESS[host],
    MEMORY: String(MEMORY[host]),
    CPUS: "4",
    QDEVICE: "yes",
    ...given,
  };
  const [script, text] =
    host === "nas"
      ? (["cluster/checkWitness", judgeWitness] as const)
      : (["cluster/check", judgeNode] as const);
  const { stdout, exitCode } = await lab.run(host, commandLine(script, "apply"), text(variables));
  const facts = (name: string): string[] =>
    stdout
      .split("\n")
      .filter((line) => line.startsWith(`${name}\t`))
      .map((line) => line.slice(name.length + 1).split("\t")[0] ?? "");
  return { exitCode, facts };
}

let bare: LabState;
beforeAll(async () => {
  let port = 20_000;
  bare = await freshState({
    password: PASSWORD,
    authorizedKey: "ssh-ed25519 AAAA lab",
    nextPort: () => Promise.resolve(port++),
    now: START,
    layout: { bare: ["pve01", "pve02"], extra: [], without: [] },
  });
});
const bareHosts = (): Promise<Machines> => Promise.resolve(new Machines(structuredClone(bare)));

const SMALL = "this machine has only 3.75 GiB of memory";

describe("starting points", () => {
  it("are recognised, and nothing is wrong with them or written to them", async () => {
    for (const [make, state, wills] of [
      [bareHosts, "debian", 5],
      [freshHosts, "installed", 1],
      [clusterWithWitness, "member", 0],
    ] as const) {
      const lab = await make();
      await lab.run("pve01", "true");
      for (const host of ["pve01", "pve02"] as const) {
        const { id = 0 } = lab.site.commands.after(0).at(-1) ?? {};
        const { exitCode, facts } = await judge(lab, host);
        expect(facts("state")).toEqual([state]);
        expect(facts("problem")).toEqual([]);
        const small = host === "pve01" && state !== "member";
        expect(facts("warning")).toEqual(small ? [SMALL] : []);
        expect(facts("will")).toHaveLength(wills);
        expect(exitCode).toBe(0);
        const written = lab.site.commands.after(id).flatMap(({ writes = [] }) => writes);
        expect(written).toEqual([]);
      }
      const witness = await judge(lab, "nas");
      expect(witness.facts("state")).toEqual(["witness"]);
      expect(witness.exitCode).toBe(0);
    }
  });

  it("are refused where a joiner has guests, or is in another cluster", async () => {
    const lab = await freshHosts();
    await lab.data("pve02", "POST", "/nodes/pve02/qemu", { vmid: 104 });
    const { exitCode, facts } = await judge(lab, "pve02");
    expect(facts("state")).toEqual(["refused"]);
    expect(facts("problem")).toEqual([
      "a node that joins a cluster must have no guests; here are: 104",
    ]);
    expect(exitCode).toBe(1);
    const other = await judge(await clusterOfTwo(), "pve02", { CLUSTER: "alcor" });
    expect(other.facts("problem")).toEqual(["this node is in cluster site, not in alcor"]);
  });

  it("tell the host's own clock", async () => {
    const lab = await freshHosts();
    lab.site.host("pve02").traits = { clockOffsetMs: -90_500 };
    const { facts } = await judge(lab, "pve02");
    const [clock = ""] = facts("clock");
    expect(clock).toMatch(/^\d+\.\d{9}$/);
    expect(Math.abs(Number(clock) * 1000 - (lab.clock.now() - 90_500))).toBeLessThan(1000);
  });
});

const PROBLEMS: [string, (lab: Machines) => void, problem: string][] = [
  [
    "virtualization is off",
    (lab) => (lab.site.host("pve02").traits = { virtualization: false }),
    "hardware virtualization is off",
  ],
  [
    "another program installs packages",
    (lab) => (lab.site.host("pve02").traits = { aptLock: "unattended-upgr" }),
    "packages cannot be installed: unattended-upgr (process 1301) holds apt's lock",
  ],
  [
    "its disk is full",
    (lab) => setDiskFull(lab.site, "pve02", "/", true),
    "only 0 MiB are free at /",
  ],
  [
    "the other node is far away",
    (lab) => (lab.site.host("pve01").traits = { lagMs: 6 }),
    `packets to pve01 (${ADDRESS.pve01}) and back take 12 ms; corosync does not work reliably above 10 ms`,
  ],
  [
    "the other node is off",
    (lab) => lab.power("pve01", false),
    `pve01 (${ADDRESS.pve01}) cannot be reached from this host (TCP port 22)`,
  ],
  [
    "the witness is off",
    (lab) => lab.power("nas", false),
    `the witness (${ADDRESS.nas}) cannot be reached from this host (TCP port 22)`,
  ],
  [
    "an authkey is left over",
    (lab) => {
      lab.site.host("pve02").files["/etc/corosync/authkey"] = { content: "KEY", mode: 0o400 };
    },
    "/etc/corosync/authkey is left over from another cluster, and nobody can join with it",
  ],
  [
    "its name stands for 127.0.1.1",
    (lab) => {
      lab.site.host("pve02").files["/etc/hosts"] = { content: "127.0.1.1 pve02\n", mode: 0o644 };
    },
    `the name pve02 does not stand for ${ADDRESS.pve02}, or for a loopback address too`,
  ],
];

describe("a node that is to join has a problem where", () => {
  it.each(PROBLEMS)("%s", async (_what, breaks, problem) => {
    const lab = await freshHosts();
    breaks(lab);
    const { exitCode, facts } = await judge(lab, "pve02");
    expect(facts("problem")).toHaveLength(1);
    expect(facts("problem")[0]).toContain(problem);
    expect(exitCode).toBe(1);
  });

  it("its memory or address is not what the site file says", async () => {
    const lab = await bareHosts();
    const { facts } = await judge(lab, "pve02", {
      MEMORY: String(32 * 1024 ** 3),
      LINKS: `${ADDRESS.pve02} 10.9.9.9`,
    });
    expect(facts("problem")).toEqual([
      expect.stringMatching(
        /^this machine reports \S+ GiB of memory, the site file says 32\.00 GiB$/,
      ),
      "no network card of this host has the address 10.9.9.9",
    ]);
  });
});

const WARNINGS: [string, (lab: Machines) => void, warning: string][] = [
  [
    "its link is slow",
    (lab) => (lab.site.host("pve02").linkMbit = 100),
    "network card eno1 is linked at 100 Mbit/s; disks over NFS, migrations and backups need a gigabit",
  ],
  [
    "its link is half duplex",
    (lab) => (lab.site.host("pve02").traits = { duplex: "half" }),
    "network card eno1 works at half duplex",
  ],
  [
    "no time server answers",
    (lab) => (lab.site.host("pve02").traits = { timeServer: false }),
    "no time server sets the clock",
  ],
];

describe("a node is warned of where", () => {
  it.each(WARNINGS)("%s", async (_what, breaks, warning) => {
    const lab = await freshHosts();
    breaks(lab);
    const { exitCode, facts } = await judge(lab, "pve02");
    expect(facts("warning")).toEqual([warning]);
    expect(exitCode).toBe(0);
  });

  it("it is a member whose other node is away", async () => {
    const lab = await clusterWithWitness();
    lab.power("pve01", false);
    const { exitCode, facts } = await judge(lab, "pve02");
    expect(facts("warning")).toContain(
      `pve01 (${ADDRESS.pve01}) cannot be reached from this host (TCP port 22)`,
    );
    expect(facts("problem")).toEqual([]);
    expect(exitCode).toBe(0);
  });
});
