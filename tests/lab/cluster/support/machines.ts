import type { ExecResult } from "just-bash";
import { Hosts } from "../../../../lab/hosts";
import { publicKeyOf } from "../../../../lab/state/sshKey";
import type { LabState } from "../../../../lab/state/types";
import { Lab, newState, START } from "../../support/lab";

export const ADDRESS = { pve01: "192.168.18.251", pve02: "192.168.18.100", nas: "192.168.18.200" };
export type HostName = keyof typeof ADDRESS;

/** A lab in memory, with a shell on each of its hosts and a power switch. */
export class Machines extends Lab {
  readonly hosts = new Hosts(this.site);

  /** Runs `script` as root on `host`; the clock runs on as long as the script waits. */
  run(host: HostName, script: string, stdin = ""): Promise<ExecResult> {
    return this.settle(this.hosts.shellOf(host).exec(script, stdin));
  }

  /** What a script prints that must succeed. */
  async out(host: HostName, script: string, stdin = ""): Promise<string> {
    const { stdout, stderr, exitCode } = await this.run(host, script, stdin);
    if (exitCode !== 0) throw new Error(`${script} on ${host}: exit ${exitCode}\n${stderr}`);
    return stdout;
  }

  /** The switch without the sockets behind it. */
  power(host: HostName, on: boolean): void {
    this.site.machines.switch(host, on);
  }

  advance(seconds: number): Promise<void> {
    return this.clock.advance(seconds * 1000);
  }

  /** One line of `pvecm status`, without its label. */
  async status(host: HostName, label: string): Promise<string> {
    const { stdout } = await this.run(host, "pvecm status");
    return new RegExp(`^${label}: *(.*?) *$`, "m").exec(stdout)?.[1] ?? "(no such line)";
  }

  /** Makes every host know every other's host key, and lets root of `from` log in at `to`. */
  trust(from: HostName, to: HostName): void {
    const { files } = this.site.host(from);
    files["/root/.ssh/known_hosts"] = { content: this.knownHosts(), mode: 0o600 };
    const key = files["/root/.ssh/id_rsa.pub"]?.content ?? "";
    const authorized = this.site.host(to).files["/root/.ssh/authorized_keys"];
    if (authorized?.link !== undefined) this.site.pmxcfs(to).authorizedKeys += key;
    else if (authorized) authorized.content += key;
  }

  private knownHosts(): string {
    const lines = Object.values(this.state.hosts).map(
      ({ name, address, sshHostKey }) => `${name},${address} ${publicKeyOf(sshHostKey)}\n`,
    );
    return lines.join("");
  }
}

const made = new Map<string, Promise<LabState>>();

/** What `prepare` leaves behind, made once a test file; each call gets a copy of its own, an hour later. */
async function prepared(
  name: string,
  prepare: (lab: Machines) => Promise<void>,
): Promise<Machines> {
  const build = async (): Promise<LabState> => {
    const lab = new Machines(await newState());
    await prepare(lab);
    return lab.state;
  };
  const state = made.get(name) ?? build();
  made.set(name, state);
  return new Machines(structuredClone(await state), START + 3_600_000);
}

/** Two nodes in no cluster, and a witness without qnetd. */
export const freshHosts = (): Promise<Machines> => prepared("fresh", async () => {});

/** Both nodes in cluster `site`; the witness lets pve01 in and is known, but has no qnetd. */
export const clusterOfTwo = (): Promise<Machines> =>
  prepared("cluster", async (lab) => {
    await lab.cluster();
    for (const from of ["pve01", "pve02"] as const) {
      for (const to of ["pve01", "pve02", "nas"] as const) lab.trust(from, to);
    }
  });

/** The same with qnetd on the witness and qdevice on both nodes, and the QDevice set up. */
export const clusterWithWitness = (): Promise<Machines> =>
  prepared("witness", async (lab) => {
    await lab.cluster();
    for (const to of ["pve01", "pve02", "nas"] as const) lab.trust("pve01", to);
    await installQdevice(lab);
    await lab.out("pve01", `pvecm qdevice setup ${ADDRESS.nas}`);
    await lab.advance(10);
  });

export async function installQdevice(lab: Machines): Promise<void> {
  await lab.out("nas", "apt-get install -y corosync-qnetd");
  await lab.out("pve01", "apt-get install -y corosync-qdevice");
  await lab.out("pve02", "apt-get install -y corosync-qdevice");
}
