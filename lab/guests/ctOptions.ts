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

/** rootfs and mount points (pve-container Config.pm): the volume is the default key. */
export const MOUNT: Properties = {
  volume: { type: "string", default_key: 1 },
  acl: opt(flag()),
  backup: opt(flag()),
  mountoptions: opt(text()),
  mp: opt(text()),
  quota: opt(flag()),
  replicate: opt(flag()),
  ro: opt(flag()),
  shared: opt(flag()),
  size: opt(text({ format: "disk-size" })),
};

/** A mount point, unlike the root file system, must say where it goes. */
const MOUNT_POINT: Properties = { ...MOUNT, mp: text() };

export const mountOf = (key: string): Properties => (key === "rootfs" ? MOUNT : MOUNT_POINT);

export const CT_NET: Properties = {
  name: { type: "string" },
  bridge: opt(text()),
  firewall: opt(flag()),
  gw: opt(text()),
  gw6: opt(text()),
  "host-managed": opt(flag()),
  hwaddr: opt(text({ format: "mac-addr" })),
  ip: opt(text()),
  ip6: opt(text()),
  link_down: opt(flag()),
  mtu: opt(whole(64)),
  rate: opt({ type: "number" }),
  tag: opt(whole(1, 4094)),
  trunks: opt(text()),
  type: opt(choice("veth")),
};

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
  "dev[n]": opt(text()),
  entrypoint: opt(text()),
  env: opt(text()),
  features: opt(text()),
  hookscript: opt(text()),
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
  nameserver: opt(text()),
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
  rootfs: opt(propertyString(MOUNT)),
  searchdomain: opt(text()),
  startup: opt(text({ format: "pve-startup-order" })),
  swap: opt(whole(0)),
  tags: opt(text({ format: "pve-tag-list" })),
  template: opt(flag()),
  timezone: opt(text()),
  tty: opt(whole(0, 6)),
  unprivileged: opt(flag()),
};
