import type { ContainerGuest, Site } from "../schema";
import { templateKey } from "../storage/plan";
import { gibibytes, mebibytes } from "../values";
import { type CommonPlan, type DiskPlan, type GuestRules, planCommon } from "./commonPlan";

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

export function planContainer(
  site: Site,
  key: string,
  guest: ContainerGuest,
  rules: GuestRules,
): ContainerPlan {
  const { disk, template, templateStorage } = guest;
  const volume = `${templateStorage}:vztmpl/${template}`;
  return {
    ...planCommon(site, key, guest, rules, [disk.storage, templateStorage], [volume]),
    type: "container",
    template: { key: templateKey(site, guest), volume },
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
