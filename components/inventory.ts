import { readFileSync } from "node:fs";
import { z } from "zod";

/** A guest that exists, as the launcher found it at the start of this run. */
const guestSchema = z.object({
  vmid: z.number(),
  type: z.enum(["qemu", "lxc"]),
  node: z.string(),
  notes: z.string(),
  /** Slot → volume and options, as in the guest's file. */
  disks: z.record(z.string(), z.string()),
  /** Of a container: root in it is not root on the node. */
  unprivileged: z.boolean().optional(),
});

/** An entry of storage.cfg, with Proxmox VE's own names. */
const storageSchema = z.object({
  id: z.string(),
  type: z.string(),
  fields: z.record(z.string(), z.string()),
});

const inventorySchema = z.object({
  guests: z.array(guestSchema),
  storages: z.array(storageSchema),
});

export type ExistingGuest = z.output<typeof guestSchema>;
export type ExistingStorage = z.output<typeof storageSchema>;
export type Inventory = z.output<typeof inventorySchema>;

export const INVENTORY_VARIABLE = "PROXMOX_HA_INVENTORY";

/** The launcher's file; without one nothing is known to exist. */
export function readInventory(environment: NodeJS.ProcessEnv): Inventory {
  const path = environment[INVENTORY_VARIABLE];
  return path
    ? inventorySchema.parse(JSON.parse(readFileSync(path, "utf8")))
    : { guests: [], storages: [] };
}

export interface Findings {
  /** What stops the run before anything is created. */
  refusals: string[];
  /** What the operator should know before saying yes. */
  notices: string[];
}
