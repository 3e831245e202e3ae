import { parsePropertyString } from "../api/propertyString";
import { seconds } from "../seams/clock";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { parseSize } from "./config";
import { MOUNT } from "./ctOptions";
import { isRunning, runState } from "./power";
import { traitsOf } from "./traits";
import { AGENT, DRIVE, DRIVE_KEY } from "./vmOptions";

const MIB = 1024 ** 2;

/** Shares of time in which tasks waited; nothing waits in the lab's guests. */
const PRESSURE = Object.fromEntries(
  ["cpu", "io", "memory"].flatMap((kind) => [
    [`pressure${kind}some`, 0],
    [`pressure${kind}full`, 0],
  ]),
);
const QEMU = "10.1.2";

/** What lists and `status/current` say of a guest; sizes in bytes. */
export function guestStatus(site: Site, guest: Guest): Record<string, unknown> {
  const running = isRunning(site, guest);
  const run = runState(site, guest);
  const maxmem = memoryOf(guest);
  const mem = running ? Math.floor(maxmem * traitsOf(site, guest).memoryUsed) : 0;
  return {
    vmid: guest.vmid,
    name: nameOf(guest),
    status: running ? "running" : "stopped",
    cpus: cpusOf(guest, site.nodeState(guest.node).cpus),
    cpu: running ? 0.01 : 0,
    maxmem,
    mem,
    maxdisk: diskOf(guest),
    disk: 0,
    diskread: 0,
    diskwrite: 0,
    netin: 0,
    netout: 0,
    uptime: running && run ? Math.max(0, seconds(site.clock) - run.startedAt) : 0,
    ...(guest.type === "qemu"
      ? { memhost: mem, ...(hasSerial(guest) ? { serial: 1 } : {}) }
      : { swap: 0, maxswap: Number(guest.config.swap ?? 0) * MIB }),
    ...(running && run ? { pid: run.pid, ...PRESSURE } : {}),
    ...(guest.config.lock ? { lock: guest.config.lock } : {}),
    ...(guest.config.tags ? { tags: guest.config.tags } : {}),
    ...(guest.config.template === "1" ? { template: 1 } : {}),
  };
}

/** What only `status/current` says: QEMU's own words and how the VM can be reached. */
export function currentStatus(site: Site, guest: Guest): Record<string, unknown> {
  const status = guestStatus(site, guest);
  if (guest.type === "lxc") return { ...status, type: "lxc" };
  const { agent = "0", balloon, machine, shares = "1000", vga = "" } = guest.config;
  const running = status.status === "running";
  const paused = runState(site, guest)?.paused !== undefined;
  const enabled = parsePropertyString(agent, AGENT).enabled === "1";
  return {
    ...status,
    qmpstatus: running && paused ? "paused" : status.status,
    ...(Number(balloon ?? 0) > 0
      ? { balloon_min: Number(balloon) * MIB, shares: Number(shares) }
      : {}),
    ...(running
      ? {
          ...(balloon === "0" ? {} : { balloon: status.maxmem }),
          "running-machine": `${machineOf(machine)}+pve0`,
          "running-qemu": QEMU,
        }
      : {}),
    ...(enabled ? { agent: 1 } : {}),
    ...(/^(type=)?(qxl|virtio)/.test(vga) ? { spice: 1 } : {}),
  };
}

/** The version that QEMU gives a machine that names none. */
export function machineOf(machine = "pc"): string {
  if (machine === "pc" || machine === "q35") {
    return `pc-${machine === "pc" ? "i440fx" : "q35"}-10.1`;
  }
  return machine;
}

function hasSerial({ config }: Guest): boolean {
  return Object.keys(config).some((key) => /^serial\d+$/.test(key));
}

export function nameOf(guest: Guest): string {
  const fallback = guest.type === "qemu" ? `VM ${guest.vmid}` : `CT${guest.vmid}`;
  return (guest.type === "qemu" ? guest.config.name : guest.config.hostname) ?? fallback;
}

/** Processors that a guest has on a node with so many; a container without a number has them all. */
export function cpusOf({ type, config }: Guest, node: number): number {
  if (type === "lxc") return Number(config.cores ?? config.cpulimit ?? node);
  if (config.vcpus !== undefined) return Number(config.vcpus);
  return Math.min(node, Number(config.cores ?? 1) * Number(config.sockets ?? 1));
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
