import { z } from "zod";
import { guestFirewallSchema } from "../firewall/schema";
import { haSchema } from "../ha/schema";
import { GUEST_BRIDGE } from "../network/names";
import { replicasSchema } from "../replication/schema";
import { date, eachOnce, hostName, identifier, size, vmid } from "../values";

export const bridgeName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9]{1,14}$/, "write a bridge, as in vmbr0");

export const bridge = bridgeName
  .default(GUEST_BRIDGE)
  .describe("Linux bridge of the node that the guest's network card is on.");

export const publicKey = z
  .string()
  .regex(/^(ssh|ecdsa)-\S+ \S+/, "write a public key, as in an authorized_keys file");

export const cores = z.int().positive().max(128);
export const CORES = "Processor cores that the guest sees.";
export const MEMORY = "Memory of the guest, in whole MiB, 16 MiB at least.";

/** What VMs and containers have in common. */
export const common = {
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
  renamedFrom: hostName
    .optional()
    .describe(
      "The key that this guest had until now: it stays the same guest, and only its name changes. To be taken out after the update.",
    )
    .meta({ examples: ["oldname"] }),
  replaceUntil: date
    .optional()
    .describe(
      "Allows a change that deletes and re-creates this guest, up to and including this day. Written in quotes.",
    ),
  firewall: guestFirewallSchema
    .optional()
    .describe(
      "The guest's own firewall. `firewall: {}` lets out what it asks for, and nothing in.",
    ),
  replicate: replicasSchema,
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
