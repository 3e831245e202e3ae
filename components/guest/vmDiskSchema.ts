import { z } from "zod";
import { form, identifier, rate } from "../values";
import { diskSchema } from "./commonSchema";

const limit = rate.refine((value) => value % 1024 === 0, "write whole MiB/s, as in 60 MiB/s");

export const vmDiskSchema = diskSchema.extend({
  image: form(
    /^([^:]+:import\/.+\.(qcow2|raw|vmdk)|[A-Za-z0-9][\w.-]*)$/,
    "write an entry of media, as in debian-13.qcow2, or STORAGE:import/FILE, as in Data:import/debian-13.qcow2",
  )
    .optional()
    .describe(
      "Image of an installed system that the disk is made from: an entry of `media`, or a file that is there, as " +
        "STORAGE:import/FILE. The disk is then grown to its size. It counts when the disk is made.",
    )
    .meta({ examples: ["debian-13.qcow2", "Data:import/debian-13.qcow2"] }),
  cache: z
    .enum(["none", "writethrough", "writeback", "directsync", "unsafe"])
    .optional()
    .describe(
      "How the node caches the disk; none unless said otherwise. unsafe loses data when the node does.",
    ),
  discard: z
    .boolean()
    .default(true)
    .describe("What the guest frees is freed on the storage as well (TRIM)."),
  ssd: z
    .boolean()
    .optional()
    .describe(
      "true shows the disk to the guest as one without moving parts. Not for virtio slots.",
    ),
  iothread: z
    .boolean()
    .optional()
    .describe("true gives the disk a thread of its own. For scsi and virtio slots."),
  backup: z.boolean().optional().describe("false leaves the disk out of backups."),
  replicate: z.boolean().optional().describe("false leaves the disk out of replication."),
  readLimit: limit.optional().describe("The most that the guest may read from it."),
  writeLimit: limit.optional().describe("The most that the guest may write to it."),
});

const STORAGE = "the first disk's unless said otherwise.";

export const efiSchema = z.strictObject({
  storage: identifier
    .optional()
    .describe(`Storage of the disk with the settings of the UEFI firmware: ${STORAGE}`),
  preEnrolledKeys: z
    .boolean()
    .default(true)
    .describe(
      "The keys of Microsoft and of distributions are in it, and Secure Boot is on. It counts when the disk is made.",
    ),
});

export const tpmSchema = z
  .strictObject({
    storage: identifier
      .optional()
      .describe(`Storage of the disk with the state of the TPM: ${STORAGE}`),
  })
  .describe("A TPM, and where its state lies.");
