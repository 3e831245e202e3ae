import { z } from "zod";
import { hostName } from "../values";

/** How the HA manager treats a guest (ha-manager). */
export const haSchema = z
  .strictObject({
    state: z.enum(["started", "stopped", "ignored", "disabled"]).default("started"),
    maxRestart: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe("Restarts on the same node after a failed start."),
    maxRelocate: z.int().min(0).max(10).default(1).describe("Moves to another node after that."),
    failback: z.boolean().default(true).describe("Go back to a preferred node when it returns."),
    nodes: z
      .record(hostName, z.int().min(0).max(1000))
      .refine((nodes) => Object.keys(nodes).length > 0, "name at least one node")
      .optional()
      .describe("Preferred nodes with priorities, higher first."),
    strict: z.boolean().default(false).describe("Run on the preferred nodes only, or not at all."),
  })
  .refine(({ nodes, strict }) => !strict || nodes !== undefined, {
    path: ["nodes"],
    message: "strict needs them: name the nodes that the guest may run on",
  });
