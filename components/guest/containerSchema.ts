import { z } from "zod";
import { secretName } from "../secretNames";
import { form, identifier, interfaceAddress, ipAddress, memory, size } from "../values";
import { bridgeName, common, CORES, cores, diskSchema, MEMORY, publicKey } from "./commonSchema";
import { containerMountsSchema } from "./containerMountSchema";
import { containerNetworkSchema } from "./containerNetworkSchema";

/** Distributions that Proxmox VE sets up by itself (pve-container). */
export const CONTAINER_OS_TYPES = [
  "alpine",
  "archlinux",
  "centos",
  "debian",
  "devuan",
  "fedora",
  "gentoo",
  "nixos",
  "opensuse",
  "ubuntu",
  "unmanaged",
] as const;

const ONE_CARD = ["bridge", "address", "gateway"] as const;

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
    os: z
      .enum(CONTAINER_OS_TYPES)
      .optional()
      .describe(
        "The distribution, by which Proxmox VE sets up network and host name inside; unmanaged leaves both alone. By the template's name unless said otherwise.",
      ),
    unprivileged: z
      .boolean()
      .default(true)
      .describe(
        "false lets root in the container be root on the node: only for what needs it. The other way means another container.",
      ),
    features: z
      .strictObject({
        nesting: z
          .boolean()
          .describe(
            "true lets it run containers of its own, and lets newer systemd (Debian 12 and on, Fedora) start all its services. A change " +
              "counts from its next start; once there was true, write false rather than leaving it out.",
          ),
      })
      .optional()
      .describe("What it may do besides. Further features are root@pam's."),
    cores: cores.default(1).describe(CORES),
    cpuLimit: z
      .number()
      .min(0.1)
      .max(128)
      .optional()
      .describe("The most processor time that it gets: 0.5 is half a core. No limit otherwise."),
    cpuUnits: z
      .int()
      .min(1)
      .max(10000)
      .optional()
      .describe(
        "Its weight when guests want more processor time than there is: 100 unless said otherwise. Once there was a number, write 100 rather than leaving it out.",
      ),
    memory: memory.describe(MEMORY).meta({ examples: ["256 MiB"] }),
    swap: size
      .refine((bytes) => bytes % 1024 ** 2 === 0, "write whole MiB")
      .optional()
      .describe("Swap of the container, in whole MiB. As much as memory unless said otherwise.")
      .meta({ examples: ["512 MiB"] }),
    disk: diskSchema.describe(
      "The container's root disk. Another storage means another container.",
    ),
    mounts: containerMountsSchema,
    bridge: bridgeName
      .optional()
      .describe("Bridge of its one network card: vmbr0. `networks` says more."),
    address: interfaceAddress
      .optional()
      .describe(
        "Address of its one network card with the prefix of its network, or dhcp, which it is unless said otherwise.",
      ),
    gateway: ipAddress
      .optional()
      .describe("The router of the container, where its address is not from DHCP."),
    networks: z
      .array(containerNetworkSchema)
      .min(1)
      .max(10)
      .optional()
      .describe(
        "Its network cards, net0 first, instead of `bridge`, `address` and `gateway`. A change restarts the container.",
      )
      .meta({ examples: [[{ bridge: "vmbr0" }, { bridge: "vmbr1", vlan: 20 }]] }),
    dns: z
      .strictObject({
        servers: z
          .array(ipAddress)
          .min(1)
          .max(3)
          .optional()
          .describe("Name servers, the first asked first.")
          .meta({ examples: [["192.168.18.1"]] }),
        domain: form(
          /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/,
          "write a domain, as in example.org",
        )
          .optional()
          .describe("Domain in which short names are looked for.")
          .meta({ examples: ["example.org"] }),
      })
      .refine(({ servers, domain }) => servers ?? domain, "name servers, domain, or both")
      .optional()
      .describe("How the container looks up names. As its node does unless said otherwise."),
    console: z
      .enum(["tty", "console", "shell", "none"])
      .default("tty")
      .describe(
        "What the console in the web interface shows: a login, /dev/console, or a shell without a login. none takes /dev/console away.",
      ),
    sshKeys: z
      .array(publicKey)
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
  .superRefine((guest, context) => {
    if (guest.networks !== undefined) {
      for (const key of ONE_CARD.filter((name) => guest[name] !== undefined)) {
        const message = "networks describes the cards; write it there";
        context.addIssue({ code: "custom", path: [key], message });
      }
    }
    if (!guest.unprivileged && guest.features) {
      context.addIssue({
        code: "custom",
        path: ["features"],
        message:
          "Proxmox VE lets root@pam alone set features of a privileged container; take one of the two out",
      });
    }
  })
  .describe("A Linux container.");
