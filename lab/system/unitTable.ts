/** A systemd unit as its package brings it. */
export interface UnitFile {
  package: string;
  description: string;
  /** Debian's packages switch their units on; those that wait for somebody to do so say false, `static` cannot be. */
  preset: boolean | "static";
  aliases?: readonly string[];
  /** Skipped where there is no `/etc/corosync/corosync.conf`, which members of a cluster have. */
  inCluster?: true;
  /** Runs once and stays `active (exited)`. */
  once?: true;
  /** Units whose start it waits for; of many only those in front of which somebody may put a service. */
  after?: readonly string[];
  /** With the type where it is not a service. */
  type?: "timer";
}

const unit = (name: string, description: string, more: Partial<UnitFile> = {}): UnitFile => ({
  package: name,
  description,
  preset: true,
  ...more,
});

/** Units by name without `.service`. */
export const UNIT_FILES: Readonly<Record<string, UnitFile>> = {
  "apt-daily": unit("apt", "Daily apt download activities", { type: "timer" }),
  "apt-daily-upgrade": unit("apt", "Daily apt upgrade and clean activities", { type: "timer" }),
  chrony: unit("chrony", "chrony, an NTP client/server", { aliases: ["chronyd"] }),
  corosync: unit("corosync", "Corosync Cluster Engine", { inCluster: true }),
  "corosync-qdevice": unit("corosync-qdevice", "Corosync Qdevice daemon", { preset: false }),
  "corosync-qnetd": unit("corosync-qnetd", "Corosync Qdevice Network daemon"),
  cron: unit("cron", "Regular background program processing daemon"),
  iscsid: unit("open-iscsi", "iSCSI initiator daemon (iscsid)", { preset: false }),
  networking: unit("ifupdown", "Raise network interfaces", { once: true }),
  "nfs-server": unit("nfs-kernel-server", "NFS server and services", {
    aliases: ["nfs-kernel-server"],
    once: true,
  }),
  postfix: unit("postfix", "Postfix Mail Transport Agent"),
  "pve-cluster": unit("pve-cluster", "The Proxmox VE cluster filesystem"),
  "pve-firewall": unit("pve-firewall", "Proxmox VE firewall"),
  "pve-guests": unit("pve-manager", "PVE guests", {
    once: true,
    after: ["pve-ha-crm", "pve-ha-lrm"],
  }),
  "pve-ha-crm": unit("pve-ha-manager", "PVE Cluster HA Resource Manager Daemon"),
  "pve-ha-lrm": unit("pve-ha-manager", "PVE Local HA Resource Manager Daemon", {
    after: ["pve-ha-crm"],
  }),
  pvedaemon: unit("pve-manager", "PVE API Daemon"),
  pveproxy: unit("pve-manager", "PVE API Proxy Server"),
  pvescheduler: unit("pve-manager", "Proxmox VE scheduler", { after: ["pve-guests"] }),
  pvestatd: unit("pve-manager", "PVE Status Daemon"),
  qmeventd: unit("qemu-server", "PVE Qemu Event Daemon"),
  rrdcached: unit("rrdcached", "Data caching daemon for rrdtool"),
  smartmontools: unit("smartmontools", "Self Monitoring and Reporting Technology (SMART) Daemon", {
    aliases: ["smartd"],
  }),
  spiceproxy: unit("pve-manager", "PVE SPICE Proxy Server"),
  ssh: unit("openssh-server", "OpenBSD Secure Shell server", { aliases: ["sshd"] }),
  "systemd-timesyncd": unit("systemd-timesyncd", "Network Time Synchronization"),
  "watchdog-mux": unit("pve-ha-manager", "Proxmox VE watchdog multiplexer", { preset: "static" }),
};

/** Daemons that cannot work without the cluster file system, and fail to start. */
export const NEED_PMXCFS: readonly string[] = [
  "pve-firewall",
  "pve-guests",
  "pve-ha-crm",
  "pve-ha-lrm",
  "pvedaemon",
  "pveproxy",
  "pvescheduler",
  "pvestatd",
  "spiceproxy",
];

/** What runs on a host with these packages once it has booted. */
export function defaultServices(packages: readonly string[]): string[] {
  return Object.entries(UNIT_FILES)
    .filter(([, { package: owner, preset }]) => packages.includes(owner) && preset !== false)
    .filter(([, { inCluster }]) => !inCluster)
    .map(([name]) => name);
}
