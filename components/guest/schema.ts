import { z } from "zod";
import { haSchema } from "../ha/schema";
import { date, hostName, identifier, interfaceAddress, ipAddress, size, vmid } from "../values";

/** Operating systems as Proxmox VE distinguishes them (qemu-server). */
export const OS_TYPES = ["l26", "win10", "win11", "other"] as const;

const bridge = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{1,14}$/, "write a bridge, as in vmbr0");

const common = {
  vmid,
  node: hostName.describe("Home node: where the guest is created. It may run elsewhere later."),
  notes: z.string().max(4000).optional(),
  tags: z.array(z.string().regex(/^[a-z0-9_][a-z0-9_+.-]*$/)).optional(),
  protect: z
    .boolean()
    .optional()
    .describe("false lets the guest be deleted where the stack protects."),
  replaceUntil: date
    .optional()
    .describe(
      "Allows a change that deletes and re-creates this guest, up to and including this day.",
    ),
  ha: haSchema.optional(),
};

export const diskSchema = z.strictObject({
  storage: identifier,
  size: size.refine((bytes) => bytes % 1024 ** 3 === 0, "disks are made in whole GiB"),
});

export const virtualMachineSchema = z.strictObject({
  type: z.literal("vm"),
  ...common,
  os: z.enum(OS_TYPES),
  cores: z.int().positive().max(128),
  memory: size,
  cpu: z
    .string()
    .default("x86-64-v2-AES")
    .describe("CPU model. A level that every node has lets the guest move while it runs."),
  disks: z.record(
    z.string().regex(/^(scsi|virtio|sata)\d+$/, "name disks scsi0, virtio0 or sata0"),
    diskSchema,
  ),
  iso: z
    .string()
    .regex(/^[^:]+:iso\/.+$/, "write STORAGE:iso/FILE, as in Data:iso/debian-13.iso")
    .optional(),
  bridge: bridge.default("vmbr0"),
  agent: z.boolean().default(false).describe("The QEMU guest agent is installed in the guest."),
});

export const containerSchema = z.strictObject({
  type: z.literal("container"),
  ...common,
  template: z
    .string()
    .regex(
      /^[a-z0-9][\w.+-]*\.tar\.(zst|xz|gz)$/,
      "write a name from `pveam available`, as in debian-13-standard_13.1-2_amd64.tar.zst",
    ),
  templateStorage: identifier.describe(
    "Storage that holds the template; it is downloaded if missing.",
  ),
  cores: z.int().positive().max(128).default(1),
  memory: size,
  swap: size.optional(),
  disk: diskSchema,
  bridge: bridge.default("vmbr0"),
  address: z.union([z.literal("dhcp"), interfaceAddress]).default("dhcp"),
  gateway: ipAddress.optional(),
  sshKeys: z
    .array(
      z.string().regex(/^(ssh|ecdsa)-\S+ \S+/, "write a public key, as in an authorized_keys file"),
    )
    .optional(),
  passwordFrom: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9]*$/, "name a configuration key, as in webRootPassword")
    .optional()
    .describe("Configuration key that holds root's password: pulumi config set --secret KEY"),
});

export const guestSchema = z.discriminatedUnion("type", [virtualMachineSchema, containerSchema], {
  error: "type is vm or container",
});
