import { z } from "zod";
import { network, rate } from "../values";

const limit = rate.optional();

/** How much of the network what copies guests may take. Each limit is for one task, as Proxmox VE counts them. */
export const limitsSchema = z
  .strictObject({
    default: limit.describe(
      "A task that copies a guest: it is moved, restored, cloned, or its disk changes storage. All tasks that HA runs at a time " +
        "together get half of `network.linkSpeed` unless this says otherwise.",
    ),
    migration: limit.describe(
      "Moving a guest to another node. As `default` unless said otherwise.",
    ),
    restore: limit.describe("Restoring a backup. As `default` unless said otherwise."),
    move: limit.describe("Moving a disk to another storage. As `default` unless said otherwise."),
    clone: limit.describe("Cloning a guest. As `default` unless said otherwise."),
    backup: limit.describe(
      "A backup job on each node. Together they get a quarter of `network.linkSpeed` unless this says otherwise.",
    ),
    workers: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe(
        "How many guests a node moves, starts or stops at a time, for HA and when it shuts down. 2 below 10 Gbit/s, else 4.",
      ),
  })
  .default({})
  .describe(
    "What may be taken of the network, so that corosync and the guests' disks keep their part.",
  );

/** How guests move from node to node. */
export const migrationSchema = z
  .strictObject({
    type: z
      .enum(["secure", "insecure"])
      .default("secure")
      .describe("insecure is faster and not encrypted: for a network of its own only."),
    network: network
      .optional()
      .describe(
        "The network that guests move over, in which every node has one address. Unless said otherwise, that of the node.",
      )
      .meta({ examples: ["10.10.10.0/24"] }),
  })
  .prefault({})
  .describe("How guests move from node to node.");

const KEYBOARDS = [
  ...[
    "de",
    "de-ch",
    "da",
    "en-gb",
    "en-us",
    "es",
    "fi",
    "fr",
    "fr-be",
    "fr-ca",
    "fr-ch",
    "hu",
    "is",
  ],
  ...["it", "ja", "lt", "mk", "nl", "no", "pl", "pt", "pt-br", "sv", "sl", "tr"],
] as const;

/** What the web interface shows. The installer may have set it, so that what is not said here is left as it is. */
export const webInterfaceSchema = z
  .strictObject({
    keyboard: z
      .enum(KEYBOARDS)
      .optional()
      .describe(
        'Keyboard at the screens of VMs. Norway in quotes: "no". Left as it is unless said here.',
      ),
    console: z
      .enum(["html5", "xtermjs", "vv"])
      .optional()
      .describe("What opens a guest's screen. Left as it is unless said here."),
  })
  .default({})
  .describe("What the web interface offers.");
