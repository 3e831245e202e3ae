import {
  choice,
  flag,
  optional,
  type Parameters,
  type Properties,
  propertyString,
  text,
  whole,
} from "../api/schema";

const opt = optional;

const MOUNT_OPTION = "(?:(discard|lazytime|noatime|nodev|noexec|nosuid))";

/** The root file system (pve-container Config.pm): the volume is the default key. */
const ROOTFS: Properties = {
  volume: { ...text({ format: "pve-lxc-mp-string" }), default_key: 1 },
  acl: opt(flag()),
  mountoptions: opt(text({ pattern: `(?:${MOUNT_OPTION}(;${MOUNT_OPTION})*)` })),
  quota: opt(flag()),
  replicate: opt(flag()),
  ro: opt(flag()),
  shared: opt(flag()),
  size: opt(text({ format: "disk-size" })),
};

/** A mount point, unlike the root file system, must say where it goes. */
const MOUNT_POINT: Properties = {
  ...ROOTFS,
  backup: opt(flag()),
  keepattrs: opt(flag()),
  mp: text({ format: "pve-lxc-mp-string" }),
};

/** Either of them, for reading what is in a container's file. */
export const MOUNT: Properties = { ...MOUNT_POINT, mp: opt(text()) };

export const mountOf = (key: string): Properties => (key === "rootfs" ? ROOTFS : MOUNT_POINT);

export const CT_NET: Properties = {
  name: text({ pattern: "[-_.\\w\\d]+" }),
  bridge: opt(text({ pattern: "[-_.\\w\\d]+" })),
  firewall: opt(flag()),
  gw: opt(text({ format: "ipv4" })),
  gw6: opt(text({ format: "ipv6" })),
  "host-managed": opt(flag()),
  hwaddr: opt(text({ format: "mac-addr" })),
  ip: opt(text({ format: "pve-ipv4-config" })),
  ip6: opt(text({ format: "pve-ipv6-config" })),
  link_down: opt(flag()),
  mtu: opt(whole(64, 65_535)),
  rate: opt({ type: "number" }),
  tag: opt(whole(1, 4094)),
  trunks: opt(text({ pattern: "(?:\\d+(?:;\\d+)*)" })),
  type: opt(choice("veth")),
};

const DEVICE: Properties = {
  path: { ...opt(text({ format: "pve-lxc-dev-string" })), default_key: 1 },
  "deny-write": opt(flag()),
  gid: opt(whole(0)),
  mode: opt(text({ pattern: "0[0-7]{3}" })),
  uid: opt(whole(0)),
};

const FEATURES: Properties = {
  force_rw_sys: opt(flag()),
  fuse: opt(flag()),
  keyctl: opt(flag()),
  mknod: opt(flag()),
  mount: opt(text({ pattern: "(?:[a-zA-Z0-9_; ]+)" })),
  nesting: opt(flag()),
};

const PRINTABLE = "[^\\x00-\\x08\\x10-\\x1F\\x7F]";

/** Volumes that can grow. */
export const VOLUMES = ["rootfs", ...Array.from({ length: 256 }, (_, index) => `mp${index}`)];

/** Volumes that nothing uses. */
export const UNUSED_VOLUMES = Array.from({ length: 256 }, (_, index) => `unused${index}`);

export const MOUNT_KEY = /^(rootfs|mp\d+)$/;

export const CT_OPTIONS: Parameters = {
  arch: opt(choice("amd64", "i386", "arm64", "armhf", "riscv32", "riscv64")),
  cmode: opt(choice("shell", "console", "tty")),
  console: opt(flag()),
  cores: opt(whole(1, 8192)),
  cpulimit: opt({ type: "number", minimum: 0, maximum: 8192 }),
  cpuunits: opt(whole(0, 500_000)),
  debug: opt(flag()),
  description: opt(text({ maxLength: 8192 })),
  "dev[n]": opt(propertyString(DEVICE)),
  entrypoint: opt(text({ pattern: `(?:${PRINTABLE}+)` })),
  env: opt(text({ pattern: `(?:(?:\\w+=${PRINTABLE}*)(?:\\0\\w+=${PRINTABLE}*)*)` })),
  features: opt(propertyString(FEATURES)),
  hookscript: opt(text({ format: "pve-volume-id" })),
  hostname: opt(text({ format: "dns-name", maxLength: 255 })),
  lock: opt(
    choice(
      "backup",
      "create",
      "destroyed",
      "disk",
      "fstrim",
      "migrate",
      "mounted",
      "rollback",
      "snapshot",
      "snapshot-delete",
    ),
  ),
  memory: opt(whole(16)),
  "mp[n]": opt(propertyString(MOUNT_POINT)),
  nameserver: opt(text({ format: "lxc-ip-with-ll-iface-list" })),
  "net[n]": opt(propertyString(CT_NET)),
  onboot: opt(flag()),
  ostype: opt(
    choice(
      "debian",
      "devuan",
      "ubuntu",
      "centos",
      "fedora",
      "opensuse",
      "archlinux",
      "alpine",
      "gentoo",
      "nixos",
      "unmanaged",
    ),
  ),
  protection: opt(flag()),
  rootfs: opt(propertyString(ROOTFS)),
  searchdomain: opt(text({ format: "dns-name-list" })),
  startup: opt(text({ format: "pve-startup-order" })),
  swap: opt(whole(0)),
  tags: opt(text({ format: "pve-tag-list" })),
  template: opt(flag()),
  timezone: opt(text({ format: "pve-ct-timezone" })),
  tty: opt(whole(0, 6)),
  unprivileged: opt(flag()),
  "unused[n]": opt(
    propertyString({ volume: { ...text({ format: "pve-volume-id" }), default_key: 1 } }),
  ),
};
