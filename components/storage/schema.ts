import { z } from "zod";
import { secretName } from "../secretNames";
import { date, eachOnce, form, hostName } from "../values";
import { BACKUPS, DISKS, FILES } from "./kinds";

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

const CONTENT =
  "What may lie there: disks of VMs (images) and of containers (rootdir), ISO images (iso), container templates (vztmpl), " +
  "backups (backup), snippets, disks to import (import).";

const files = z
  .array(z.enum(FILES))
  .min(1)
  .refine(...eachOnce)
  .meta({ uniqueItems: true, examples: [["images", "rootdir", "iso", "vztmpl"], ["backup"]] })
  .describe(CONTENT);

const disks = z
  .array(z.enum(DISKS))
  .min(1)
  .refine(...eachOnce)
  .meta({ uniqueItems: true })
  .default([...DISKS])
  .describe("What may lie there: disks of VMs (images) and of containers (rootdir).");

const nodes = z
  .array(hostName)
  .min(1)
  .refine(...eachOnce)
  .optional()
  .meta({ uniqueItems: true, examples: [["pve01", "pve02"]] });

const replaceUntil = date
  .optional()
  .describe(
    "Allows a change of what is fixed, for which the definition is deleted and made anew, up to and including this day. Written in quotes.",
  );

const common = {
  replaceUntil,
  nodes: nodes.describe("The nodes that have the storage, where it is not all of them."),
  disabled: z
    .boolean()
    .default(false)
    .describe("true keeps the definition, and lets nobody use the storage."),
};

const retention = retentionSchema
  .optional()
  .describe("How many backups of each guest stay here, unless the job says otherwise.");

const MODES = ["off", "metadata", "falloc", "full"] as const;
const MODE =
  "How much of the space of a new disk is taken at once: nothing (off), what qcow2 keeps its tables in (metadata), all (falloc, full).";
const preallocation = z.enum(MODES).default("metadata").describe(MODE);

/** A machine that the stack logs in at has an entry of `hosts`; any other may be elsewhere. */
const server = form(
  /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/,
  "write an entry of hosts, an address or a DNS name, as in backup.example.org",
)
  .describe(
    "The entry of `hosts` that serves it, or the address or DNS name of another machine. Fixed once the storage exists.",
  )
  .meta({ examples: ["backup.example.org"] });

const passwordFrom = (name: string) =>
  secretName
    .describe(
      `Secret that holds its password: \`pulumi config set --secret ${name}\`. It counts when the storage is made; ` +
        "later `pvesm set STORAGE --password` on a node takes another.",
    )
    .meta({ examples: [name] });

const nfs = z
  .strictObject({
    type: z.literal("nfs").describe("Kind of storage: an NFS export, which all nodes mount."),
    server: hostName
      .describe("The entry of `hosts` that exports the directory. Fixed once the storage exists.")
      .meta({ examples: ["nas"] }),
    export: form(/^\/\S*$/, "write the exported directory, as in /backup/pve-data")
      .describe("The exported directory. Fixed once the storage exists.")
      .meta({ examples: ["/backup/pve-data"] }),
    content: files,
    nfsVersion: z
      .enum(["3", "4", "4.1", "4.2"])
      .optional()
      .describe(
        "Version of NFS, in quotes. Needed when the server speaks NFS 4 only; without it Proxmox VE asks showmount.",
      ),
    options: form(
      /^(?!(.*,)?(nfs)?vers=)[^\s,]+(,[^\s,]+)*$/,
      "write options with commas between them and without blanks, as in nconnect=4,noatime; the version is nfsVersion",
    )
      .optional()
      .describe(
        "Further mount options (`man nfs`). Once there were some, `defaults` takes them away, not leaving this out.",
      )
      .meta({ examples: ["nconnect=4"] }),
    preallocation: z
      .enum(MODES)
      .optional()
      .describe(`${MODE} Fixed once the storage exists; metadata unless said otherwise.`),
    retention,
    replaceUntil,
    disabled: common.disabled,
    nodes: nodes.describe(
      "The nodes that have the storage, where it is not all of them. Once there was such a list, one with all nodes takes it away, not leaving this out.",
    ),
  })
  .describe("An NFS export, shared by the nodes.");

const cifs = z
  .strictObject({
    type: z.literal("cifs").describe("A share of Windows or Samba, which all nodes mount."),
    server,
    share: form(/^[^\s/\\]+$/, "write the name of the share, as in backup")
      .describe("The share. Fixed once the storage exists.")
      .meta({ examples: ["backup"] }),
    folder: form(/^\/\S+$/, "write a folder of the share, as in /pve")
      .optional()
      .describe("Folder of the share that is mounted. Fixed once the storage exists.")
      .meta({ examples: ["/pve"] }),
    username: z
      .string()
      .min(1)
      .describe("User of the share. Fixed once the storage exists.")
      .meta({ examples: ["pve"] }),
    passwordFrom: passwordFrom("sharePassword"),
    domain: z
      .string()
      .min(1)
      .optional()
      .describe("The user's domain. Fixed once the storage exists."),
    content: files,
    preallocation,
    retention,
    ...common,
  })
  .describe("An SMB share, shared by the nodes.");

