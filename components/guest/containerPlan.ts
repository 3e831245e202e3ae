import { GUEST_BRIDGE } from "../network/names";
import type { ContainerGuest, Site } from "../schema";
import { templateKey } from "../storage/plan";
import { gibibytes, mebibytes } from "../values";
import { type CommonPlan, type DiskPlan, type GuestRules, planCommon } from "./commonPlan";
import { CONTAINER_OS_TYPES } from "./containerSchema";

export interface ContainerPlan extends CommonPlan {
  type: "container";
  template: { key: string; volume: string };
  osType: string;
  unprivileged: boolean;
  /** Absent where nobody says so. */
  nesting?: boolean;
  cores: number;
  cpuLimit?: number;
  cpuUnits?: number;
  /** MiB. */
  memory: number;
  swap: number;
  disk: DiskPlan;
  /** mp0 first. */
  mounts: MountPlan[];
  /** net0 first. */
  networks: ContainerNetworkPlan[];
  dns?: { servers?: string[]; domain?: string };
  console: "tty" | "console" | "shell" | "none";
  sshKeys: string[];
  passwordFrom?: string;
}

export interface MountPlan extends DiskPlan {
  path: string;
  backup: boolean;
  acl: boolean;
  readOnly: boolean;
  quota: boolean;
  replicate: boolean;
  options: string[];
}

export interface ContainerNetworkPlan {
  name: string;
  bridge: string;
  vlan?: number;
  mac?: string;
  firewall: boolean;
  mtu?: number;
  /** MiB a second. */
  rateLimit?: number;
  address: string;
  gateway?: string;
  address6?: string;
  gateway6?: string;
}

export function planContainer(
  site: Site,
  key: string,
  guest: ContainerGuest,
  rules: GuestRules,
): ContainerPlan {
  const { disk, template, templateStorage, cpuLimit, cpuUnits, dns } = guest;
  const volume = `${templateStorage}:vztmpl/${template}`;
  const mounts = planMounts(guest);
  const storages = [disk.storage, templateStorage, ...mounts.map(({ storage }) => storage)];
  return {
    ...planCommon(site, key, guest, rules, storages, [volume]),
    type: "container",
    template: { key: templateKey(site, guest), volume },
    osType: guest.os ?? osTypeOf(template),
    unprivileged: guest.unprivileged,
    ...(guest.features ? { nesting: guest.features.nesting } : {}),
    cores: guest.cores,
    ...(cpuLimit === undefined ? {} : { cpuLimit }),
    ...(cpuUnits === undefined ? {} : { cpuUnits }),
    memory: mebibytes(guest.memory),
    swap: mebibytes(guest.swap ?? guest.memory),
    disk: { slot: "rootfs", storage: disk.storage, size: gibibytes(disk.size) },
    mounts,
    networks: planNetworks(guest),
    ...(dns
      ? {
          dns: {
            ...(dns.servers ? { servers: dns.servers } : {}),
            ...(dns.domain ? { domain: dns.domain } : {}),
          },
        }
      : {}),
    console: guest.console,
    sshKeys: guest.sshKeys ?? [],
    ...(guest.passwordFrom ? { passwordFrom: guest.passwordFrom } : {}),
  };
}

function planMounts({ mounts }: ContainerGuest): MountPlan[] {
  return Object.entries(mounts)
    .map(([slot, { size, options, ...mount }]) => ({
      slot,
      ...mount,
      size: gibibytes(size),
      options: [...options].sort(),
    }))
    .sort((a, b) => a.slot.localeCompare(b.slot, "en", { numeric: true }));
}

type Card = NonNullable<ContainerGuest["networks"]>[number];

function planNetworks(guest: ContainerGuest): ContainerNetworkPlan[] {
  const { bridge = GUEST_BRIDGE, address = "dhcp", gateway } = guest;
  const cards: Card[] = guest.networks ?? [{ bridge, address, gateway }];
  return cards.map(({ rateLimit, firewall, ...card }, index) => {
    const said = Object.entries(card).filter(([, value]) => value !== undefined);
    return {
      name: `eth${index}`,
      bridge: card.bridge,
      address: card.address,
      firewall: guest.firewall !== undefined && firewall !== false,
      ...Object.fromEntries(said),
      ...(rateLimit ? { rateLimit: rateLimit / 1024 } : {}),
    };
  });
}

function osTypeOf(template: string): string {
  const name = /^[a-z]+/.exec(template)?.[0] ?? "";
  return CONTAINER_OS_TYPES.find((type) => type === name) ?? "unmanaged";
}
