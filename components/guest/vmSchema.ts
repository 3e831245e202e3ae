import { z } from "zod";
import { form, memory } from "../values";
import { bridge, common, CORES, cores, diskSchema, MEMORY } from "./commonSchema";

/** Operating systems as Proxmox VE distinguishes them (qemu-server). */
export const OS_TYPES = ["l26", "win10", "win11", "other"] as const;

export const virtualMachineSchema = z
  .strictObject({
    type: z.literal("vm").describe("A virtual machine (QEMU)."),
    ...common,
    os: z
      .enum(OS_TYPES)
      .describe(
        "Operating system: l26 for Linux, win10 for Windows 10, 2016 and 2019, win11 for Windows 11, 2022 and 2025, other.",
      ),
    cores: cores.describe(CORES),
    memory: memory.describe(MEMORY).meta({ examples: ["2 GiB"] }),
    cpu: z
      .string()
      .default("x86-64-v2-AES")
      .describe("CPU model. A level that every node has lets the guest move while it runs."),
    disks: z
      .record(
        z
          .string()
          .regex(
            /^(scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|sata[0-5])$/,
            "name disks scsi0 to scsi30, virtio0 to virtio15 or sata0 to sata5",
          ),
        diskSchema.describe("A disk of the VM."),
      )
      .describe(
        "Disks by their slots: scsi0 to scsi30, virtio0 to virtio15, sata0 to sata5. One that is taken out stays with the VM as an unused disk.",
      )
      .meta({ examples: [{ scsi0: { storage: "Data", size: "40 GiB" } }] }),
    iso: form(
      /^([^:]+:iso\/.+|[A-Za-z0-9][\w.-]*)$/,
      "write an entry of media, as in debian-13.iso, or STORAGE:iso/FILE, as in Data:iso/debian-13.iso",
    )
      .optional()
      .describe(
        "ISO image in the VM's CD drive: an entry of `media`, or a file that is there, as STORAGE:iso/FILE.",
      )
      .meta({ examples: ["debian-13.iso", "Data:iso/debian-13.iso"] }),
    bridge,
    agent: z.boolean().default(false).describe("The QEMU guest agent is installed in the guest."),
  })
  .describe("A virtual machine.");
