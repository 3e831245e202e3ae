import { z } from "zod";
import { form, hostName, memory, vmid } from "../values";
import { cloudInitSchema } from "./cloudInitSchema";
import { bridgeName, common, CORES, cores, MEMORY } from "./commonSchema";
import { FIRMWARES, MACHINES, OS_TYPES, SCSI_HARDWARE } from "./presets";
import { efiSchema, tpmSchema, vmDiskSchema } from "./vmDiskSchema";
import { vmNetworkSchema } from "./vmNetworkSchema";

const BY_OS = "by `os` unless said otherwise.";
const iso = form(
  /^([^:]+:iso\/.+|[A-Za-z0-9][\w.-]*)$/,
  "write an entry of media, as in debian-13.iso, or STORAGE:iso/FILE, as in Data:iso/debian-13.iso",
);

const cloneSchema = z
  .strictObject({
    guest: hostName
      .optional()
      .describe("The entry of `guests` that is cloned.")
      .meta({ examples: ["template"] }),
    vmid: vmid.optional().describe("VMID of a VM that this file does not describe."),
    node: hostName
      .optional()
      .describe("Node of the VM with that VMID: the clone's own unless said otherwise."),
    full: z
      .boolean()
      .default(true)
      .describe("false makes a linked clone, which needs its template for as long as it lives."),
  })
  .refine(
    (clone) => (clone.guest === undefined) !== (clone.vmid === undefined),
    "name one of guest and vmid",
  )
  .refine(
    (clone) => clone.guest === undefined || clone.node === undefined,
    "node goes with vmid; a guest of this file has its own",
  );

export const virtualMachineSchema = z
  .strictObject({
    type: z.literal("vm").describe("A virtual machine (QEMU)."),
    ...common,
    os: z
      .enum(OS_TYPES)
      .describe(
        "Operating system: l26 for Linux, win10 for Windows 10, 2016 and 2019, win11 for Windows 11, 2022 and 2025, win8 for 2012, " +
          "win7 for 2008 R2, w2k8 for 2008, wxp for XP, w2k3 for 2003, other. What the entry leaves out follows from it.",
      ),
    clone: cloneSchema
      .optional()
      .describe(
        "The VM is made as a copy of another, best of a template. It counts when the VM is made.",
      ),
    template: z
      .boolean()
      .default(false)
      .describe(
        "true makes it a template, which never runs and others are cloned from. It cannot become a VM again.",
      ),
    cores: cores.describe(CORES),
    sockets: z
      .int()
      .min(1)
      .max(4)
      .optional()
      .describe("Processors of that many cores each: 1 unless said otherwise."),
    memory: memory.describe(MEMORY).meta({ examples: ["2 GiB"] }),
    balloon: memory
      .optional()
      .describe(
        "What the guest keeps of its memory when the node is short of it, in whole MiB. It keeps all unless said otherwise.",
      )
      .meta({ examples: ["1 GiB"] }),
    cpu: z
      .string()
      .optional()
      .describe(
        "CPU model: x86-64-v2-AES unless said otherwise. A level that every node has lets the guest move while it runs.",
      ),
    machine: z
      .enum(MACHINES)
      .optional()
      .describe(
        `The chipset that the guest sees, ${BY_OS} Windows keeps the one it was made with.`,
      ),
    bios: z.enum(FIRMWARES).optional().describe(`Firmware: seabios, or ovmf for UEFI, ${BY_OS}`),
    efi: efiSchema.optional().describe("The disk that UEFI firmware keeps its settings on."),
    tpm: z
      .union([z.boolean().describe("Whether it has one."), tpmSchema])
      .optional()
      .describe(
        `true, or a mapping, for a TPM (version 2.0), ${BY_OS} Taken out, its keys are lost.`,
      ),
    scsiHardware: z
      .enum(SCSI_HARDWARE)
      .optional()
      .describe(`The controller of disks in scsi slots, ${BY_OS}`),
    disks: z
      .record(
        z
          .string()
          .regex(
            /^(scsi([0-9]|[12][0-9]|30)|virtio([0-9]|1[0-5])|sata[0-5])$/,
            "name disks scsi0 to scsi30, virtio0 to virtio15 or sata0 to sata5",
          ),
        vmDiskSchema.describe("A disk of the VM."),
      )
      .optional()
      .describe(
        "Disks by their slots: scsi0 to scsi30, virtio0 to virtio15, sata0 to sata5. One that is taken out stays with the VM as an " +
          "unused disk. A clone of a guest of this file has that guest's, and those that are named here.",
      )
      .meta({ examples: [{ scsi0: { storage: "Data", size: "40 GiB" } }] }),
    iso: iso
      .optional()
      .describe(
        "ISO image in the VM's CD drive: an entry of `media`, or a file that is there, as STORAGE:iso/FILE.",
      )
      .meta({ examples: ["debian-13.iso", "Data:iso/debian-13.iso"] }),
    drivers: iso
      .optional()
      .describe(
        "ISO image in a second CD drive, likewise: VirtIO drivers for the setup of Windows.",
      )
      .meta({ examples: ["virtio-win.iso"] }),
    boot: z
      .array(
        z
          .string()
          .regex(
            /^(scsi\d+|virtio\d+|sata\d+|ide2|net\d+)$/,
            "name slots of disks, ide2 for the CD drive, or cards as net0",
          ),
      )
      .optional()
      .describe("What it boots from, in this order: first disk, CD drive, first card otherwise.")
      .meta({ examples: [["scsi0", "net0"]] }),
    bridge: bridgeName
      .optional()
      .describe("Bridge of its one network card: vmbr0. `networks` says more."),
    networks: z
      .array(vmNetworkSchema)
      .max(32)
      .optional()
      .describe("Its network cards, net0 first, instead of `bridge`. An empty list is none."),
    agent: z.boolean().default(false).describe("The QEMU guest agent is installed in the guest."),
    cloudInit: cloudInitSchema
      .optional()
      .describe("What cloud-init sets up at the first start of a cloud image."),
    display: z
      .enum(["std", "virtio", "qxl", "serial0", "vmware", "cirrus", "none"])
      .optional()
      .describe("The display that the guest sees: std unless said otherwise."),
    restart: z
      .enum(["automatic", "manual"])
      .default("automatic")
      .describe(
        "What becomes of a change that needs a restart: the guest is shut down and started (without agent: switched off and on), or the " +
          "change waits until it is next stopped and started.",
      ),
  })
  .describe("A virtual machine.");
