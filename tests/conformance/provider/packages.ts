/** Where the provider's module keeps its tests, and which of them a Proxmox VE site of ours is measured by. */

/** Must pass, but for the written exceptions. */
export const REQUIRED = [
  "fwprovider",
  "fwprovider/access",
  "fwprovider/pools",
  "fwprovider/storage",
  "fwprovider/cluster/backup",
  "fwprovider/cluster/ha",
  "fwprovider/cluster/options",
  "fwprovider/cluster/metrics",
  "fwprovider/cluster/replication",
  "fwprovider/nodes/network",
  "fwprovider/nodes/apt",
  "fwprovider/nodes/config",
  "fwprovider/nodes/firewall",
  "fwprovider/nodes/datastores",
  "proxmox/cluster/ha/resources",
];

/** Virtual machines, containers, files and their firewall: counted on request, the more pass the better. */
export const OPTIONAL = [
  "fwprovider/test",
  "fwprovider/nodes",
  "fwprovider/nodes/clonedvm",
  "fwprovider/nodes/vm",
  "fwprovider/nodes/vm/cdrom",
  "fwprovider/nodes/vm/cpu",
  "fwprovider/nodes/vm/rng",
  "fwprovider/nodes/vm/vga",
];