const pbs = z
  .strictObject({
    type: z.literal("pbs").describe("A datastore of a Proxmox Backup Server."),
    server,
    datastore: form(/^[\w.-]+$/, "write the name of a datastore, as in main")
      .describe("The datastore. Fixed once the storage exists.")
      .meta({ examples: ["main"] }),
    namespace: form(/^[\w.-]+(\/[\w.-]+){0,6}$/, "write a namespace, as in site/guests")
      .optional()
      .describe("Namespace in the datastore. Fixed once the storage exists.")
      .meta({ examples: ["mizar"] }),
    username: form(
      /^[^\s:/]+@[\w.-]+(![\w.-]+)?$/,
      "write a user with realm, or an API token, as in pve@pbs!mizar",
    )
      .describe("User or API token of the backup server. Fixed once the storage exists.")
      .meta({ examples: ["pve@pbs!mizar"] }),
    passwordFrom: passwordFrom("backupServerSecret"),
    fingerprint: form(
      /^([0-9a-f]{2}:){31}[0-9a-f]{2}$/,
      "write 32 pairs of digits and a-f with colons, as the dashboard of the backup server shows them",
    )
      .optional()
      .describe("SHA-256 fingerprint of its certificate, unless the nodes trust who signed that."),
    encryptionKeyFrom: secretName
      .optional()
      .describe(
        "Secret that holds the key with which backups are encrypted, the JSON of `proxmox-backup-client key create`. Keep a copy elsewhere: " +
          "without it no backup can be read. Fixed once the storage exists.",
      )
      .meta({ examples: ["backupKey"] }),
    content: z
      .array(z.enum(BACKUPS))
      .min(1)
      .refine(...eachOnce)
      .default([...BACKUPS])
      .describe("Backups, and nothing else."),
    retention,
    ...common,
  })
  .describe("A Proxmox Backup Server, shared by the nodes.");

const directory = z
  .strictObject({
    type: z.literal("directory").describe("A directory of each node."),
    path: form(/^\/[-/a-zA-Z0-9_.@]+$/, "write a directory of the nodes, as in /srv/pve")
      .describe("The directory, made where it is missing. Fixed once the storage exists.")
      .meta({ examples: ["/srv/pve"] }),
    shared: z
      .boolean()
      .default(false)
      .describe(
        "true where all nodes see the same files there, by a cluster file system that somebody else mounts.",
      ),
    content: files,
    preallocation,
    retention,
    ...common,
  })
  .describe("A directory that each node has for itself.");

const lvmThin = z
  .strictObject({
    type: z.literal("lvm-thin").describe("A thin pool of LVM on each node."),
    volumeGroup: form(/^[a-zA-Z0-9+_.][a-zA-Z0-9+_.-]*$/, "write a volume group, as in pve")
      .describe("The volume group, which exists on each node. Fixed once the storage exists.")
      .meta({ examples: ["pve"] }),
    thinPool: form(/^[a-zA-Z0-9+_.][a-zA-Z0-9+_.-]*$/, "write a thin pool, as in data")
      .describe("The thin pool in it. Fixed once the storage exists.")
      .meta({ examples: ["data"] }),
    content: disks,
    ...common,
  })
  .describe("An LVM thin pool that each node has for itself.");

const zfs = z
  .strictObject({
    type: z.literal("zfs").describe("A ZFS pool, or a dataset in one, on each node."),
    pool: form(/^[a-zA-Z][\w.:-]*(\/[\w.:-]+)*$/, "write a pool or dataset, as in rpool/data")
      .describe(
        "The pool or dataset, which exists on each node. Fixed once the storage exists. Replication needs it to be the same on both.",
      )
      .meta({ examples: ["rpool/data"] }),
    thin: z
      .boolean()
      .default(true)
      .describe(
        "true lets disks take only the space that is written. It can be turned on later, and not off again.",
      ),
    content: disks,
    ...common,
  })
  .describe("A ZFS pool that each node has for itself.");

export const storageSchema = z
  .discriminatedUnion("type", [nfs, cifs, pbs, directory, lvmThin, zfs], {
    error: ({ code }) =>
      code === "invalid_union" ? "write nfs, cifs, pbs, directory, lvm-thin or zfs" : undefined,
  })
  .describe("A storage of the cluster.");
