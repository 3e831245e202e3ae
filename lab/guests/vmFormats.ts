import {
  choice,
  flag,
  optional,
  type Properties,
  type PropertySchema,
  text,
  whole,
} from "../api/schema";

const opt = optional;
const byDefault = (schema: PropertySchema): PropertySchema => ({ ...schema, default_key: 1 });

const RANGES = "(?:\\d+(?:-\\d+)?(?:;\\d+(?:-\\d+)?)*)";
const MODELS = [
  "e1000",
  "e1000-82540em",
  "e1000-82544gc",
  "e1000-82545em",
  "e1000e",
  "i82551",
  "i82557b",
  "i82559er",
  "ne2k_isa",
  "ne2k_pci",
  "pcnet",
  "rtl8139",
  "virtio",
  "vmxnet3",
];

/** Keys of a network card (qemu-server Network.pm): `virtio=MAC` says model and address at once. */
export const NET: Properties = {
  model: byDefault(choice(...MODELS)),
  macaddr: opt(text({ format: "mac-addr" })),
  ...Object.fromEntries(
    MODELS.map((model) => [model, { ...text(), alias: "macaddr", keyAlias: "model" }]),
  ),
  bridge: opt(text({ format: "pve-bridge-id" })),
  firewall: opt(flag()),
  link_down: opt(flag()),
  mtu: opt(whole(1, 65_520)),
  queues: opt(whole(0, 64)),
  rate: opt({ type: "number", minimum: 0 }),
  tag: opt(whole(1, 4094)),
  trunks: opt(text({ pattern: RANGES })),
};

/** How the VM talks to its agent (qemu-server Agent.pm). */
export const AGENT: Properties = {
  enabled: byDefault(flag()),
  "freeze-fs": opt(flag()),
  "freeze-fs-on-backup": { ...text(), alias: "freeze-fs" },
  fstrim_cloned_disks: opt(flag()),
  "guest-fsfreeze": { ...text(), alias: "freeze-fs" },
  type: opt(choice("virtio", "isa")),
};

export const AUDIO: Properties = {
  device: choice("ich9-intel-hda", "intel-hda", "AC97"),
  driver: opt(choice("spice", "none")),
};

export const SHARED_MEMORY: Properties = {
  name: opt(text({ pattern: "[a-zA-Z0-9\\-]+" })),
  size: whole(1),
};

const VERSION = "\\d+(\\.\\d+)+(\\+pve\\d+)?";

export const MACHINE: Properties = {
  type: byDefault(
    opt(
      text({
        maxLength: 40,
        pattern: `(pc|pc(-i440fx)?-${VERSION}(\\.pxe)?|q35|pc-q35-${VERSION}(\\.pxe)?|virt(?:-\\d+(\\.\\d+)+)?(\\+pve\\d+)?)`,
      }),
    ),
  ),
  "aw-bits": opt({ type: "number", minimum: 32, maximum: 64 }),
  "enable-s3": opt(flag()),
  "enable-s4": opt(flag()),
  viommu: opt(choice("intel", "virtio")),
};

/** MiB. */
export const MEMORY: Properties = { current: byDefault(whole(16)) };

export const NUMA: Properties = {
  cpus: text({ pattern: RANGES }),
  hostnodes: opt(text({ pattern: RANGES })),
  memory: opt({ type: "number" }),
  policy: opt(choice("preferred", "bind", "interleave")),
};

export const SPICE: Properties = {
  foldersharing: opt(flag()),
  videostreaming: opt(choice("off", "all", "filter")),
};

export const USB: Properties = {
  host: byDefault(
    opt(
      text({
        pattern:
          "(?:(?:(?:(?:(0x)?([0-9A-Fa-f]{4}):(0x)?([0-9A-Fa-f]{4})))|(?:(?:(\\d+)\\-(\\d+(\\.\\d+)*)))|[Ss][Pp][Ii][Cc][Ee]))",
      }),
    ),
  ),
  mapping: opt(text({ format: "pve-configid" })),
  usb3: opt(flag()),
};

const SERIAL = ["serial0", "serial1", "serial2", "serial3"];

export const VGA: Properties = {
  type: byDefault(
    opt(
      choice(
        "cirrus",
        "qxl",
        "qxl2",
        "qxl3",
        "qxl4",
        "none",
        ...SERIAL,
        "std",
        "virtio",
        "virtio-gl",
        "vmware",
      ),
    ),
  ),
  clipboard: opt(choice("vnc")),
  memory: opt(whole(4, 512)),
};

export const SHARED_DIRECTORY: Properties = {
  dirid: byDefault(text({ format: "pve-configid" })),
  cache: opt(choice("auto", "always", "metadata", "never")),
  "direct-io": opt(flag()),
  "expose-acl": opt(flag()),
  "expose-xattr": opt(flag()),
};

export const UNUSED_DISK: Properties = {
  file: byDefault(text({ format: "pve-volume-id" })),
  volume: { ...text(), alias: "file" },
};
