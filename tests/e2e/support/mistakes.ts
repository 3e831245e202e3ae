/**
 * What each rule says about the program in fixtures/mistakes: the resource at fault and how the message begins. A rule
 * that is missing here has no mistake there yet.
 */
export const MISTAKES: Record<string, [resource: string, fact: string]> = {
  "require-majority-after-node-loss": [
    "mizar",
    "cluster mizar: without pve01, 1 of 2 votes are left and 2 are needed",
  ],
  "require-ha-after-witness": [
    "database",
    "HA resource database does not wait for join-pve02 of cluster mizar",
  ],
  "advise-supported-release": [
    "mistakes-prod",
    "cluster leo is on Proxmox VE 8, which has got no updates since August 2026",
  ],
  "advise-odd-votes": ["mistakes-prod", "cluster leo: beside 3 nodes the QDevice has 2 of 5 votes"],
  "keep-witness-off-disk-host": [
    "mistakes-prod",
    "cluster leo: the witness nas also serves data, where disks of HA guests lie",
  ],
  "require-shared-disks-for-ha": [
    "database",
    "HA guest database: scsi0 lies on local-lvm, but local-lvm is local to each node",
  ],
  "advise-replication-loss": [
    "mail",
    "HA guest mail: scsi0 on tank gets to pve02 by replication job mail (02:00) alone",
  ],
  "forbid-soft-nfs": ["data", "storage data holds images and rootdir and is mounted soft"],
  "require-distinct-exports": [
    "backup",
    "storage backup is /volume/data/backup of 192.168.18.200, which lies inside /volume/data",
  ],
  "forbid-unsafe-cache": ["database", "HA guest database: scsi1 has cache=unsafe"],
  "require-failover-room": [
    "mizar",
    "cluster mizar: without pve01, pve02 has 3 GiB for guests after a reserve of 1 GiB",
  ],
  "require-node-after-loss": ["web", "HA guest web may run on pve01 alone"],
  "require-common-cpu": ["database", "HA guest database: type host is another CPU on each of"],
  "require-bridges-on-all-nodes": ["database", "HA guest database is on bridge vmbr7"],
  "require-vlans-on-all-nodes": [
    "mail",
    "HA guest mail: net0 is in VLAN 20 on bridge vmbr1, which on pve02 lets VLANs 30 through",
  ],
  "forbid-passthrough-for-ha": ["database", "HA guest database uses hostpci0"],
  "forbid-start-order-for-ha": ["database", "HA guest database has a place in the start order"],
  "require-ha-limits": ["mail", "HA guest mail has maxRelocate 0"],
  "require-unambiguous-ha": ["web-again", "web-again is the second HA resource of ct:103"],
  "require-backup-coverage": ["database", "guest database is in no enabled backup job"],
  "require-recovery-point": ["web", "guest web may lose 24 hours of data"],
  "require-backup-retention": ["weekly", "backup job weekly says not how many backups it keeps"],
  "require-backup-off-disk-storage": [
    "weekly",
    "backup job weekly writes to data, where disks of web lie",
  ],
  "keep-backups-off-disk-host": [
    "backup",
    "storage backup takes the backups and data the disks, both on the host 192.168.18.200",
  ],
  "require-backup-compression": ["weekly", "backup job weekly does not compress"],
  "forbid-stop-mode-for-ha": [
    "weekly",
    "backup job weekly is in stop mode, which Proxmox VE refuses for guests that HA keeps started",
  ],
  "forbid-root-account": ["pve", "provider pve belongs to root@pam"],
  "require-privilege-separation": ["ci", "token ci has all privileges of its user"],
  "require-verified-tls": ["pve", "provider pve takes any certificate"],
  "require-pinned-host-keys": [
    "join-pve02",
    "command join-pve02 connects to any host that answers",
  ],
  "require-unprivileged-containers": ["web", "container web is privileged"],
  "require-windows-os-type": [
    "win-desktop",
    "guest win-desktop looks like Windows and has OS type l26",
  ],
  "require-guest-agent": ["database", "VM database has no guest agent"],
  "require-second-link": ["mizar", "cluster mizar: one link each for corosync, storage and guests"],
  "advise-node-memory": ["mizar", "node pve01 reports 4 GiB of memory"],
  "advise-token-age": ["ci", "token ci never expires, and its age is not known"],
  "forbid-exposed-guests": ["win-server", "guest win-server is on vmbr0 with the nodes"],
  "forbid-removed-privileges": [
    "watcher",
    "role watcher has VM.Monitor, which Proxmox VE 9 does not know",
  ],
  "require-firewall": ["firewall-pve01", "firewall firewall-pve01 is off on pve01 alone"],
  "require-guest-ranges": ["web", "guest web has VMID 103, and containers have 200 to 299"],
  "require-protection": ["database", "guest database may be deleted"],
  "require-reachable-management": [
    "firewall",
    "firewall firewall lets no administrator reach port 8006 of the nodes",
  ],
  "require-unique-guests": [
    "win-server",
    "guests win-desktop and win-server have the same VMID, 101",
  ],
  "require-windows-drivers": ["win-server", "guest win-server has emulated devices: net0 (e1000)"],
  "require-backup-room": ["backup", "storage backup has 100 GiB, and the backups that are kept of"],
  "require-equal-mtu": [
    "vmbr1-pve01",
    "bridge vmbr1 has MTU 9000 at vmbr1 of pve01, 1500 at vmbr1 of pve02",
  ],
  "require-limits-on-shared-link": [
    "mizar",
    "cluster mizar: corosync has one link on pve01, pve02 and shares it with what nothing limits",
  ],
  "require-notification": ["mizar", "nobody is told when backup job "],
  "require-second-copy": [
    "backup",
    "storage backup on the host 192.168.18.200 has the only backups of ",
  ],
};
