import { z } from "zod";
import { diskSchema } from "./commonSchema";

/** Options of `mount` that Proxmox VE passes on (pve-container). */
const OPTIONS = ["discard", "lazytime", "noatime", "nodev", "noexec", "nosuid"] as const;

export const containerMountSchema = diskSchema
  .extend({
    storage: z
      .string({ error: "write a storage, as in Data" })
      .superRefine((text, context) => {
        if (/^[a-zA-Z][a-zA-Z0-9_-]*[a-zA-Z0-9]$/.test(text)) return;
        context.addIssue(
          text.startsWith("/")
            ? "Proxmox VE lets root@pam alone mount a directory or device of the node: the container could read and write what is the node's. Name a storage"
            : "write a storage, as in Data",
        );
      })
      .describe(
        "Storage that holds the disk: one of `storages`, or local-lvm of the node. Directories of the node are refused.",
      )
      .meta({ examples: ["Data"] }),
    path: z
      .string()
      .regex(/^(\/(?!\.\.?(\/|$))[^\s,/]+)+$/, "write a directory of the container, as in /srv")
      .describe("Where the container sees it.")
      .meta({ examples: ["/srv"] }),
    backup: z
      .boolean()
      .default(true)
      .describe("false leaves it out of backups, as Proxmox VE does by itself."),
    acl: z.boolean().default(false).describe("true turns access lists of files (ACLs) on."),
    readOnly: z.boolean().default(false).describe("The container cannot write to it."),
    quota: z
      .boolean()
      .default(false)
      .describe("Quotas of users inside the container. Not on storages of type zfs."),
    replicate: z.boolean().default(true).describe("false leaves it out of replication."),
    options: z
      .array(z.enum(OPTIONS))
      .refine((items) => new Set(items).size === items.length, "name each only once")
      .default([])
      .meta({ uniqueItems: true, examples: [["noatime", "nosuid"]] })
      .describe("Options of mount."),
  })
  .describe("A disk besides the root disk.");

export const containerMountsSchema = z
  .record(
    z
      .string()
      .regex(/^mp([0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])$/, "name mounts mp0 to mp255"),
    containerMountSchema,
  )
  .refine(
    (mounts) => Object.keys(mounts).every((_, index) => `mp${index}` in mounts),
    "number mounts from mp0 on, without a gap",
  )
  .default({})
  .meta({ examples: [{ mp0: { storage: "Data", size: "32 GiB", path: "/srv" } }] })
  .describe(
    "Disks besides the root disk, by their slots. They can be added and grow, and their options change, while the container stays; what has " +
      "changed of one that is there counts from the container's next start.",
  );
