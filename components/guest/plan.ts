import type { ContainerGuest, Guest, Site, VirtualMachineGuest } from "../schema";
import { templateKey } from "../storage/plan";
import { gibibytes, mebibytes } from "../values";

interface CommonPlan {
  /** Key in the YAML: the guest's identity, name and host name. */
  key: string;
  vmid: number;
  node: string;
  notes: string;
  tags: string[];
  /** An HA guest's power is the HA manager's business. */
  managed: boolean;
  /** Proxmox VE refuses to remove it. */
  protection: boolean;
  /** Its place when its node starts and stops; absent where the HA manager does both. */
  startup?: StartupPlan;
  /** Seconds that it needs to shut down. */
  shutdownTimeout?: number;
  /** Pulumi refuses to delete it. */
  protect: boolean;
  /** A change that deletes and re-creates it is allowed today. */
  replaceable: boolean;
  /** Storages that must exist first. */
  storages: string[];
}

export interface StartupPlan {
  order?: number;
  /** Seconds. */
  upDelay?: number;
  downDelay?: number;
}

export interface DiskPlan {
  slot: string;
  storage: string;
  /** GiB. */
  size: number;
}

export interface ImagePlan extends DiskPlan {
  /** Block storage takes raw images only. */
  format: "qcow2" | "raw";
}

export interface VirtualMachinePlan extends CommonPlan {
  type: "vm";
  os: string;
  cores: number;
  cpu: string;
  /** MiB. */
  memory: number;
  /** By slot; the guest boots from the first. */
  disks: ImagePlan[];
  iso?: string;
  bridge: string;
  agent: boolean;
}

export interface ContainerPlan extends CommonPlan {
  type: "container";
  template: { key: string; volume: string };
  osType: string;
  cores: number;
  /** MiB. */
  memory: number;
  swap: number;
  disk: DiskPlan;
  bridge: string;
  address: string;
  gateway?: string;
  sshKeys: string[];
  passwordFrom?: string;
}

export type GuestPlan = VirtualMachinePlan | ContainerPlan;

export interface GuestRules {
  /** The stack protects what holds data, unless the guest says otherwise. */
  protect: boolean;
  /** `2026-11-23`. */
  today: string;
}

export function planGuests(site: Site, rules: GuestRules): GuestPlan[] {
  return Object.entries(site.guests).map(([key, guest]) =>
    guest.type === "vm" ? planVm(site, key, guest, rules) : planContainer(site, key, guest, rules),
  );
}

function planCommon(
  site: Site,
  key: string,
  guest: Guest,
  rules: GuestRules,
  storages: string[],
): CommonPlan {
  const managed = guest.ha !== undefined && guest.ha.state !== "ignored";
  const startup = managed ? {} : planStartup(guest);
  return {
    key,
    vmid: guest.vmid,
    node: guest.node,
    notes: guest.notes?.trim() ?? "",
    tags: [...(guest.tags ?? [])].sort(),
    managed,
    protection: guest.protection,
    ...(Object.keys(startup).length > 0 ? { startup } : {}),
    ...(guest.shutdownTimeout === undefined ? {} : { shutdownTimeout: guest.shutdownTimeout }),
    protect: guest.protect ?? rules.protect,
    replaceable: guest.replaceUntil !== undefined && guest.replaceUntil >= rules.today,
    storages: [...new Set(storages)].filter((id) => site.storages[id] !== undefined),
  };
}

function planStartup({ start, shutdownTimeout }: Guest): StartupPlan {
  return {
    ...(start ? { order: start.order } : {}),
    ...(start?.delay === undefined ? {} : { upDelay: start.delay }),
    ...(shutdownTimeout === undefined ? {} : { downDelay: shutdownTimeout }),
  };
}

function planVm(
  site: Site,
  key: string,
  guest: VirtualMachineGuest,
  rules: GuestRules,
): VirtualMachinePlan {
  const disks = Object.entries(guest.disks)
    .map(([slot, { storage, size }]): ImagePlan => {
      const format = site.storages[storage] ? "qcow2" : "raw";
      return { slot, storage, size: gibibytes(size), format };
    })
    .sort((a, b) => a.slot.localeCompare(b.slot, "en", { numeric: true }));
  const iso = guest.iso?.split(":")[0];
  const storages = [...disks.map((disk) => disk.storage), ...(iso ? [iso] : [])];
  return {
    ...planCommon(site, key, guest, rules, storages),
    type: "vm",
    os: guest.os,
    cores: guest.cores,
    cpu: guest.cpu,
    memory: mebibytes(guest.memory),
    disks,
    ...(guest.iso ? { iso: guest.iso } : {}),
    bridge: guest.bridge,
    agent: guest.agent,
  };
}

function planContainer(
  site: Site,
  key: string,
  guest: ContainerGuest,
  rules: GuestRules,
): ContainerPlan {
  const { disk, template, templateStorage } = guest;
  return {
    ...planCommon(site, key, guest, rules, [disk.storage, templateStorage]),
    type: "container",
    template: {
      key: templateKey(site, guest),
      volume: `${templateStorage}:vztmpl/${template}`,
    },
    osType: osTypeOf(template),
    cores: guest.cores,
    memory: mebibytes(guest.memory),
    swap: mebibytes(guest.swap ?? guest.memory),
    disk: { slot: "rootfs", storage: disk.storage, size: gibibytes(disk.size) },
    bridge: guest.bridge,
    address: guest.address,
    ...(guest.gateway ? { gateway: guest.gateway } : {}),
    sshKeys: guest.sshKeys ?? [],
    ...(guest.passwordFrom ? { passwordFrom: guest.passwordFrom } : {}),
  };
}

/** Distributions that Proxmox VE sets up by itself (pve-container). */
const OS_TYPES = [
  "alpine",
  "archlinux",
  "centos",
  "debian",
  "devuan",
  "fedora",
  "gentoo",
  "nixos",
  "opensuse",
  "ubuntu",
];

function osTypeOf(template: string): string {
  const name = /^[a-z]+/.exec(template)?.[0] ?? "";
  return OS_TYPES.includes(name) ? name : "unmanaged";
}
