import { z } from "zod";
import { secretName } from "../secretNames";
import { eachOnce, form, identifier, interfaceAddress, ipAddress } from "../values";
import { address6, gateway6 } from "./address6Schema";
import { publicKey } from "./commonSchema";

export const cloudInitSchema = z.strictObject({
  storage: identifier
    .optional()
    .describe("Storage of the cloud-init drive: the first disk's unless said otherwise."),
  user: form(/^[a-z_][a-z0-9_-]{0,31}$/, "write a user's name, as in admin")
    .optional()
    .describe("The user that is set up; the image's own unless said otherwise.")
    .meta({ examples: ["admin"] }),
  sshKeys: z
    .array(publicKey)
    .optional()
    .describe("Public keys that may log in as that user.")
    .meta({ examples: [["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 admin@example.org"]] }),
  passwordFrom: secretName
    .optional()
    .describe(
      "Secret that holds the user's password: `pulumi config set --secret webUserPassword`. It counts when the VM is made.",
    )
    .meta({ examples: ["webUserPassword"] }),
  address: interfaceAddress
    .optional()
    .describe(
      "Address of the VM with the prefix of its network, or dhcp, which it is unless said otherwise. With `networks` each card has its own there.",
    ),
  gateway: ipAddress
    .optional()
    .describe("The router of the VM, where its address is not from DHCP."),
  address6,
  gateway6,
  dns: z
    .strictObject({
      servers: z
        .array(ipAddress)
        .min(1)
        .refine(...eachOnce)
        .meta({ uniqueItems: true, examples: [["192.168.18.1"]] })
        .optional()
        .describe("Name servers, the first asked first."),
      domain: form(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/, "write a domain, as in example.org")
        .optional()
        .describe("Search domain."),
    })
    .optional()
    .describe("Name resolution; the node's own unless said otherwise."),
  upgrade: z
    .boolean()
    .default(true)
    .describe("The guest upgrades its packages at its first start."),
});
