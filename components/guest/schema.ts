import { z } from "zod";
import { haSchema } from "../ha/schema";
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

const bridge = z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{1,14}$/, "write a bridge, as in vmbr0");

const common = {
  vmid,
  node: hostName.describe("Home node: where the guest is created. It may run elsewhere later."),
  notes: z.string().max(4000).optional(),
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
    .optional(),
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
  size: size.refine(
    (bytes) => bytes > 0 && bytes % 1024 ** 3 === 0,
    "write whole GiB, 1 GiB at least",
  ),
});

export const virtualMachineSchema = z.strictObject({
  type: z.literal("vm"),
  ...common,
  os: z.enum(OS_TYPES),
  cores: z.int().positive().max(128),
  memory,
  cpu: z
    .string()
    .default("x86-64-v2-AES")
    .describe("CPU model. A level that every node has lets the guest move while it runs."),
  disks: z.record(
    z
      .string()
      .regex(
        /^(scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|sata[0-5])$/,
        "name disks scsi0 to scsi30, virtio0 to virtio15 or sata0 to sata5",
      ),
    diskSchema,
  ),
  iso: form(/^[^:]+:iso\/.+$/, "write STORAGE:iso/FILE, as in Data:iso/debian-13.iso").optional(),
  bridge: bridge.default("vmbr0"),
  agent: z.boolean().default(false).describe("The QEMU guest agent is installed in the guest."),
});

export const containerSchema = z.strictObject({
  type: z.literal("container"),
  ...common,
  template: form(
    /^[a-z0-9][\w.+-]*\.tar\.(zst|xz|gz)$/,
    "write a name from `pveam available`, as in debian-13-standard_13.1-2_amd64.tar.zst",
  ),
  templateStorage: identifier.describe(
    "Storage that holds the template; it is downloaded if missing.",
  ),
  cores: z.int().positive().max(128).default(1),
  memory,
  swap: size.refine((bytes) => bytes % 1024 ** 2 === 0, "write whole MiB").optional(),
  disk: diskSchema,
  bridge: bridge.default("vmbr0"),
  address: interfaceAddress.default("dhcp"),
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
  error: ({ code }) => (code === "invalid_union" ? "write vm or container" : undefined),
});
