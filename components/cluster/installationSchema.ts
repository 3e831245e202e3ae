import { z } from "zod";
import { eachOnce, form, size, timeZone } from "../values";

/** Installation media: what an installer asks. Nothing here is part of the cluster, and no update reads it. */

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Keyboards of Proxmox VE's installer (its answer file, key global.keyboard); Debian's installer has all of them. */
const KEYBOARDS = [
  ...["de", "de-ch", "dk", "en-gb", "en-us", "es", "fi", "fr", "fr-be", "fr-ca", "fr-ch", "hu"],
  ...["is", "it", "jp", "lt", "mk", "nl", "no", "pl", "pt", "pt-br", "se", "si", "tr"],
] as const;

/** The first is the default where several disks mirror each other; one disk gets ext4. */
const FILESYSTEMS = ["zfs", "btrfs", "ext4", "xfs"] as const;

const PUBLIC_KEY = /^(sk-)?(ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+=*( [^'"\\\n]*)?$/;

/** The same on every node. */
export const installationSchema = z.strictObject({
  domain: form(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    "write a domain in lower-case letters, as in example.org",
  )
    .describe("What follows the node's name in its full name: pve01.example.org.")
    .meta({ examples: ["example.org"] }),
  country: form(isCountry, "write a country's two letters (ISO 3166), as in de or at")
    .describe(
      'Where the machines are, as two small letters of ISO 3166; decides the mirrors that the installer takes. Norway in quotes: "no".',
    )
    .meta({ pattern: "^[a-z]{2}$", examples: ["de", "at", "gb"] }),
  keyboard: z
    .enum(KEYBOARDS)
    .describe('Layout of the keyboard at the machine. Norwegian in quotes: "no".'),
  timezone: timeZone
    .describe("Time zone of the nodes: a place of the tz database, or UTC.")
    .meta({ examples: ["Europe/Berlin", "UTC"] }),
  mail: z
    .email({ error: "write a mail address, as in admin@example.org" })
    .describe("Where the node's own mail to root goes.")
    .meta({ examples: ["admin@example.org"] }),
  sshKeys: z
    .array(form(PUBLIC_KEY, "write a public key, as in an authorized_keys file"))
    .min(1)
    .describe(
      "Public keys that may log in as root: the key of `proxmox-ha:ssh` must be one of them.",
    )
    .meta({ examples: [["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 admin@example.org"]] }),
  passwordFrom: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9]*$/, "name a configuration key, as in rootPasswordHash")
    .describe(
      "Secret that holds the hash of root's password, never the password: " +
        "`openssl passwd -6 | pulumi config set --secret rootPasswordHash`.",
    )
    .meta({ examples: ["rootPasswordHash"] }),
});

/** One machine's. */
export const nodeInstallationSchema = z.strictObject({
  disks: z
    .array(form(/^[a-z][a-z0-9]*$/, "write a disk's name without /dev/, as in sda or nvme0n1"))
    .min(1)
    .refine(...eachOnce)
    .meta({ uniqueItems: true, examples: [["sda"], ["nvme0n1", "nvme1n1"]] })
    .describe(
      "Disks that the installer erases and uses, without /dev/; two or more mirror each other.",
    ),
  device: form(
    /^[a-z][a-z0-9]{1,14}$/,
    "write the name that Linux gives the network card, as in enp3s0",
  )
    .describe("Network card that gets the node's address.")
    .meta({ examples: ["enp3s0"] }),
  filesystem: z
    .enum(FILESYSTEMS)
    .optional()
    .describe(
      "Of the Proxmox VE installer; Debian's always makes ext4. Unless said otherwise ext4 on one disk, zfs on several.",
    ),
  bootSize: size
    .refine((bytes) => bytes >= 512 * MIB, "write 512 MiB or more")
    .prefault("1 GiB")
    .describe("Partition /boot of a Debian installation, 512 MiB at least."),
  rootSize: size
    .refine((bytes) => bytes >= 8 * GIB, "write 8 GiB or more")
    .optional()
    .describe(
      "Partition / of a Debian installation, which needs it, 8 GiB at least; with ext4 or xfs also the most that Proxmox VE's installer gives it.",
    ),
  swapSize: size
    .prefault("2 GiB")
    .describe("Swap of a Debian installation, and of Proxmox VE's with ext4 or xfs."),
});

/** UK and other names that ISO 3166 does not have are refused by the installer. */
function isCountry(text: string): boolean {
  if (!/^[a-z]{2}$/.test(text)) return false;
  const code = text.toUpperCase();
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  return new Intl.Locale("und", { region: code }).region === code && names.of(code) !== undefined;
}
