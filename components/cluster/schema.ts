import { z } from "zod";
import { hostName, ipAddress, size } from "../values";
import { installationSchema, nodeInstallationSchema } from "./installationSchema";

/** A physical server that runs Proxmox VE. */
export const nodeSchema = z
  .strictObject({
    address: ipAddress.describe("Address of the node; corosync's first link uses it too."),
    cpus: z
      .int()
      .positive()
      .describe("Processors that the node reports (`nproc`).")
      .meta({ examples: [4] }),
    memory: size
      .refine((bytes) => bytes > 0, "write what the node reports")
      .describe("Memory that the node reports (`free -b`), not what is printed on the modules."),
    installation: nodeInstallationSchema
      .optional()
      .describe("For `ops answer-file` and `ops preseed`: this machine's disks and network card."),
  })
  .describe("A physical server that runs Proxmox VE.");

/** Any other machine that the site needs: the NAS, a witness. */
export const hostSchema = z
  .strictObject({
    address: ipAddress.describe("Address of the machine, in the network of the site."),
  })
  .describe("A machine that is no node.");

export const clusterSchema = z
  .strictObject({
    name: hostName
      .max(15, "write 15 characters at most, which is what corosync allows")
      .describe("Name of the cluster. Permanent: a cluster cannot be renamed.")
      .meta({ examples: ["mizar"] }),
    release: z.literal(9).describe("Major release of Proxmox VE on all nodes."),
    founder: hostName
      .describe(
        "The node that creates the cluster; the others join it, in the order of their names.",
      )
      .meta({ examples: ["pve01"] }),
    witness: hostName
      .optional()
      .describe(
        "The entry of `hosts` whose vote, by QDevice, lets an even number of nodes lose one. Needed for HA with two nodes.",
      )
      .meta({ examples: ["nas"] }),
    installation: installationSchema
      .optional()
      .describe("For `ops answer-file` and `ops preseed`: what is the same on every node."),
  })
  .describe("The cluster that the nodes form.");
