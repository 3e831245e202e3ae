import type { HostState } from "../../state/types";

/** Packages that bring a command, where not every Debian has it. */
const OWNERS: Record<string, string> = {
  chronyc: "chrony",
  "corosync-cfgtool": "corosync",
  "corosync-cmapctl": "corosync",
  "corosync-qdevice-tool": "corosync-qdevice",
  "corosync-qnetd-tool": "corosync-qnetd",
  "corosync-quorumtool": "corosync",
  curl: "curl",
  ethtool: "ethtool",
  exportfs: "nfs-kernel-server",
  "ha-manager": "pve-ha-manager",
  ifreload: "ifupdown2",
  "mount.nfs": "nfs-common",
  pct: "pve-container",
  "proxmox-boot-tool": "proxmox-kernel-helper",
  pvecm: "pve-cluster",
  pvesm: "libpve-storage-perl",
  pveum: "pve-manager",
  pveversion: "pve-manager",
  qm: "qemu-server",
  rsync: "rsync",
  showmount: "nfs-common",
  smartctl: "smartmontools",
  sqlite3: "pve-cluster",
  sudo: "sudo",
  wget: "wget",
};

/** Whether a host has a command; `ofNode`: it belongs to Proxmox VE. */
export function hasCommand(host: HostState, name: string, ofNode: boolean): boolean {
  const owner = OWNERS[name] ?? (ofNode ? "pve-manager" : undefined);
  return owner === undefined || host.packages.includes(owner);
}
