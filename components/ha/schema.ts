import { z } from "zod";
import { eachOnce, hostName, identifier } from "../values";

const guests = z
  .array(z.string())
  .min(2, "name two guests at least")
  .refine(...eachOnce)
  .meta({ uniqueItems: true, examples: [["web", "database"]] });

/** How the HA manager treats all of them (datacenter.cfg; rules.cfg). */
export const siteHaSchema = z
  .strictObject({
    shutdownPolicy: z
      .enum(["conditional", "freeze", "failover", "migrate"])
      .default("conditional")
      .describe(
        "What becomes of HA guests when their node is shut down. migrate: they move away first; failover: they are stopped and " +
          "start elsewhere; freeze: they wait for the node; conditional: freeze when it reboots, else failover.",
      ),
    scheduling: z
      .enum(["basic", "static", "dynamic"])
      .default("basic")
      .describe(
        "How a node is chosen. basic: by the number of guests; static: by their cores and memory; dynamic: by what they use " +
          "(Proxmox VE 9.2).",
      ),
    rebalanceOnStart: z
      .boolean()
      .default(false)
      .describe(
        "A guest that is started goes to the node that suits best, not to the one it lies on.",
      ),
    together: z
      .record(identifier, guests.describe("Guests that run on the same node."))
      .default({})
      .describe(
        "HA guests that always run on the same node, under names of your choice. At most one of a group names preferred nodes, all with one priority.",
      ),
    apart: z
      .record(identifier, guests.describe("Guests of which no two run on the same node."))
      .default({})
      .describe(
        "HA guests that never run on the same node, under names of your choice. One of them stays off where there are too few nodes. Preferred nodes " +
          "of theirs have one priority.",
      ),
  })
  .prefault({})
  .describe("What holds for all HA guests.");

/** How the HA manager treats a guest (ha-manager). */
export const haSchema = z
  .strictObject({
    state: z
      .enum(["started", "stopped", "ignored", "disabled"])
      .default("started")
      .describe(
        "What the HA manager keeps the guest in. stopped: off, but moved when its node fails; disabled: off and left where it is; " +
          "ignored: as if it were no HA guest.",
      ),
    maxRestart: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe("How often it is started again on the same node after a failed start."),
    maxRelocate: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe("How often it is moved to another node after that."),
    failback: z
      .boolean()
      .default(true)
      .describe("It goes back to a preferred node when that returns."),
    nodes: z
      .record(hostName, z.int().min(0).max(1000).describe("Priority of this node."))
      .refine((nodes) => Object.keys(nodes).length > 0, "name at least one node")
      .meta({ minProperties: 1, examples: [{ pve02: 2, pve01: 1 }] })
      .optional()
      .describe("Preferred nodes with priorities, the higher number first."),
    strict: z.boolean().default(false).describe("Run on the preferred nodes only, or not at all."),
  })
  .refine(({ nodes, strict }) => !strict || nodes !== undefined, {
    path: ["nodes"],
    message: "strict needs them: name the nodes that the guest may run on",
  })
  .meta({
    if: { properties: { strict: { const: true } }, required: ["strict"] },
    then: { required: ["nodes"] },
  });
