import { parsePropertyString } from "../api/propertyString";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { parseSize } from "./config";
import { MOUNT } from "./ctOptions";
import { isRunning, runState } from "./power";
import { DRIVE, DRIVE_KEY } from "./vmOptions";

const MIB = 1024 ** 2;

/** What lists and `status/current` say of a guest; sizes in bytes. */
export function guestStatus(site: Site, guest: Guest): Record<string, unknown> {
  const running = isRunning(site, guest);
  const run = runState(site, guest);
  const maxmem = memoryOf(guest);
  return {
    vmid: guest.vmid,
    name: nameOf(guest),
    status: running ? "running" : "stopped",
    cpus: cpusOf(guest),
    cpu: running ? 0.01 : 0,
    maxmem,
    mem: running ? Math.floor(maxmem / 4) : 0,
    maxdisk: diskOf(guest),
    disk: 0,
    diskread: 0,
    diskwrite: 0,
    netin: 0,
    netout: 0,
    uptime: running && run ? Math.max(0, seconds(site.clock) - run.startedAt) : 0,
    ...(running && run ? { pid: run.pid } : {}),
    ...(guest.config.lock ? { lock: guest.config.lock } : {}),
    ...(guest.config.tags ? { tags: guest.config.tags } : {}),
    ...(guest.config.template === "1" ? { template: 1 } : {}),
  };
}

export function nameOf(guest: Guest): string {
  const fallback = guest.type === "qemu" ? `VM ${guest.vmid}` : `CT${guest.vmid}`;
  return (guest.type === "qemu" ? guest.config.name : guest.config.hostname) ?? fallback;
}

export function cpusOf(guest: Guest): number {
  return Number(guest.config.cores ?? 1) * Number(guest.config.sockets ?? 1);
}

export function memoryOf(guest: Guest): number {
  const text = guest.config.memory ?? "512";
  return Number(/\d+/.exec(text)?.[0] ?? 512) * MIB;
}

/** The size of the disk that PVE shows: the boot disk or root file system. */
export function diskOf(guest: Guest): number {
  if (guest.type === "lxc") {
    return parseSize(parsePropertyString(guest.config.rootfs ?? "", MOUNT).size ?? "0");
  }
  const order = /order=([^,]+)/.exec(guest.config.boot ?? "")?.[1]?.split(";") ?? [];
  const drives = [...order, "scsi0", "virtio0"].flatMap((slot) =>
    DRIVE_KEY.test(slot) && guest.config[slot] ? [guest.config[slot]] : [],
  );
  return drives[0] ? parseSize(parsePropertyString(drives[0], DRIVE).size ?? "0") : 0;
}
