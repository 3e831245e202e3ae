import { commandLine, readScript } from "../../../../components/scriptText";
import { ADDRESS, freshHosts, type Machines } from "./machines";

const PARTS = ["ha", "qdevice", "join"].map((part) => `cluster/parts/${part}`);

/** Every change that a join makes, in their order. */
export const CHANGES = [
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

export interface Ended {
  exitCode: number;
  stderr: string;
}

/** A cluster of pve01, which pve02 is to join: its script as an update runs it, and ways to cut it short. */
export class Joining {
  constructor(
    readonly lab: Machines,
    private readonly given: Record<string, string> = {},
  ) {}

  /** Hosts after every step before the join; `links` are options of `pvecm create`. */
  static async prepared(
    links = "",
    given: Record<string, string> = {},
    prepare: (lab: Machines) => void = () => undefined,
  ): Promise<Joining> {
    const lab = await freshHosts();
    prepare(lab);
    await lab.out("pve01", `pvecm create site ${links}`);
    for (const node of ["pve01", "pve02"] as const) {
      await lab.out(
        node,
        "test -e /root/.ssh/id_rsa || ssh-keygen -q -t rsa -N '' -f /root/.ssh/id_rsa",
      );
    }
    lab.trust("pve02", "pve01");
    lab.trust("pve01", "pve02");
    await lab.advance(5);
    return new Joining(lab, given);
  }

  /** `hangUp` ends the connection over which the script runs. */
  running(hangUp?: AbortSignal): Promise<Ended> {
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
      ...this.given,
    });
    const options = hangUp ? { signal: hangUp } : {};
    return this.lab.hosts
      .shellOf("pve02")
      .exec(commandLine("cluster/join", "apply"), text, options);
  }

  ended(): Promise<Ended> {
    return this.settle(this.running());
  }

  /** A run that must come to a good end. */
  async joins(): Promise<string> {
    const { exitCode, stderr } = await this.ended();
    expect(`${exitCode} ${exitCode === 0 ? "" : stderr}`).toBe("0 ");
    return stderr;
  }

  /** Both nodes in one cluster, each with the other, and able to log in at each other. */
  async isWhole(): Promise<void> {
    const { lab } = this;
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
  async cutBefore(change: string, cut: () => void, hangUp?: AbortSignal): Promise<Ended> {
    const { lab } = this;
    lab.site.faults.hold(`pvecm add pve02: ${change}`, "before");
    const run = this.running(hangUp);
    for (let step = 0; step < 2000 && lab.site.faults.reached === undefined; step++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      await lab.clock.advance(100);
    }
    expect(lab.site.faults.reached).toContain(change);
    cut();
    lab.site.faults.release();
    return this.settle(run);
  }

  /** Moves the clock until a run has ended: it waits for minutes where it does not succeed. */
  private async settle(run: Promise<Ended>): Promise<Ended> {
    let done = false;
    const ended = run.finally(() => {
      done = true;
    });
    for (let step = 0; step < 3000 && !done; step++) {
      await new Promise((resolve) => setTimeout(resolve, 3));
      if (!done) await this.lab.clock.advance(1000);
    }
    if (!done) throw new Error("the run does not end");
    return ended;
  }

  /** How often a program was started on a host. */
  started(host: string, program: string): number {
    return this.lab.site.commands
      .after(0)
      .filter(({ host: where, command }) => where === host && command?.startsWith(program)).length;
  }
}
