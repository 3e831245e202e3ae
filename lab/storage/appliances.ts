const MIB = 1024 ** 2;

/** Container templates of Proxmox's index that the lab knows, with about their size in bytes. */
export const APPLIANCES: Record<string, number> = {
  "alpine-3.22-default_20250617_amd64.tar.xz": 3 * MIB,
  "archlinux-base_20240911-1_amd64.tar.zst": 186 * MIB,
  "centos-9-stream-default_20240828_amd64.tar.xz": 100 * MIB,
  "debian-12-standard_12.12-1_amd64.tar.zst": 121 * MIB,
  "debian-13-standard_13.1-2_amd64.tar.zst": 123 * MIB,
  "fedora-42-default_20250428_amd64.tar.xz": 85 * MIB,
  "gentoo-current-openrc_20250508_amd64.tar.xz": 278 * MIB,
  "ubuntu-22.04-standard_22.04-1_amd64.tar.zst": 123 * MIB,
  "ubuntu-24.04-standard_24.04-2_amd64.tar.zst": 135 * MIB,
};
