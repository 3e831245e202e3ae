import { ensureRootKey } from "../../../lab/cluster/sshKeys";
import { freshState } from "../../../lab/state/initial";
import type { LabState } from "../../../lab/state/types";
import { commandLine, readScript } from "../../../components/scriptText";
import { clusterWithWitness, type HostName, type Machines } from "../cluster/support/machines";
import { addData } from "../support/guests";
import { PASSWORD, START } from "../support/lab";

export interface Told {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs one of our scripts as an update does. */
export async function runStep(
  lab: Machines,
  host: string,
  script: string,
  variables: Record<string, string> = {},
  parts: string[] = ["cluster/parts/ha"],
): Promise<Told> {
  const text = readScript(script, parts)({ ...variables, HOST: host });
  const { exitCode, stdout, stderr } = await lab.run(
    host as HostName,
    commandLine(script, "apply"),
    text,
  );
  return { code: exitCode, stdout, stderr };
}

/** Runs lines that call the shared functions. */
export async function runLines(lab: Machines, host: HostName, lines: string): Promise<Told> {
  const parts = readScript("cluster/forget", ["cluster/parts/ha"])({ HOST: host, NODE: "" });
  const functions = parts.slice(0, parts.indexOf("# Takes the SSH keys"));
  const { exitCode, stdout, stderr } = await lab.run(
    host,
    `bash -c 's=$(cat); eval "$s"' - step apply`,
    `${functions}\n${lines}\n`,
  );
  return { code: exitCode, stdout, stderr };
}

/** Two nodes, the witness' vote, and HA in charge of a guest on each node; storage Data is shared. */
export async function siteWithHa(): Promise<Machines> {
  const lab = await clusterWithWitness();
  for (const from of ["pve01", "pve02"] as const) {
    for (const to of ["pve01", "pve02", "nas"] as const) lab.trust(from, to);
  }
  await addData(lab);
  const { guests } = lab.site.pmxcfs("pve01");
  for (const [vmid, node] of [
    [100, "pve01"],
    [101, "pve02"],
  ] as const) {
    const config = { name: `vm${vmid}`, memory: "512", scsi0: `Data:${vmid}/disk.qcow2,size=1G` };
    guests[String(vmid)] = { vmid, type: "qemu", node, config };
  }
  lab.site.start();
  for (const vmid of [100, 101]) await lab.out("pve01", `ha-manager add vm:${vmid}`);
  await lab.advance(60);
  return lab;
}

/** Installed nodes with their SSH keys, in no cluster yet, and a witness. */
export async function installedNodes(addresses: Record<string, string>): Promise<LabState> {
  let port = 20_000;
  const extra = Object.entries(addresses)
    .slice(2)
    .map(([name, address]) => ({ name, address }));
  const state = await freshState({
    password: PASSWORD,
    authorizedKey: "ssh-ed25519 AAAA lab",
    nextPort: () => Promise.resolve(port++),
    now: START,
    layout: { bare: [], extra, without: [] },
  });
  for (const name of Object.keys(addresses)) await ensureRootKey(state.hosts[name]!);
  return state;
}

/** HA takes charge of a guest that runs on pve01. */
export async function startHaGuest(lab: Machines): Promise<void> {
  const config = { name: "web", memory: "512" };
  lab.site.pmxcfs("pve01").guests["100"] = { vmid: 100, type: "qemu", node: "pve01", config };
  lab.site.start();
  await lab.out("pve01", "ha-manager add vm:100");
  await lab.advance(60);
}

/** A line of `ha-manager status`. */
export async function haLine(lab: Machines, host: HostName, type: string): Promise<string> {
  const text = await lab.out(host, "ha-manager status");
  return new RegExp(`^${type} .*`, "m").exec(text)?.[0] ?? "(no such line)";
}
