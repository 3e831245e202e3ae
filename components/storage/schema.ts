import { z } from "zod";
import { eachOnce, form, hostName } from "../values";

export const CONTENT_TYPES = [
  "images",
  "rootdir",
  "iso",
  "vztmpl",
  "backup",
  "snippets",
  "import",
] as const;

const keep = z.int().positive().optional();

/** How many backups stay, newest first, as vzdump's prune-backups counts them. */
export const retentionSchema = z
  .strictObject({ last: keep, daily: keep, weekly: keep, monthly: keep, yearly: keep })
  .refine(
    (retention) => Object.keys(retention).length > 0,
    "name at least one of last, daily, weekly, monthly, yearly",
  );

export const storageSchema = z.strictObject({
  type: z.literal("nfs"),
  server: hostName.describe("The entry of `hosts` that exports the directory."),
  export: form(/^\/\S*$/, "write the exported directory, as in /backup/pve-data"),
  content: z
    .array(z.enum(CONTENT_TYPES))
    .min(1)
    .refine(...eachOnce),
  nfsVersion: z
    .enum(["3", "4", "4.1", "4.2"])
    .optional()
    .describe("Needed when the server speaks NFS 4 only; without it Proxmox VE asks showmount."),
  retention: retentionSchema.optional(),
});
