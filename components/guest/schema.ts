import { z } from "zod";
import { haSchema } from "../ha/schema";
import { GUEST_BRIDGE } from "../network/names";
import { secretName } from "../secretNames";
import {
  date,
  eachOnce,
  form,
  hostName,
  identifier,
  interfaceAddress,
  ipAddress,
  memory,
  size,
  vmid,
} from "../values";

/** Operating systems as Proxmox VE distinguishes them (qemu-server). */
export const OS_TYPES = ["l26", "win10", "win11", "other"] as const;

const bridge = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9]{1,14}$/, "write a bridge, as in vmbr0")
  .default(GUEST_BRIDGE)
  .describe("Linux bridge of the node that the guest's network card is on.");

const cores = z.int().positive().max(128);
const CORES = "Processor cores that the guest sees.";
const MEMORY = "Memory of the guest, in whole MiB, 16 MiB at least.";

const common = {
  vmid: vmid
    .describe(
      "The guest's number in Proxmox VE, which no other guest of the cluster has. Another number means another guest.",
    )
    .meta({ examples: [100] }),
  node: hostName
    .describe(
      "Home node: where the guest is created. HA or an operator may move it; it is never moved back.",
    )
    .meta({ examples: ["pve01"] }),
  notes: z
    .string()
    .max(4000)
    .optional()
    .describe("Notes in the web interface. The stack adds a line of its own as its mark."),
  tags: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9_][a-z0-9_+.-]*$/,
          "use lower-case letters, digits, _, +, . and -; begin with a letter, a digit or _",
        ),
    )
    .refine(...eachOnce)
    .meta({ uniqueItems: true, examples: [["web", "office"]] })
    .optional()
    .describe("Tags in the web interface."),
  protect: z
    .boolean()
    .optional()
    .describe("false lets the guest be deleted where the stack protects (`proxmox-ha:protect`)."),
  protection: z
    .boolean()
    .default(false)
    .describe(
      "true lets Proxmox VE itself refuse to remove the guest or its disks, whoever asks; before the guest leaves this file it must " +
        "have been false for one update.",
    ),
  pool: identifier
    .optional()
    .describe("The entry of `pools` that the guest is in.")
    .meta({ examples: ["office"] }),
  start: z
    .strictObject({
      order: z
        .int()
        .min(0)
        .max(999)
        .describe(
          "The lowest is started first and stopped last; guests without one come after all others.",
        ),
      delay: z
        .int()
        .min(0)
        .max(3600)
        .optional()
        .describe("Seconds until the next guest is started."),
    })
    .optional()
    .describe("Its place when its node starts. Not for HA guests, which the HA manager starts."),
  shutdownTimeout: z
    .int()
    .min(1)
    .max(7200)
    .optional()
    .describe(
      "Seconds that the guest gets for its shutdown when its node goes down: 180 unless said otherwise. The HA manager gives an HA " +
        "guest 60 and then ends it, whatever stands here; the stack's outputs hold this number for whoever stops it in time.",
    ),
  replaceUntil: date
    .optional()
    .describe(
      "Allows a change that deletes and re-creates this guest, up to and including this day. Written in quotes.",
    ),
  ha: haSchema
    .optional()
    .describe(
      "Makes it an HA guest, which another node starts when its own fails. `ha: {}` is enough.",
    ),
};

export const diskSchema = z.strictObject({
  storage: identifier
    .describe("Storage that holds the disk: one of `storages`, or local or local-lvm of the node.")
    .meta({ examples: ["Data"] }),
  size: size
    .refine((bytes) => bytes > 0 && bytes % 1024 ** 3 === 0, "write whole GiB, 1 GiB at least")
    .meta({ examples: ["16 GiB"] })
    .describe("Size of the disk, in whole GiB. Disks only grow."),
});

export const virtualMachineSchema = z
  .strictObject({
    type: z.literal("vm").describe("A virtual machine (QEMU)."),
    ...common,
    os: z
      .enum(OS_TYPES)
      .describe(
        "Operating system: l26 for Linux, win10 for Windows 10, 2016 and 2019, win11 for Windows 11, 2022 and 2025, other.",
      ),
    cores: cores.describe(CORES),
    memory: memory.describe(MEMORY).meta({ examples: ["2 GiB"] }),
    cpu: z
      .string()
      .default("x86-64-v2-AES")
      .describe("CPU model. A level that every node has lets the guest move while it runs."),
    disks: z
      .record(
        z
          .string()
          .regex(
            /^(scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|sata[0-5])$/,
            "name disks scsi0 to scsi30, virtio0 to virtio15 or sata0 to sata5",
          ),
        diskSchema.describe("A disk of the VM."),
      )
      .describe(
        "Disks by their slots: scsi0 to scsi30, virtio0 to virtio15, sata0 to sata5. One that is taken out stays with the VM as an unused disk.",
      )
      .meta({ examples: [{ scsi0: { storage: "Data", size: "40 GiB" } }] }),
    iso: form(/^[^:]+:iso\/.+$/, "write STORAGE:iso/FILE, as in Data:iso/debian-13.iso")
      .optional()
      .describe("ISO image in the VM's CD drive.")
      .meta({ examples: ["Data:iso/debian-13.iso"] }),
    bridge,
    agent: z.boolean().default(false).describe("The QEMU guest agent is installed in the guest."),
  })
  .describe("A virtual machine.");

export const containerSchema = z
  .strictObject({
    type: z.literal("container").describe("A Linux container (LXC)."),
    ...common,
    template: form(
      /^[a-z0-9][\w.+-]*\.tar\.(zst|xz|gz)$/,
      "write a name from `pveam available`, as in debian-13-standard_13.1-2_amd64.tar.zst",
    )
      .describe("Template that the container is made from. Another one means another container.")
      .meta({ examples: ["debian-13-standard_13.1-2_amd64.tar.zst"] }),
    templateStorage: identifier
      .describe("Storage that holds the template, which is downloaded if missing.")
      .meta({ examples: ["Data"] }),
    cores: cores.default(1).describe(CORES),
    memory: memory.describe(MEMORY).meta({ examples: ["256 MiB"] }),
    swap: size
      .refine((bytes) => bytes % 1024 ** 2 === 0, "write whole MiB")
      .optional()
      .describe("Swap of the container, in whole MiB. As much as memory unless said otherwise.")
      .meta({ examples: ["512 MiB"] }),
    disk: diskSchema.describe(
      "The container's root disk. Another storage means another container.",
    ),
    bridge,
    address: interfaceAddress
      .default("dhcp")
      .describe("Address of the container with the prefix of its network, or dhcp."),
    gateway: ipAddress
      .optional()
      .describe("The router of the container, where its address is not from DHCP."),
    sshKeys: z
      .array(
        z
          .string()
          .regex(/^(ssh|ecdsa)-\S+ \S+/, "write a public key, as in an authorized_keys file"),
      )
      .optional()
      .describe("Public keys that may log in as root. They count when the container is made.")
      .meta({ examples: [["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 admin@example.org"]] }),
    passwordFrom: secretName
      .optional()
      .describe(
        "Secret that holds root's password: `pulumi config set --secret webRootPassword`. It counts when the container is made.",
      )
      .meta({ examples: ["webRootPassword"] }),
  })
  .describe("A Linux container.");

export const guestSchema = z.discriminatedUnion("type", [virtualMachineSchema, containerSchema], {
  error: ({ code }) => (code === "invalid_union" ? "write vm or container" : undefined),
});
