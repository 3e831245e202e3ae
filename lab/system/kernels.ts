import { createHash } from "node:crypto";
import { KERNELS, releaseOf } from "../api/version";
import type { HostState } from "../state/types";
import { PACKAGES } from "./packageTable";

/** Kernels in `/boot`, the newest first: GRUB starts the first. */
export function kernelsOf({ packages }: HostState): string[] {
  return packages
    .flatMap((name) => PACKAGES[name]?.kernel ?? [])
    .sort((a, b) => compareVersions(b, a));
}

/** The kernel that runs. A state of an older lab does not say so. */
export function runningKernel(host: HostState): string {
  const known = host.kernel ?? (host.node ? KERNELS[releaseOf(host)] : undefined);
  return known ?? kernelsOf(host)[0] ?? "6.12.48+deb13-amd64";
}

/** `/proc/sys/kernel/random/boot_id`: another at every boot. */
export function bootId({ name, bootedAt }: HostState): string {
  const hex = createHash("sha256").update(`${name} ${bootedAt}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`]
    .concat(hex.slice(20, 32))
    .join("-");
}

/** Like `sort -V`, as far as kernels' names go. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => text.split(/[^0-9]+/).map(Number));
  for (let index = 0; index < Math.max(one?.length ?? 0, other?.length ?? 0); index++) {
    const difference = (one?.[index] ?? -1) - (other?.[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What `update-grub` says of the kernels that it finds; the newest is started. */
export function grubLines(host: HostState): string {
  const found = kernelsOf(host).map(
    (kernel) =>
      `Found linux image: /boot/vmlinuz-${kernel}\nFound initrd image: /boot/initrd.img-${kernel}\n`,
  );
  const prober = host.packages.includes("os-prober")
    ? "Warning: os-prober will not be executed to detect other bootable partitions.\nSystems on them will not be added to the GRUB boot configuration.\nCheck GRUB_DISABLE_OS_PROBER documentation entry.\n"
    : "";
  return `Generating grub configuration file ...\n${found.join("")}${prober}done\n`;
}
