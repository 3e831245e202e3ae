import { z } from "zod";
import { hostName } from "../values";

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
