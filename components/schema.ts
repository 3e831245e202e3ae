import { z } from "zod";
import { backupSchema } from "./backup/schema";
import { clusterSchema, hostSchema, nodeSchema } from "./cluster/schema";
import { guestSchema } from "./guest/schema";
import { storageSchema } from "./storage/schema";
import { hostName, identifier, ipAddress, network } from "./values";

/** The whole site file, `proxmox-ha:site` in `Pulumi.<stack>.yaml`, as far as each value stands alone. */
export const siteSchema = z.strictObject({
  cluster: clusterSchema,
  network: z.strictObject({
    cidr: network.describe("The network that nodes, hosts and guests share."),
    gateway: ipAddress.optional().describe("The router; only installation media need it."),
    dns: ipAddress.optional().describe("The name server; only installation media need it."),
  }),
  nodes: z
    .record(hostName, nodeSchema)
    .refine((nodes) => Object.keys(nodes).length > 0, "name at least one node"),
  hosts: z.record(hostName, hostSchema).default({}),
  storages: z.record(identifier, storageSchema).default({}),
  guests: z.record(hostName, guestSchema).default({}),
  backups: z.record(identifier, backupSchema).default({}),
});

export type Site = z.output<typeof siteSchema>;
export type Node = Site["nodes"][string];
export type Guest = Site["guests"][string];
export type VirtualMachineGuest = Extract<Guest, { type: "vm" }>;
export type ContainerGuest = Extract<Guest, { type: "container" }>;
export type Storage = Site["storages"][string];
export type Backup = Site["backups"][string];
