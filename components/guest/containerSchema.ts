import { z } from "zod";
import { secretName } from "../secretNames";
import { form, identifier, interfaceAddress, ipAddress, memory, size } from "../values";
import { bridge, common, CORES, cores, diskSchema, MEMORY } from "./commonSchema";

export const containerSchema = z
  .strictObject({
    type: z.literal("container").describe("A Linux container (LXC)."),
    ...common,
    template: form(
      /^[a-z0-9][\w.+-]*\.tar\.(zst|xz|gz)$/,
      "write a name from `pveam available`, as in debian-13-standard_13.1-2_amd64.tar.zst",
    )
      .describe("Template that the container is made from. Another one means another container.")
      .meta({ examples: ["debian-13-standard_13.1-2_amd64.tar.zst"] }),
    templateStorage: identifier
      .describe("Storage that holds the template, which is downloaded if missing.")
      .meta({ examples: ["Data"] }),
    cores: cores.default(1).describe(CORES),
    memory: memory.describe(MEMORY).meta({ examples: ["256 MiB"] }),
    swap: size
      .refine((bytes) => bytes % 1024 ** 2 === 0, "write whole MiB")
      .optional()
      .describe("Swap of the container, in whole MiB. As much as memory unless said otherwise.")
      .meta({ examples: ["512 MiB"] }),
    disk: diskSchema.describe(
      "The container's root disk. Another storage means another container.",
    ),
    bridge,
    address: interfaceAddress
      .default("dhcp")
      .describe("Address of the container with the prefix of its network, or dhcp."),
    gateway: ipAddress
      .optional()
      .describe("The router of the container, where its address is not from DHCP."),
    sshKeys: z
      .array(
        z
          .string()
          .regex(/^(ssh|ecdsa)-\S+ \S+/, "write a public key, as in an authorized_keys file"),
      )
      .optional()
      .describe("Public keys that may log in as root. They count when the container is made.")
      .meta({ examples: [["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 admin@example.org"]] }),
    passwordFrom: secretName
      .optional()
      .describe(
        "Secret that holds root's password: `pulumi config set --secret webRootPassword`. It counts when the container is made.",
      )
      .meta({ examples: ["webRootPassword"] }),
  })
  .describe("A Linux container.");
