/** A part of Proxmox VE, and how the lab stands for it. */
export interface Area {
  title: string;
  /** Beginnings of the paths of its endpoints, `{}` for any parameter. Of all areas the longest counts. */
  paths: readonly string[];
  imitated: readonly Behaviour[];
  /** What differs from Proxmox VE, and how. */
  simplified: readonly string[];
}

export interface Behaviour {
  what: string;
  /** Keys of `SOURCES`, each with the place in it. */
  documented: readonly Reference[];
}

export type Reference = readonly [source: keyof typeof SOURCES, place: string];

/** Where behaviours are documented. */
export const SOURCES = {
  guide: "PVE administration guide (pve.proxmox.com/pve-docs)",
  api: "PVE API viewer, release 9.1 (pve.proxmox.com/pve-docs/api-viewer)",
  cluster: "pve-cluster (git.proxmox.com)",
  ha: "pve-ha-manager (git.proxmox.com)",
  manager: "pve-manager (git.proxmox.com)",
  qemu: "qemu-server (git.proxmox.com)",
  lxc: "pve-container (git.proxmox.com)",
  storage: "pve-storage (git.proxmox.com)",
  guests: "pve-guest-common (git.proxmox.com)",
  access: "pve-access-control (git.proxmox.com)",
  common: "pve-common (git.proxmox.com)",
  http: "pve-http-server (git.proxmox.com)",
  firewall: "pve-firewall (git.proxmox.com)",
  corosync: "corosync and corosync-qdevice, man pages and sources",
  measured: "measured on real corosync 3.1.7 with qdevice 3.0.3",
  debian: "Debian 13: apt, dpkg, systemd and their man pages",
  site: "measured by a first user on two old PCs",
} as const;
