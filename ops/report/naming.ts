import { nameIn } from "../../policy/inputs/recorded";

/** What people call resources, by the last part of their type. */
const KINDS: Record<string, string> = {
  VmLegacy: "VM",
  Vm: "VM",
  VirtualMachine: "VM",
  ContainerLegacy: "container",
  Container: "container",
  Haresource: "HA resource",
  HaresourceLegacy: "HA resource",
  Harule: "HA rule",
  HaruleLegacy: "HA rule",
  Hagroup: "HA group",
  HagroupLegacy: "HA group",
  HighAvailability: "HA",
  SharedStorage: "storage",
  BackupJob: "backup job",
  Job: "backup job",
  Cluster: "cluster",
  ClusterOptions: "options",
  Access: "account",
  Command: "step",
};

/** `VM win2016`, `storage Backup`, `step qdevice`: by the name that the site file gives. */
export function called(urn: string, type: string): string {
  const name = nameIn(urn);
  if (type.startsWith("pulumi:providers:")) return `provider ${name}`;
  const last = type.split(":").at(-1) ?? type;
  const kind = KINDS[last] ?? (type.startsWith("proxmoxve:storage/") ? "storage" : last);
  return kind === name ? name : `${kind} ${name}`;
}
