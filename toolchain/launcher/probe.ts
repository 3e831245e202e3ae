import type { Connection } from "./connections";
import { runOverSsh } from "./ssh";

/** What a node says of itself and its cluster. Everything is read from pmxcfs, which takes milliseconds. */
export interface NodeReport {
  name: string;
  /** PEM of the authority that signs the node's API certificate. Absent on a host that runs no Proxmox VE yet. */
  authority?: string;
  /** Absent on a node that is in no cluster. */
  cluster?: { name: string; quorate: boolean };
  /** Members by name, and whether they are online. */
  members: Record<string, boolean>;
  guests: GuestReport[];
  storages: StorageReport[];
  /** Absent while nothing is under HA. */
  ha?: HaReport;
  /** Release 9 has made rules of the HA groups of 8. */
  upgraded?: true;
}

export interface GuestReport {
  vmid: number;
  type: "qemu" | "lxc";
  node: string;
  /** The guest's notes, as far as they carry a mark of ours. */
  notes: string;
  /** Slot → volume and options. */
  disks: Record<string, string>;
  /** Of a container: root in it is not root on the node. */
  unprivileged?: boolean;
}

/** An entry of storage.cfg, which holds no password and no key. */
export interface StorageReport {
  id: string;
  /** As Proxmox VE calls it. */
  type: string;
  fields: Record<string, string>;
}

/** What the HA manager wrote last. */
export interface HaReport {
  /** Node → `online`, `maintenance`, `unknown`, `fence` or `gone`. */
  nodes: Record<string, string>;
  services: HaService[];
}

export interface HaService {
  /** `vm:100` or `ct:103`. */
  sid: string;
  node: string;
  /** `started`, `migrate`, `relocate` … */
  state: string;
  /** Where it is being moved to. */
  target?: string;
}

const SEPARATOR = "--proxmox-ha--";
/** Prints what `readReport` reads. Exported for its test. */
export const COMMAND = [
  // pmxcfs mounts it. A host that has its database and no files has been a node before.
  "cat /etc/pve/pve-root-ca.pem || { ! test -e /var/lib/pve-cluster/config.db || echo stopped; }",
  `echo ${SEPARATOR}`,
  "cat /etc/pve/.members",
  `echo ${SEPARATOR}`,
  "cat /etc/pve/.vmlist",
  `echo ${SEPARATOR}`,
  // With a second file grep names the first, whatever option it knows for that.
  "grep -E '^(#.*Managed by Pulumi|\\[|unprivileged:|rootfs:|(scsi|virtio|sata|ide|mp)[0-9]+:)' /dev/null " +
    "/etc/pve/nodes/*/qemu-server/*.conf /etc/pve/nodes/*/lxc/*.conf 2>/dev/null",
  `echo ${SEPARATOR}`,
  "grep '^node-affinity: ha-group-' /etc/pve/ha/rules.cfg 2>/dev/null",
  `echo ${SEPARATOR}`,
  "cat /etc/pve/storage.cfg 2>/dev/null",
  `echo ${SEPARATOR}`,
  "cat /etc/pve/ha/manager_status 2>/dev/null",
  "true",
].join("; ");

/** Asks one node over SSH, its host key pinned. Rejects with the reason why it gave no answer. */
export async function probe(name: string, connection: Connection): Promise<NodeReport> {
  const { stdout } = await runOverSsh(connection, COMMAND);
  return readReport(name, stdout);
}

