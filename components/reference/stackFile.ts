import { z } from "zod";
import { siteSchema } from "../schema";
import { date } from "../values";

/**
 * The whole of `Pulumi.<stack>.yaml`, for editors and for the reference. A run checks `proxmox-ha:site` by `siteSchema`;
 * `proxmox-ha:policies` by
 * the pack; the other keys are read by `components/config.ts`, by the launcher (`toolchain/launcher/stackFile.ts`) and by Pulumi.
 */

/** Pulumi writes settings as text when it rewrites the file. */
const setting = z.union([z.boolean(), z.enum(["true", "false"])]);

const secret = z
  .strictObject({
    secure: z.string().describe("The encrypted value, as Pulumi writes it. Not to be edited."),
  })
  .describe("A secret that the site names: `pulumi config set --secret webRootPassword`.")
  .meta({
    errorMessage: "no setting has this name; write a secret as pulumi config set --secret does",
  });

const ssh = z.strictObject({
  user: z.string().default("root").describe("Who logs in on nodes and hosts."),
  keyFile: z
    .string()
    .optional()
    .describe("File of the private key, else the SSH agent is asked.")
    .meta({ examples: ["~/.ssh/id_ed25519"] }),
  knownHosts: z
    .string()
    .default("~/.ssh/known_hosts")
    .describe("File in which the key of every node and host is pinned."),
});

const unmanaged = z
  .record(
    z
      .string()
      .regex(
        /^(guest|storage|backup|ha|rule|user)\/\S+$/,
        "write guest/VMID, storage/ID, backup/ID, ha/SID, rule/NAME or user/NAME@REALM",
      ),
    z.string().trim().min(1).describe("The reason."),
  )
  .describe(
    "What stays in the cluster without being the stack's, and users who need no second factor, each with the reason: " +
      "`npm run -s ops -- drift` does not name it.",
  )
  .meta({ examples: [{ "guest/900": "the old firewall, until the new one has run for a month" }] });

/** `policies` is what `proxmox-ha:policies` may say: the pack's, which is used without this stack as well. */
const configWith = (policies: z.ZodType) =>
  z
    .strictObject({
      "proxmox-ha:site": siteSchema.describe("The site: nodes, storages, guests, backups."),
      "proxmox-ha:lab": setting
        .optional()
        .describe("true: hosts are this clone's lab, whatever addresses stand in the site."),
      "proxmox-ha:protect": setting
        .optional()
        .describe(
          "true: guests and storages are protected against deletion, unless a guest says protect: false.",
        ),
      "proxmox-ha:policies": policies.optional(),
      "proxmox-ha:unmanaged": unmanaged.optional(),
      "proxmox-ha:ssh": ssh.optional().describe("How nodes and hosts are reached over SSH."),
      "proxmox-ha:tokenGeneration": z
        .union([
          z.int().positive(),
          z.string().regex(/^[1-9]\d*$/, "write a whole number in quotes"),
        ])
        .default(1)
        .describe("Raised by `npm run -s ops -- token rotate`. Not to be edited."),
      "proxmox-ha:tokenIssued": date
        .optional()
        .describe(
          "Day on which the token's secret was made, noted by `npm run -s ops -- token rotate`. For `advise-token-age`; it changes nothing else.",
        ),
    })
    .describe("Configuration of the stack.");

export const stackFileSchema = (policies: z.ZodType) =>
  z
    .strictObject({
      config: configWith(policies),
      encryptionsalt: z.string().optional().describe("Written by Pulumi. Not to be edited."),
      encryptedkey: z.string().optional().describe("Written by Pulumi. Not to be edited."),
      secretsprovider: z
        .string()
        .optional()
        .describe("What encrypts the stack's secrets. Written by pulumi stack init.")
        .meta({ examples: ["passphrase"] }),
      environment: z
        .array(z.string())
        .optional()
        .describe("Environments of Pulumi ESC that the stack imports."),
    })
    .describe("A stack of proxmox-ha.");

const names = Object.keys(configWith(z.unknown()).shape).map((key) =>
  key.replace("proxmox-ha:", ""),
);

/** Configuration whose keys cannot be listed: secrets, and what Pulumi reads itself. Patterns of keys → values. */
export const KEYS_BY_PATTERN: Record<string, z.ZodType> = {
  [`^proxmox-ha:(?!(${names.join("|")})$)[a-zA-Z][a-zA-Z0-9]*$`]: secret,
  "^pulumi:[a-z-]+$": z.unknown().describe("Read by Pulumi itself."),
};
