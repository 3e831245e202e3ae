import { need, UNKNOWN } from "./known";
import type { GuestFacts } from "./site";

/** Names that people give Windows guests: win2016, windows, win-dc1; not winery. */
const NAMES = /^win(dows|srv)?([\d_-]|$)/i;
/** What Proxmox VE calls its versions (qemu-server, ostype). */
const OS_TYPES = /^(win|w2k|wxp|wvista)/;

export function isCalledWindows({ kind, name }: GuestFacts): boolean {
  return kind === "vm" && NAMES.test(name);
}

export function isWindowsType(osType: string): boolean {
  return OS_TYPES.test(osType);
}

/** Disks and cards by what they are to the guest. Throws `NotKnown`. */
export function devicesOf(guest: GuestFacts): { paravirtual: string[]; emulated: string[] } {
  const controller = need(guest.scsiHardware, "its SCSI controller is") ?? "";
  const disks = need(guest.disks, "its disks are").filter(({ data }) => data);
  // What stands in for a slot that is not known.
  if (disks.some(({ slot }) => /^disk \d+$/.test(slot)))
    need(UNKNOWN, "the slots of its disks are");
  const cards = need(guest.nics, "its network cards are");
  const devices = [
    ...disks.map(({ slot }) => ({
      name: slot.startsWith("scsi") ? `${slot} on ${controller}` : slot,
      paravirtual:
        slot.startsWith("virtio") || (slot.startsWith("scsi") && controller.startsWith("virtio")),
    })),
    ...cards.map(({ slot, model }) => ({
      name: `${slot} (${model})`,
      paravirtual: model === "virtio",
    })),
  ];
  const named = (wanted: boolean): string[] =>
    devices.flatMap(({ name, paravirtual }) => (paravirtual === wanted ? [name] : []));
  return { paravirtual: named(true), emulated: named(false) };
}
