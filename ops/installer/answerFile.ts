import { parse, stringify } from "smol-toml";
import { gibibytes } from "../../components/values";
import { OpsError } from "../errors";
import { type Answer, answerKeys } from "./answerKeys";
import type { Machine } from "./node";

/**
 * The text of `answer.toml` for Proxmox VE's automatic installer.
 *
 * @param passwordHash hash of root's password, as crypt(5) writes it
 * @throws OpsError when the disks do not fit the file system, or a value is none that the installer takes
 */
export function answerFile(machine: Machine, passwordHash: string): string {
  const { name, domain, address, prefix, gateway, dns, common, own } = machine;
  const text = stringify({
    global: {
      keyboard: common.keyboard,
      country: common.country,
      fqdn: `${name}.${domain}`,
      mailto: common.mail,
      timezone: common.timezone,
      "root-password-hashed": passwordHash,
      "root-ssh-keys": common.sshKeys,
      "reboot-mode": "reboot",
      // An error stays on the screen; a machine that boots the medium again and again hides it.
      "reboot-on-error": false,
    },
    network: {
      source: "from-answer",
      cidr: `${address}/${prefix}`,
      dns,
      gateway,
      filter: { ID_NET_NAME: own.device },
    },
    "disk-setup": diskSetup(name, own),
  } satisfies Answer);
  return `# Installs Proxmox VE on ${name} without a question, and erases ${own.disks.join(", ")}.\n${checked(text)}`;
}

function diskSetup(name: string, own: Machine["own"]): Answer["disk-setup"] {
  const { disks, rootSize, swapSize } = own;
  const path = `nodes.${name}.installation`;
  const filesystem = own.filesystem ?? (disks.length > 1 ? "zfs" : "ext4");
  switch (filesystem) {
    case "zfs":
    case "btrfs":
      if (disks.length < 2) {
        throw new OpsError(
          `site.${path}.disks names one disk, and ${filesystem} is to mirror two. Name the second, as in ` +
            `disks: [${disks[0]}, sdb], or write filesystem: ext4 to go without a mirror.`,
        );
      }
      return filesystem === "zfs"
        ? { filesystem, "disk-list": disks, zfs: { raid: "raid1" } }
        : { filesystem, "disk-list": disks, btrfs: { raid: "raid1" } };
    case "ext4":
    case "xfs":
      if (disks.length > 1) {
        throw new OpsError(
          `site.${path} names ${disks.length} disks, but Proxmox VE's installer puts ${filesystem} on one only: it has no ` +
            "RAID by mdadm. Write filesystem: zfs for a mirror, or install Debian with RAID 1: npm run -s ops -- " +
            `preseed ${name}`,
        );
      }
      return {
        filesystem,
        "disk-list": disks,
        lvm: {
          ...(rootSize === undefined ? {} : { maxroot: gibibytes(rootSize) }),
          swapsize: gibibytes(swapSize),
        },
      };
    default:
      return filesystem satisfies never;
  }
}

/** The text, once it is read back as the installer reads it. */
function checked(text: string): string {
  const { error } = answerKeys.safeParse(parse(text));
  if (!error) return text;
  // The value is left out: it may be the hash.
  const lines = error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new OpsError(`Proxmox VE's installer would refuse this answer file:\n${lines.join("\n")}`);
}
