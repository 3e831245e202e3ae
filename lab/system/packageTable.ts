import type { Release } from "../api/version";

/** Who publishes a package. */
export type Origin = "debian" | "pve";

export interface Package {
  origin: Origin;
  /** The newest version, on the Debian of each release of Proxmox VE. */
  version: Partial<Record<Release, string>>;
  /** Names, or alternatives as in `a | b`; what the release does not have is not needed on it. */
  depends?: readonly string[];
  /** What cannot be installed at the same time. */
  conflicts?: readonly string[];
  /** The kernel that it brings, as `uname -r` names it. */
  kernel?: string;
  summary: string;
}

const both = (version: string): Record<Release, string> => ({ 8: version, 9: version });
const debian = (
  version: Partial<Record<Release, string>>,
  summary: string,
  more: Partial<Package> = {},
): Package => ({ origin: "debian", version, summary, ...more });
const pve = (
  version: Partial<Record<Release, string>>,
  summary: string,
  more: Partial<Package> = {},
): Package => ({ origin: "pve", version, summary, ...more });

/**
 * The packages that the lab knows of, of the several hundred that a host has: those that a site's scripts name, and
 * what decides whether they can be installed together.
 */
export const PACKAGES: Readonly<Record<string, Package>> = {
  apt: debian({ 8: "2.6.1", 9: "3.0.3" }, "commandline package manager"),
  "base-files": debian({ 8: "12.4+deb12u12", 9: "13.8+deb13u2" }, "Debian base system files"),
  bash: debian({ 8: "5.2.15-2+b9", 9: "5.2.37-2+b5" }, "GNU Bourne Again SHell"),
  "bridge-utils": debian(both("1.7.1-4"), "Utilities for configuring the Linux Ethernet bridge"),
  "ca-certificates": debian({ 8: "20230311+deb12u1", 9: "20250419" }, "Common CA certificates"),
  chrony: debian(
    { 8: "4.3-2+deb12u1", 9: "4.6.1-3" },
    "Versatile implementation of the Network Time Protocol",
    {
      conflicts: ["systemd-timesyncd"],
    },
  ),
  corosync: debian({ 8: "3.1.9-pve1", 9: "3.1.9-pve2" }, "cluster engine daemon and utilities", {
    origin: "pve",
  }),
  "corosync-qdevice": debian({ 8: "3.0.3-1", 9: "3.0.3-2" }, "cluster engine quorum device daemon"),
  "corosync-qnetd": debian(
    { 8: "3.0.3-1", 9: "3.0.3-2" },
    "cluster engine quorum device network daemon",
  ),
  cron: debian({ 8: "3.0pl1-162", 9: "3.0pl1-197" }, "process scheduling daemon"),
  curl: debian(
    { 8: "7.88.1-10+deb12u14", 9: "8.14.1-2" },
    "command line tool for transferring data with URL syntax",
  ),
  debconf: debian({ 8: "1.5.82", 9: "1.5.91" }, "Debian configuration management system"),
  "debian-archive-keyring": debian(
    { 8: "2023.3+deb12u2", 9: "2025.1" },
    "OpenPGP archive certificates of the Debian archive",
  ),
  dpkg: debian({ 8: "1.21.22", 9: "1.22.21" }, "Debian package management system"),
  ethtool: debian({ 8: "1:6.1-1", 9: "1:6.14.2-1" }, "display or change Ethernet device settings"),
  "firmware-linux-free": debian(
    { 8: "20200122-1", 9: "20241210-2" },
    "Binary firmware for various drivers in the Linux kernel",
  ),
  "grub-pc": debian({ 8: "2.06-13+pmx7", 9: "2.12-9" }, "GRand Unified Bootloader, version 2"),
  ifupdown: debian(
    { 8: "0.8.41", 9: "0.8.44" },
    "high level tools to configure network interfaces",
    {
      conflicts: ["ifupdown2"],
    },
  ),
  ifupdown2: debian(
    { 8: "3.2.0-1+pmx11", 9: "3.3.0-1+pmx11" },
    "Network Interface Management tool",
    {
      origin: "pve",
      conflicts: ["ifupdown"],
    },
  ),
  "intel-microcode": debian(
    { 8: "3.20250812.1~deb12u1", 9: "3.20250812.1" },
    "Processor microcode firmware for Intel CPUs",
  ),
  "linux-image-6.12.48+deb13-amd64": debian({ 9: "6.12.48-1" }, "Linux 6.12 for 64-bit PCs", {
    kernel: "6.12.48+deb13-amd64",
  }),
  "linux-image-amd64": debian({ 9: "6.12.48-1" }, "Linux for 64-bit PCs (meta-package)", {
    depends: ["linux-image-6.12.48+deb13-amd64"],
  }),
  "lxc-pve": pve({ 8: "6.0.0-1", 9: "6.0.5-3" }, "Linux containers userspace tools"),
  "nfs-common": debian(
    { 8: "1:2.6.2-4", 9: "1:2.8.3-1" },
    "NFS support files common to client and server",
  ),
  "nfs-kernel-server": debian({ 8: "1:2.6.2-4", 9: "1:2.8.3-1" }, "support for NFS kernel server", {
    depends: ["nfs-common"],
  }),
  "open-iscsi": debian({ 8: "2.1.8-1", 9: "2.1.11-1" }, "iSCSI initiator tools"),
  "openssh-client": debian(
    { 8: "1:9.2p1-2+deb12u7", 9: "1:10.0p1-7" },
    "secure shell (SSH) client",
  ),
  "openssh-server": debian(
    { 8: "1:9.2p1-2+deb12u7", 9: "1:10.0p1-7" },
    "secure shell (SSH) server",
    {
      depends: ["openssh-client"],
    },
  ),
  "os-prober": debian({ 8: "1.81", 9: "1.83" }, "utility to detect other OSes on a set of drives"),
  parted: debian({ 8: "3.5-3", 9: "3.6-5" }, "disk partition manipulator"),
  postfix: debian(
    { 8: "3.7.11-0+deb12u1", 9: "3.10.4-1~deb13u1" },
    "High-performance mail transport agent",
  ),
  "proxmox-archive-keyring": pve({ 9: "4.0" }, "OpenPGP keyring of the Proxmox repositories"),
  "proxmox-default-kernel": pve({ 8: "1.1.0", 9: "2.0.1" }, "Default Proxmox Kernel", {
    depends: ["proxmox-kernel-6.17", "proxmox-kernel-6.8"],
  }),
  "proxmox-kernel-6.8": pve({ 8: "6.8.12-17" }, "Latest Proxmox Kernel Image", {
    depends: ["proxmox-kernel-6.8.12-17-pve-signed", "pve-firmware"],
  }),
  "proxmox-kernel-6.8.12-17-pve-signed": pve({ 8: "6.8.12-17" }, "Proxmox Kernel Image (signed)", {
    kernel: "6.8.12-17-pve",
  }),
  "proxmox-kernel-6.17": pve({ 9: "6.17.2-1" }, "Latest Proxmox Kernel Image", {
    depends: ["proxmox-kernel-6.17.2-1-pve-signed", "pve-firmware"],
  }),
  "proxmox-kernel-6.17.2-1-pve-signed": pve({ 9: "6.17.2-1" }, "Proxmox Kernel Image (signed)", {
    kernel: "6.17.2-1-pve",
  }),
  "proxmox-kernel-helper": pve(
    { 8: "8.1.4", 9: "9.0.4" },
    "Function for various kernel maintenance tasks",
  ),
  "proxmox-ve": pve({ 8: "8.4.0", 9: "9.1.0" }, "Proxmox Virtual Environment", {
    depends: [
      "proxmox-archive-keyring",
      "proxmox-default-kernel",
      "proxmox-kernel-helper",
      "pve-manager",
      "qemu-server",
      "pve-qemu-kvm",
      "openssh-client",
      "openssh-server",
    ],
  }),
  "pve-cluster": pve({ 8: "8.1.2", 9: "9.0.6" }, "Cluster infrastructure for Proxmox VE", {
    depends: ["corosync"],
  }),
  "pve-container": pve({ 8: "5.3.3", 9: "6.0.18" }, "Proxmox VE Container management tool", {
    depends: ["lxc-pve"],
  }),
  "pve-firewall": pve({ 8: "5.1.2", 9: "6.0.4" }, "Proxmox VE Firewall"),
  "pve-firmware": pve(
    { 8: "3.16-4", 9: "3.17-2" },
    "Binary firmware code for the Proxmox VE kernel",
    {
      conflicts: ["firmware-linux-free"],
    },
  ),
  "pve-ha-manager": pve({ 8: "4.0.7", 9: "5.0.8" }, "Proxmox VE HA Manager"),
  "pve-manager": pve({ 8: "8.4.14", 9: "9.1.3" }, "Proxmox Virtual Environment Management Tools", {
    depends: [
      "pve-cluster",
      "ifupdown2 | ifenslave",
      "ethtool",
      "libpve-storage-perl",
      "postfix | mail-transport-agent",
      "pve-container",
      "pve-firewall",
      "pve-ha-manager",
      "qemu-server",
      "rrdcached",
    ],
  }),
  "libpve-storage-perl": pve({ 8: "8.3.7", 9: "9.1.0" }, "Proxmox VE storage management library", {
    depends: ["nfs-common", "smartmontools"],
  }),
  "pve-qemu-kvm": pve({ 8: "9.2.0-7", 9: "10.1.2-4" }, "Full virtualization on x86 hardware"),
  "qemu-server": pve({ 8: "8.4.5", 9: "9.1.1" }, "Qemu Server Tools", {
    depends: ["pve-qemu-kvm"],
  }),
  rrdcached: debian({ 8: "1.7.2-4+pve3", 9: "1.7.2-4.2+pve3" }, "data caching daemon for RRDtool", {
    origin: "pve",
  }),
  rsync: debian({ 8: "3.2.7-1+deb12u2", 9: "3.4.1+ds1-5" }, "fast, versatile file-copying tool"),
  smartmontools: debian({ 8: "7.3-pve1", 9: "7.4-pve1" }, "control and monitor storage systems"),
  sudo: debian(
    { 8: "1.9.13p3-1+deb12u2", 9: "1.9.16p2-3" },
    "Provide limited super user privileges",
  ),
  systemd: debian({ 8: "252.39-1~deb12u1", 9: "257.8-1~deb13u2" }, "system and service manager"),
  "systemd-timesyncd": debian(
    { 8: "252.39-1~deb12u1", 9: "257.8-1~deb13u2" },
    "minimalistic service to synchronize local time with NTP servers",
    { conflicts: ["chrony"] },
  ),
  wget: debian({ 8: "1.21.3-1+deb12u1", 9: "1.25.0-2" }, "retrieves files from the web"),
};

