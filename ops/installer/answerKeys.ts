import { z } from "zod";

const KEYBOARDS = [
  ...["de", "de-ch", "dk", "en-gb", "en-us", "es", "fi", "fr", "fr-be", "fr-ca", "fr-ch", "hu"],
  ...["is", "it", "jp", "lt", "mk", "nl", "no", "pl", "pt", "pt-br", "se", "si", "tr"],
] as const;

/**
 * Keys and values that Proxmox VE's automatic installer takes in `answer.toml`, as far as this project writes them.
 * Any other key is refused by the installer, and so here.
 *
 * Sources: the wiki's page "Automated Installation" (PVE 9.1); proxmox-rs, proxmox-installer-types/src/answer.rs;
 * pve-installer 9.2.7, proxmox-auto-installer/src/utils.rs (what is checked besides the types).
 */
const global = z.strictObject({
  keyboard: z.enum(KEYBOARDS),
  country: z.string().regex(/^[a-z]{2}$/),
  fqdn: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i, "needs a domain")
    .refine((name) => name.length <= 253 && !/^\d+\./.test(name), "the host's name is a number"),
  mailto: z.email(),
  timezone: z.string().min(1),
  // A hash in the form of crypt(5). The installer needs it even where keys are given.
  "root-password-hashed": z.string().regex(/^\$[0-9a-z]+\$\S+$/),
  "root-ssh-keys": z.array(z.string()).min(1),
  "reboot-mode": z.enum(["reboot", "power-off"]),
  "reboot-on-error": z.boolean(),
});

/** `from-answer` needs all of these; the first card that fits the filter is used. */
const network = z.strictObject({
  source: z.literal("from-answer"),
  cidr: z.cidrv4(),
  dns: z.ipv4(),
  gateway: z.ipv4(),
  filter: z.record(z.string(), z.string()),
});

const disks = z.array(z.string().min(1)).refine((names) => new Set(names).size === names.length);
/** GiB. */
const lvm = z
  .strictObject({ maxroot: z.number().min(2).optional(), swapsize: z.number().min(0).optional() })
  .optional();
const single = { "disk-list": disks.length(1), lvm };
const mirror = { "disk-list": disks.min(2) };

/** There is no mdadm here: a mirror is ZFS's or Btrfs's own. */
const diskSetup = z.discriminatedUnion("filesystem", [
  z.strictObject({ filesystem: z.literal("ext4"), ...single }),
  z.strictObject({ filesystem: z.literal("xfs"), ...single }),
  z.strictObject({
    filesystem: z.literal("zfs"),
    ...mirror,
    zfs: z.strictObject({ raid: z.literal("raid1") }),
  }),
  z.strictObject({
    filesystem: z.literal("btrfs"),
    ...mirror,
    btrfs: z.strictObject({ raid: z.literal("raid1") }),
  }),
]);

export const answerKeys = z.strictObject({ global, network, "disk-setup": diskSetup });

export type Answer = z.output<typeof answerKeys>;
