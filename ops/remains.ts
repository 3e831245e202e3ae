import { stackName } from "../toolchain/launcher/arguments";
import { LAB_COMMAND } from "../toolchain/launcher/connections";
import { settingsFor } from "../toolchain/launcher/settings";
import { readStackFile } from "../toolchain/launcher/stackFile";
import { exportState, type ResourceState } from "./pulumi";
import type { Stack } from "./stack";

/** What `pulumi destroy` removes from a site, in the words of the text below. */
const KINDS: Record<string, string> = {
  "proxmoxve:index/vmLegacy:VmLegacy": "guests",
  "proxmoxve:index/containerLegacy:ContainerLegacy": "guests",
  "proxmoxve:index/haresource:Haresource": "HA resources",
  "proxmoxve:index/harule:Harule": "HA rules",
  "proxmoxve:backup/job:Job": "backup jobs",
  "proxmoxve:index/poolLegacy:PoolLegacy": "pools",
  "proxmoxve:storage/nfs:Nfs": "storages",
  "proxmoxve:storage/cifs:Cifs": "storages",
  "proxmoxve:storage/pbs:Pbs": "storages",
  "proxmoxve:storage/directory:Directory": "storages",
  "proxmoxve:storage/lvmthin:Lvmthin": "storages",
  "proxmoxve:storage/zfspool:Zfspool": "storages",
  "proxmoxve:download/file:File": "media",
};

/** Scripts that take back what they made; the others leave the cluster as it is. */
const ACCESS: Record<string, string> = {
  token: "the automation's token",
  account: "its user and role",
};

/** After `pulumi destroy`: what it never touches, and what it could not remove. */
export async function remains(stack: Stack): Promise<void> {
  const { lab, clusterName, nodes } = readStackFile(stack.root, stack.name);
  const names = nodes.map(({ name }) => name).join(", ");
  const state = await exportState(stack);
  const left = inWords(state?.deployment.resources ?? []);
  const first =
    left.length > 0
      ? notRemoved(left, await silentNodes(stack), stack, lab)
      : "Removed: guests with their disks, HA, backup jobs, pools, storage definitions, the automation's token, user and role.\n";
  process.stdout.write(
    `${first}Left as it is: the cluster ${clusterName} (${names}) with its options, QDevice and SSH trust, and the files on the NAS, ` +
      `backups and templates among them. The next pulumi up finds all of that and goes on from there.\n`,
  );
}

/** Those of our resources that are still there, a line for each kind. */
function inWords(resources: ResourceState[]): string[] {
  const kinds = [...new Set(Object.values(KINDS))].flatMap((kind) => {
    const those = resources.filter(({ type }) => KINDS[type] === kind);
    return those.length > 0 ? [`${kind}: ${those.map(nameOf).join(", ")}`] : [];
  });
  const scripts = resources.filter(({ type }) => type === "command:remote:Command").map(nameOf);
  const access = Object.entries(ACCESS).flatMap(([name, words]) =>
    scripts.includes(name) ? [words] : [],
  );
  return [...kinds, ...(access.length > 0 ? [access.join(", ")] : [])];
}

function nameOf({ urn, inputs }: ResourceState): string {
  const name = urn.split("::").at(-1) ?? urn;
  return inputs?.vmId === undefined ? name : `${name} (VMID ${String(inputs.vmId)})`;
}

/** Nodes with guests of ours that do not answer now; none when nobody answers, as then nothing is known. */
async function silentNodes({ name, root }: Stack): Promise<string[]> {
  const settings = await settingsFor(["destroy", "--stack", name], process.env, root).catch(
    () => undefined,
  );
  return [...new Set(settings?.leftOut.map(({ node }) => node))];
}

function notRemoved(left: string[], silent: string[], { name }: Stack, lab: boolean): string {
  const again = lab ? `make down STACK=${stackName(name)}` : `pulumi destroy --stack ${name}`;
  const nodes = silent.join(", ");
  const commands = [
    `${LAB_COMMAND} start`,
    ...silent.map((node) => `${LAB_COMMAND} power ${node} on`),
  ];
  const why =
    silent.length > 0
      ? `Not everything is removed, because ${nodes} did not answer. Still there, with what it needs:\n`
      : "Not everything is removed. Still there:\n";
  const remedy =
    silent.length > 0
      ? `Switch ${nodes} on${lab ? ` (${commands.join("; ")})` : ""}, then remove the rest: ${again}\n`
      : `Remove the rest: ${again}\n`;
  return `${why}${left.map((line) => `  ${line}\n`).join("")}${remedy}`;
}