const DEBIAN_BASE = [
  "apt",
  "base-files",
  "bash",
  "ca-certificates",
  "cron",
  "debconf",
  "debian-archive-keyring",
  "dpkg",
  "openssh-client",
  "openssh-server",
  "systemd",
  "wget",
];

const DEBIAN_KERNEL = ["linux-image-6.12.48+deb13-amd64", "linux-image-amd64"];
const DEBIAN_REST = [
  "firmware-linux-free",
  "grub-pc",
  "ifupdown",
  "os-prober",
  "systemd-timesyncd",
];

/** What Debian's installer leaves with the tasks "SSH server" and "standard system utilities". */
export const INSTALLED_DEBIAN: readonly string[] = [
  ...DEBIAN_BASE,
  ...DEBIAN_KERNEL,
  ...DEBIAN_REST,
].sort();

export const INSTALLED_NAS: readonly string[] = [
  ...INSTALLED_DEBIAN,
  "nfs-common",
  "nfs-kernel-server",
].sort();

/** What the installer of Proxmox VE leaves. */
export function installedProxmox(release: Release): string[] {
  const names = Object.entries(PACKAGES)
    .filter(([, { origin, version }]) => origin === "pve" && version[release] !== undefined)
    .map(([name]) => name);
  return [
    ...new Set([
      ...DEBIAN_BASE,
      ...names,
      "chrony",
      "curl",
      "ethtool",
      "grub-pc",
      "nfs-common",
      "open-iscsi",
      "postfix",
      "rsync",
      "smartmontools",
    ]),
  ].sort();
}
