/** An option of Proxmox VE that no account but root@pam may set. */
export interface RootOnly {
  /** As Proxmox VE calls it. */
  option: string;
  guest: "vm" | "container";
  /** Keys by which it might be looked for in a guest's entry; a number at the end of one does not matter. */
  keys: string[];
  /** Why, as the end of "only root@pam may set it: …". */
  reason: string;
}

/**
 * The stack's account is not root@pam, so the schema refuses these (qemu-server and pve-container, the checks of what
 * an account may change). Messages and docs/configuration.md are made from this table.
 */
export const ROOT_ONLY: RootOnly[] = [
  {
    option: "args",
    guest: "vm",
    keys: ["args", "kvmArguments"],
    reason: "it is put on QEMU's command line as it stands, and that reaches all that root does",
  },
  {
    option: "hookscript",
    guest: "vm",
    keys: ["hookscript", "hookScript"],
    reason: "the script runs as root on the node",
  },
  {
    option: "hostpci without a mapping",
    guest: "vm",
    keys: ["hostpci", "pci"],
    reason: "it takes a device away from the node, and the guest can then run on that node alone",
  },
  {
    option: "usb without a mapping",
    guest: "vm",
    keys: ["usb"],
    reason: "it takes a device away from the node, and the guest can then run on that node alone",
  },
  {
    option: "serial with a device of the node",
    guest: "vm",
    keys: ["serialDevice", "serialDevices"],
    reason: "it opens a device of the node; every VM has a serial console without one",
  },
  {
    option: "parallel",
    guest: "vm",
    keys: ["parallel"],
    reason: "it opens a device of the node",
  },
  {
    option: "affinity",
    guest: "vm",
    keys: ["affinity"],
    reason: "it takes processors of the node away from everything else",
  },
  {
    option: "hugepages, keephugepages",
    guest: "vm",
    keys: ["hugepages", "keephugepages", "keepHugepages"],
    reason: "it takes memory of the node away from everything else",
  },
  {
    option: "ivshmem",
    guest: "vm",
    keys: ["ivshmem"],
    reason: "it shares memory with processes of the node",
  },
  {
    option: "lock, skiplock",
    guest: "vm",
    keys: ["lock", "skiplock"],
    reason: "locks are Proxmox VE's own",
  },
  {
    option: "hookscript",
    guest: "container",
    keys: ["hookscript", "hookScript"],
    reason: "the script runs as root on the node",
  },
  {
    option: "mount points of a directory of the node (bind mounts)",
    guest: "container",
    keys: ["bindMounts"],
    reason: "the container could read and write files of the node",
  },
  {
    option: "mount points of a block device of the node",
    guest: "container",
    keys: ["deviceMounts"],
    reason: "the container could read and write a disk of the node",
  },
  {
    option: "dev (devices of the node)",
    guest: "container",
    keys: ["dev", "devices", "devicePassthrough"],
    reason: "the container could use a device of the node",
  },
  {
    option: "features other than nesting",
    guest: "container",
    keys: [
      "features.force_rw_sys",
      "features.fuse",
      "features.keyctl",
      "features.mknod",
      "features.mount",
    ],
    reason: "it opens a part of the node's kernel to the container",
  },
  {
    option: "lxc.*",
    guest: "container",
    keys: ["lxc"],
    reason: "such lines reach all that root does; Proxmox VE takes them from its file alone",
  },
  {
    option: "lock, skiplock",
    guest: "container",
    keys: ["lock", "skiplock"],
    reason: "locks are Proxmox VE's own",
  },
];

/** Why a key of a guest is refused, if it is for this: `["guests", "web", "features", "fuse"]` in a whole site. */
export function rootOnlyProblem(
  [section, name = "", ...rest]: readonly (string | number)[],
  site: unknown,
): string | undefined {
  if (section !== "guests") return undefined;
  const guests = (site as { guests?: Record<string | number, { type?: unknown } | null> }).guests;
  const type = guests?.[name]?.type;
  const key = rest.join(".").replace(/\d+$/, "");
  const found = ROOT_ONLY.find(({ guest, keys }) => guest === type && keys.includes(key));
  return found && rootOnlyMessage(found);
}

export function rootOnlyMessage({ option, reason }: RootOnly): string {
  return `Proxmox VE lets root@pam alone set ${option}: ${reason}. The stack has an account of its own, so take this out`;
}