/** Reads what COMMAND prints. Exported for its test. */
export function readReport(name: string, text: string): NodeReport {
  const [
    authority = "",
    membersText = "",
    listText = "",
    marks = "",
    rules = "",
    storages = "",
    haText = "",
  ] = text.split(`${SEPARATOR}\n`);
  if (authority.startsWith("stopped")) {
    throw new Error(
      "it is a node, but there is nothing below its /etc/pve; look there at: systemctl status pve-cluster",
    );
  }
  if (!authority.includes("BEGIN CERTIFICATE"))
    return { name, members: {}, guests: [], storages: [] };
  const members = parse<Members>(membersText, ".members");
  const list = parse<GuestList>(listText, ".vmlist");
  const details = detailsByVmid(marks);
  const ha = haIn(haText);
  return {
    name,
    authority: authority.trim(),
    ...(members.cluster
      ? { cluster: { name: members.cluster.name, quorate: members.cluster.quorate === 1 } }
      : {}),
    members: Object.fromEntries(
      Object.entries(members.nodelist ?? {}).map(([node, { online }]) => [node, online === 1]),
    ),
    guests: Object.entries(list.ids ?? {}).map(([vmid, { node, type }]) => ({
      vmid: Number(vmid),
      type,
      node,
      ...(details.get(vmid) ?? { notes: "", disks: {} }),
      ...(type === "lxc" ? { unprivileged: details.get(vmid)?.unprivileged ?? false } : {}),
    })),
    storages: storagesIn(storages),
    ...(ha ? { ha } : {}),
    ...(rules.trim() === "" ? {} : { upgraded: true as const }),
  };
}

interface Members {
  cluster?: { name: string; quorate: number };
  nodelist?: Record<string, { online: number }>;
}

interface GuestList {
  ids?: Record<string, { node: string; type: "qemu" | "lxc" }>;
}

interface HaStatus {
  node_status?: Record<string, string>;
  service_status?: Record<string, { node: string; state: string; target?: string }>;
}

function parse<T>(text: string, file: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(
      `its /etc/pve/${file} cannot be read; look there at: systemctl status pve-cluster`,
    );
  }
}

type Details = Pick<GuestReport, "notes" | "disks" | "unprivileged">;

/** `…/100.conf:scsi0: Data:…`; notes stand as comments, with the colons as %3A (PVE::Tools::encode_text). */
function detailsByVmid(lines: string): Map<string, Details> {
  const found = new Map<string, Details>();
  const complete = new Set<string>();
  for (const line of lines.split("\n")) {
    const [, vmid = "", text = ""] = /\/(\d+)\.conf:(.*)$/.exec(line) ?? [];
    // The current configuration comes first; a heading begins what is pending or belongs to a snapshot.
    if (text.startsWith("[")) complete.add(vmid);
    if (vmid === "" || complete.has(vmid)) continue;
    const details = found.get(vmid) ?? { notes: "", disks: {} };
    found.set(vmid, details);
    const [, slot = "", volume = ""] = /^([a-z]+\d*): (.*)$/.exec(text) ?? [];
    if (text.startsWith("#")) details.notes = decode(text.slice(1));
    else if (slot === "unprivileged") details.unprivileged = volume === "1";
    else details.disks[slot] = volume;
  }
  return found;
}

/** A comment that was written by hand need not be encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `nfs: Data`, then a line for each field that begins with a tab (PVE::SectionConfig). */
function storagesIn(text: string): StorageReport[] {
  const found: StorageReport[] = [];
  for (const line of text.split("\n")) {
    const [, type, id] = /^(\w+):\s*(\S+)\s*$/.exec(line) ?? [];
    const [, key, value = ""] = /^\s+(\S+)\s*(.*)$/.exec(line) ?? [];
    if (type !== undefined && id !== undefined) found.push({ id, type, fields: {} });
    else if (key !== undefined) Object.assign(found.at(-1)?.fields ?? {}, { [key]: value.trim() });
  }
  return found;
}

/** Where nothing is under HA yet the file is missing or empty. */
function haIn(text: string): HaReport | undefined {
  if (text.trim() === "") return undefined;
  const status = parse<HaStatus>(text, "ha/manager_status");
  return {
    nodes: status.node_status ?? {},
    services: Object.entries(status.service_status ?? {}).map(([sid, { node, state, target }]) => ({
      ...{ sid, node, state },
      ...(target === undefined ? {} : { target }),
    })),
  };
}
