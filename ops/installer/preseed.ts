import type { Machine } from "./node";
import { diskQuestions } from "./preseedLayout";

type Questions = [question: string, answer: string][];

/** The keyboards of the site file as Debian's installer calls them (keyboard-configuration/xkb-keymap). */
const KEYMAPS: Partial<Record<Machine["common"]["keyboard"], string>> = {
  "de-ch": "ch",
  "en-gb": "gb",
  "en-us": "us",
  "fr-be": "be",
  "fr-ca": "ca",
  "fr-ch": "ch(fr)",
  "pt-br": "br",
};

/** The same for every machine. Confirmations are of what would otherwise stop the installer on a disk that was in use. */
const FIXED: Questions = [
  ["debian-installer/language string", "en"],
  ["debian-installer/locale string", "en_US.UTF-8"],
  ["netcfg/disable_autoconfig boolean", "true"],
  ["netcfg/confirm_static boolean", "true"],
  ["hw-detect/load_firmware boolean", "true"],
  ["mirror/country string", "manual"],
  ["mirror/http/hostname string", "deb.debian.org"],
  ["mirror/http/directory string", "/debian"],
  ["mirror/http/proxy string", ""],
  ["apt-setup/non-free-firmware boolean", "true"],
  ["apt-setup/disable-cdrom-entries boolean", "true"],
  ["clock-setup/utc boolean", "true"],
  ["clock-setup/ntp boolean", "true"],
  ["passwd/root-login boolean", "true"],
  ["passwd/make-user boolean", "false"],
  ["partman-partitioning/choose_label select", "gpt"],
  ["partman-partitioning/default_label string", "gpt"],
  ["partman-partitioning/confirm_write_new_label boolean", "true"],
  ["partman-md/device_remove_md boolean", "true"],
  ["partman-lvm/device_remove_lvm boolean", "true"],
  ["partman-md/confirm boolean", "true"],
  ["partman-md/confirm_nooverwrite boolean", "true"],
  ["partman-efi/non_efi_system boolean", "true"],
  ["partman-basicfilesystems/no_swap boolean", "false"],
  ["partman/choose_partition select", "finish"],
  ["partman/confirm boolean", "true"],
  ["partman/confirm_nooverwrite boolean", "true"],
  ["grub-installer/only_debian boolean", "true"],
  ["grub-installer/with_other_os boolean", "false"],
  // Firmware finds it without an entry in its own memory, as it must on the second disk.
  ["grub-installer/force-efi-extra-removable boolean", "true"],
  ["pkgsel/include string", "openssh-server"],
  ["pkgsel/upgrade select", "full-upgrade"],
  ["finish-install/reboot_in_progress note", ""],
];

/** Questions that other packages than the installer own. */
const OTHERS = [
  "tasksel tasksel/first multiselect standard, ssh-server",
  "popularity-contest popularity-contest/participate boolean false",
];

/**
 * The text of a preseed for Debian 13: what its installer would ask, and the answers.
 *
 * @param passwordHash hash of root's password, as crypt(5) writes it
 * @throws OpsError when the site file gives too little for RAID 1
 */
export function preseed(machine: Machine, passwordHash: string): string {
  const { name, common, own } = machine;
  const questions: Questions = [
    ...FIXED,
    ["debian-installer/country string", common.country.toUpperCase()],
    ["keyboard-configuration/xkb-keymap select", KEYMAPS[common.keyboard] ?? common.keyboard],
    ["time/zone string", common.timezone],
    ["netcfg/choose_interface select", own.device],
    ["netcfg/get_ipaddress string", machine.address],
    ["netcfg/get_netmask string", netmask(machine.prefix)],
    ["netcfg/get_gateway string", machine.gateway],
    ["netcfg/get_nameservers string", machine.dns],
    ["netcfg/get_hostname string", name],
    // This one wins over a name that a DHCP server gives.
    ["netcfg/hostname string", name],
    ["netcfg/get_domain string", machine.domain],
    ["passwd/root-password-crypted password", passwordHash],
    ...diskQuestions(machine),
    ["preseed/late_command string", lateCommand(machine)],
  ];
  return [
    `# Installs Debian 13 on ${name} without a question, and erases ${own.disks.join(", ")}.`,
    ...questions.map(([question, answer]) => `d-i ${question} ${answer}`.trimEnd()),
    ...OTHERS,
    "",
  ].join("\n");
}

/** Root's keys; and on UEFI, where the installer gives GRUB to one disk, GRUB on the other disks' own partitions. */
function lateCommand({ common, own }: Machine): string {
  const keys = common.sshKeys.map((key) => `echo '${key}' >> /target/root/.ssh/authorized_keys`);
  const others = own.disks.slice(1).map((disk) => partition(disk, 2));
  return [
    "mkdir -p -m 700 /target/root/.ssh",
    ...keys,
    `if [ -d /sys/firmware/efi ]; then for part in ${others.join(" ")}; do ` +
      "in-target mkfs.vfat -F 32 $part && in-target mount $part /mnt && " +
      "in-target grub-install --target=x86_64-efi --efi-directory=/mnt --removable --no-nvram && " +
      "in-target umount /mnt; done; fi",
  ].join("; \\\n    ");
}

/** `sda2`, but `nvme0n1p2`. */
function partition(disk: string, number: number): string {
  return `/dev/${disk}${/\d$/.test(disk) ? "p" : ""}${number}`;
}

function netmask(prefix: number): string {
  return [0, 8, 16, 24]
    .map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefix - start))))
    .join(".");
}
