/** Texts as Proxmox VE keeps them below /etc/pve, and as one probe prints them. */

export const AUTHORITY =
  "-----BEGIN CERTIFICATE-----\nMIIFzTCCA7WgAwIBAgIUQ2x1c3Rlcg==\n-----END CERTIFICATE-----";

/** What a host without Proxmox VE prints. */
export const BARE = "--proxmox-ha--\n".repeat(6);

export const STANDALONE = '{\n"nodename": "pve01",\n"version": 0\n}\n';

export function members(quorate: boolean, pve02Online = true, cluster = "mizar"): string {
  return `{
"nodename": "pve01",
"version": 4,
"cluster": { "name": "${cluster}", "version": 2, "nodes": 2, "quorate": ${quorate ? 1 : 0} },
"nodelist": {
  "pve01": { "id": 1, "online": 1, "ip": "192.168.18.251"},
  "pve02": { "id": 2, "online": ${pve02Online ? 1 : 0}, "ip": "192.168.18.100"}
  }
}
`;
}

export const GUESTS = `{
"version": 9,
"ids": {
"100": { "node": "pve02", "type": "qemu", "version": 7 },
"102": { "node": "pve01", "type": "lxc", "version": 8 }}

}
`;

export const NO_GUESTS = '{\n"version": 1,\n"ids": {\n}\n\n}\n';

const VM = "/etc/pve/nodes/pve02/qemu-server/100.conf";
const CONTAINER = "/etc/pve/nodes/pve01/lxc/102.conf";

/** The HA manager's file: both nodes are there, and VM 100 is in `state` on a node. */
export const haStatus = (state: string, node: string, target?: string): string =>
  JSON.stringify({
    master_node: "pve01",
    node_status: { pve01: "online", pve02: "online" },
    service_status: { "vm:100": { node, state, uid: "qhHmDpz3Rs0wNzDg8zEcgA", target } },
    timestamp: 1795000000,
  });

export const urnOf = (name: string): string =>
  `urn:pulumi:dev::proxmox-ha::proxmoxve:index/vmLegacy:VmLegacy::${name}`;

/** Notes as PVE::Tools::encode_text writes them. */
export const encoded = (notes: string): string =>
  notes.replace(/[%:]/g, (sign) => (sign === ":" ? "%3A" : "%25"));

/** A mark in the notes of VM 100, and a container with a snapshot. */
export const DETAILS = `${VM}:#${encoded(`Managed by Pulumi, stack dev: ${urnOf("win2016")}`)}
${VM}:scsi0: Data:100/vm-100-disk-0.raw,size=40G
${VM}:ide2: none,media=cdrom
${CONTAINER}:rootfs: Data:102/vm-102-disk-0.raw,size=8G
${CONTAINER}:unprivileged: 1
${CONTAINER}:[before]
${CONTAINER}:#Managed by Pulumi is what the notes said then
${CONTAINER}:mp0: Data:102/vm-102-disk-1.raw,size=4G
${CONTAINER}:rootfs: Old:102/vm-102-disk-0.raw,size=4G
`;

export function report(parts: {
  authority?: string;
  members?: string;
  guests?: string;
  details?: string;
  storages?: string;
  /** As the HA manager writes it. */
  ha?: string;
}): string {
  const { authority = AUTHORITY, guests = GUESTS, details = DETAILS } = parts;
  const { storages = "", ha = "" } = parts;
  return [
    ...[`${authority}\n`, parts.members ?? members(true), guests, details],
    ...["", storages, ha],
  ].join("--proxmox-ha--\n");
}
