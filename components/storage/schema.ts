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
const keepOfEach = (period: string) =>
  keep.describe(`For so many ${period}s, the newest backup of the ${period} stays.`);

/** How many backups stay, newest first, as vzdump's prune-backups counts them. */
export const retentionSchema = z
  .strictObject({
    last: keep.describe("So many of the newest backups stay."),
    daily: keepOfEach("day"),
    weekly: keepOfEach("week"),
    monthly: keepOfEach("month"),
    yearly: keepOfEach("year"),
  })
  .refine(
    (retention) => Object.keys(retention).length > 0,
    "name at least one of last, daily, weekly, monthly, yearly",
  )
  .meta({ minProperties: 1, examples: [{ last: 3, daily: 7, weekly: 4, monthly: 3 }] });

export const storageSchema = z
  .strictObject({
    type: z.literal("nfs").describe("Kind of storage: an NFS export, which all nodes mount."),
    server: hostName
      .describe("The entry of `hosts` that exports the directory. Fixed once the storage exists.")
      .meta({ examples: ["nas"] }),
    export: form(/^\/\S*$/, "write the exported directory, as in /backup/pve-data")
      .describe("The exported directory. Fixed once the storage exists.")
      .meta({ examples: ["/backup/pve-data"] }),
    content: z
      .array(z.enum(CONTENT_TYPES))
      .min(1)
      .refine(...eachOnce)
      .meta({ uniqueItems: true, examples: [["images", "rootdir", "iso", "vztmpl"], ["backup"]] })
      .describe(
        "What may lie there: disks of VMs (images) and of containers (rootdir), ISO images (iso), container templates (vztmpl), " +
          "backups (backup), snippets, disks to import (import).",
      ),
    nfsVersion: z
      .enum(["3", "4", "4.1", "4.2"])
      .optional()
      .describe(
        "Version of NFS, in quotes. Needed when the server speaks NFS 4 only; without it Proxmox VE asks showmount.",
      ),
    retention: retentionSchema
      .optional()
      .describe("How many backups of each guest stay here, unless the job says otherwise."),
  })
  .describe("A storage that every node sees.");
