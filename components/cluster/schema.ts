import { z } from "zod";
import { nodeNotes } from "../system/schema";
import { nodeFirewallSchema } from "../firewall/schema";
import { nodeNetworkSchema } from "../network/schema";
import { form, hostName, ipAddress, size } from "../values";
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
    cpuLevel: z
      .enum(["x86-64-v2", "x86-64-v2-AES", "x86-64-v3", "x86-64-v4"])
      .optional()
      .describe(
        "The highest CPU model of a VM that the node runs: x86-64-v2 from Nehalem and Opteron_G3 on, x86-64-v2-AES from Westmere and Opteron_G4 on, " +
          "x86-64-v3 from Haswell and EPYC on, x86-64-v4 from Skylake-SP and EPYC Genoa on. For VMs with a `cpu` above x86-64-v2-AES.",
      ),
    cpuVendor: z
      .enum(["intel", "amd"])
      .optional()
      .describe("Who made the node's CPU. A VM does not move between the two while it runs."),
    memory: size
      .refine((bytes) => bytes > 0, "write what the node reports")
      .describe("Memory that the node reports (`free -b`), not what is printed on the modules."),
    link1: ipAddress
      .optional()
      .describe(
        "Address of a second corosync link, in a network of its own. All nodes have one, or none.",
      ),
    network: nodeNetworkSchema,
    watchdog: form(/^[a-zA-Z][a-zA-Z0-9_]*$/, "write a kernel module, as in softdog or iTCO_wdt")
      .prefault("softdog")
      .describe(
        "Kernel module of the watchdog that resets the node when the HA manager loses it: `softdog`, or the machine's own.",
      )
      .meta({ examples: ["softdog", "iTCO_wdt", "ipmi_watchdog"] }),
    notes: nodeNotes,
    firewall: nodeFirewallSchema
      .optional()
      .describe("What the firewall of this node has besides that of the site."),
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
    release: z
      .literal([9, 8])
      .describe(
        "Major release of Proxmox VE on all nodes. 8 gets no updates since August 2026; once all nodes are upgraded: " +
          "`npm run -s ops -- release switch`.",
      ),
    upgradedFrom: z
      .literal(8)
      .optional()
      .describe(
        "Written by `ops release switch`: HA rules keep the names that Proxmox VE gave them when it made them of groups. Not to be edited.",
      ),
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
    qdevice: z
      .boolean()
      .optional()
      .describe(
        "An odd number of nodes gets a vote of the witness only if this says `true`: without the witness no node may fail then.",
      ),
    keepWitnessKey: z
      .boolean()
      .default(false)
      .describe(
        "Whether the founder may go on logging in at the witness as root once the QDevice is set up.",
      ),
    packages: z
      .enum(["no-subscription", "enterprise"])
      .default("no-subscription")
      .describe(
        "Proxmox's repository that a bare Debian is installed from; `enterprise` needs a subscription.",
      ),
    storageWait: z
      .int()
      .min(0)
      .max(60)
      .default(10)
      .describe(
        "Minutes that a node that starts waits at most for its NFS servers before it starts guests and the HA agent.",
      ),
    installation: installationSchema
      .optional()
      .describe("For `ops answer-file` and `ops preseed`: what is the same on every node."),
  })
  .refine(({ release, upgradedFrom }) => upgradedFrom === undefined || release > upgradedFrom, {
    path: ["upgradedFrom"],
    message: "a cluster on release 8 was not upgraded from it; take this out",
  })
  .describe("The cluster that the nodes form.");
