import { z } from "zod";
import { accessSchema } from "./accounts/schema";
import { copySchema } from "./backup/copySchema";
import { backupSchema } from "./backup/schema";
import { clusterSchema, hostSchema, nodeSchema } from "./cluster/schema";
import { firewallSchema } from "./firewall/schema";
import { guestSchema } from "./guest/schema";
import { siteHaSchema } from "./ha/schema";
import { metricServerSchema } from "./metrics/schema";
import { interfaces } from "./network/schema";
import { limitsSchema, migrationSchema, webInterfaceSchema } from "./options/schema";
import { mediaName, mediumSchema } from "./media/schema";
import { poolSchema } from "./pool/schema";
import { storageSchema } from "./storage/schema";
import { notificationsSchema } from "./notifications/schema";
import { systemSchema } from "./system/schema";
import { hostName, identifier, ipAddress, linkSpeed, network } from "./values";

/** The whole site file, `proxmox-ha:site` in `Pulumi.<stack>.yaml`, as far as each value stands alone. */
export const siteSchema = z.strictObject({
  cluster: clusterSchema,
  network: z
    .strictObject({
      cidr: network.describe(
        "The network that nodes, hosts and guests share. Every address of the site lies in it.",
      ),
      gateway: ipAddress.optional().describe("The router; only installation media need it."),
      dns: ipAddress.optional().describe("The name server; only installation media need it."),
      ...interfaces,
      linkSpeed: linkSpeed
        .prefault("1 Gbit/s")
        .describe(
          "Speed of the slowest link between nodes and storages. What `limits` leaves out is derived from it.",
        ),
    })
    .describe("The network of the site."),
  nodes: z
    .record(hostName, nodeSchema)
    .refine((nodes) => Object.keys(nodes).length > 0, "name at least one node")
    .meta({ minProperties: 1 })
    .describe("The nodes of the cluster, by their names: what `hostname` prints on each."),
  hosts: z
    .record(hostName, hostSchema)
    .default({})
    .describe("Other machines that the site needs, by their names: the NAS, a witness."),
  storages: z
    .record(identifier, storageSchema)
    .default({})
    .describe(
      "Storages that every node sees, by their IDs in Proxmox VE. `local` and `local-lvm`, which every installation has, " +
        "need no entry.",
    ),
  media: z
    .record(mediaName, mediumSchema)
    .default({})
    .describe(
      "Files that guests are installed or made from, by their names: ISO images, container templates, cloud images.",
    ),
  guests: z
    .record(hostName, guestSchema)
    .default({})
    .describe(
      "VMs and containers. The key is the guest's identity: its name in Pulumi, in Proxmox VE and on the network.",
    ),
  pools: z
    .record(identifier, poolSchema)
    .default({})
    .describe("Pools of guests, by their IDs in Proxmox VE. A guest says which it is in."),
  ha: siteHaSchema,
  limits: limitsSchema,
  migration: migrationSchema,
  webInterface: webInterfaceSchema,
  system: systemSchema,
  firewall: firewallSchema.optional(),
  notifications: notificationsSchema,
  backups: z
    .record(identifier, backupSchema)
    .default({})
    .describe("Backup jobs (vzdump), by their IDs in Proxmox VE."),
  access: accessSchema,
  metrics: z
    .record(identifier, metricServerSchema)
    .default({})
    .describe("Servers that metrics are sent to, by their IDs in Proxmox VE."),
  copies: z
    .record(identifier, copySchema)
    .default({})
    .describe("Second copies of backups, by names of their own."),
});

export type Site = z.output<typeof siteSchema>;
export type Node = Site["nodes"][string];
export type Guest = Site["guests"][string];
export type VirtualMachineGuest = Extract<Guest, { type: "vm" }>;
export type ContainerGuest = Extract<Guest, { type: "container" }>;
export type Storage = Site["storages"][string];
export type Medium = Site["media"][string];
export type Backup = Site["backups"][string];
