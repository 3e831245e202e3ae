import { storageOf, volumeOf } from "../media/plan";
import { GUEST_BRIDGE } from "../network/names";
import type { Site, VirtualMachineGuest } from "../schema";
import { mebibytes } from "../values";
import { type CommonPlan, type GuestRules, planCommon } from "./commonPlan";
import { type NicModel, PRESETS } from "./presets";
import { type HardwarePlan, planHardware } from "./vmHardware";

export interface NicPlan {
  bridge: string;
  model: NicModel;
  vlan?: number | undefined;
  mac?: string;
  firewall?: boolean;
  mtu?: number | undefined;
  queues?: number | undefined;
  /** MiB a second. */
  rateLimit?: number;
  disconnected?: boolean | undefined;
}

export interface CloudInitPlan {
  storage: string;
  slot: string;
  user?: string;
  sshKeys: string[];
  passwordFrom?: string;
  /** One for each card. */
  addresses: CloudInitAddress[];
  dns?: { servers?: string[] | undefined; domain?: string | undefined };
  upgrade: boolean;
}

export interface CloudInitAddress {
  /** With its prefix, or `dhcp`. */
  address: string;
  gateway?: string;
  /** With its prefix, `dhcp` or `auto`. */
  address6?: string;
  gateway6?: string;
}

export interface ClonePlan {
  /** Its key, where the file describes it: it is made first. */
  guest?: string;
  vmid: number;
  node: string;
  full: boolean;
  /** Where all disks of a full clone go first; the provider then moves those that are to lie elsewhere. */
  storage?: string;
}

export interface VirtualMachinePlan extends CommonPlan, HardwarePlan {
  type: "vm";
  os: VirtualMachineGuest["os"];
  template: boolean;
  clone?: ClonePlan;
  cores: number;
  sockets?: number;
  cpu: string;
  /** MiB. */
  memory: number;
  /** MiB that it keeps at least; absent where it keeps all. */
  balloon?: number;
  iso?: string;
  /** A second CD drive. */
  drivers?: string;
  boot: string[];
  networks: NicPlan[];
  agent: boolean;
  cloudInit?: CloudInitPlan;
  display?: string;
  /** A change that needs it restarts the guest. */
  restart: boolean;
}

/** Slots of the CD drives. Windows looks for drivers on any. */
export const CD_DRIVE = "ide2";
export const DRIVERS_DRIVE = "ide0";

export function planVm(
  site: Site,
  key: string,
  guest: VirtualMachineGuest,
  rules: GuestRules,
): VirtualMachinePlan {
  const hardware = planHardware(site, guest);
  const clone = planClone(site, guest, hardware);
  const cloudInit = planCloudInit(guest, hardware);
  const networks = planNetworks(guest);
  const iso = guest.iso === undefined ? undefined : volumeOf(site, guest.iso);
  const drivers = guest.drivers === undefined ? undefined : volumeOf(site, guest.drivers);
  const files = [iso, drivers, ...hardware.disks.map((disk) => disk.image)].flatMap(
    (volume) => volume ?? [],
  );
  const storages = [
    ...hardware.disks.map((disk) => disk.storage),
    ...[hardware.efi, hardware.tpm, cloudInit].flatMap((part) => part?.storage ?? []),
    ...files.map((volume) => storageOf(volume)),
  ];
  return {
    ...planCommon(site, key, guest, rules, storages, files),
    type: "vm",
    os: guest.os,
    template: guest.template,
    ...(clone ? { clone } : {}),
    cores: guest.cores,
    ...(guest.sockets === undefined ? {} : { sockets: guest.sockets }),
    cpu: guest.cpu ?? PRESETS[guest.os].cpu,
    memory: mebibytes(guest.memory),
    ...(guest.balloon === undefined ? {} : { balloon: mebibytes(guest.balloon) }),
    ...hardware,
    ...(iso ? { iso } : {}),
    ...(drivers ? { drivers } : {}),
    boot: guest.boot ?? [
      ...hardware.disks.slice(0, 1).map((disk) => disk.slot),
      ...(iso ? [CD_DRIVE] : []),
      ...(networks.length > 0 ? ["net0"] : []),
    ],
    networks,
    agent: guest.agent,
    ...(cloudInit ? { cloudInit } : {}),
    ...(guest.display ? { display: guest.display } : {}),
    restart: guest.restart === "automatic",
  };
}

/** What it was made from, as its mark says it; absent where that was nothing. */
export function originOf({ clone, disks }: VirtualMachinePlan): string | undefined {
  if (clone) return `clone-of-${clone.vmid}`;
  const images = disks.flatMap((disk) => disk.image ?? []);
  return images.length === 0 ? undefined : images.join(",");
}

function planNetworks({ os, bridge, networks, ...guest }: VirtualMachineGuest): NicPlan[] {
  const { nic } = PRESETS[os];
  const filtered = guest.firewall ? { firewall: true } : {};
  if (!networks) return [{ bridge: bridge ?? GUEST_BRIDGE, model: nic, ...filtered }];
  return networks.map(({ model, mac, rateLimit, firewall, ...card }) => ({
    ...cardOf(card),
    model: model ?? nic,
    ...(mac === undefined ? {} : { mac: mac.toUpperCase() }),
    ...(firewall === false ? {} : filtered),
    ...(rateLimit === undefined ? {} : { rateLimit: rateLimit / 1024 }),
  }));
}

type Card = NonNullable<VirtualMachineGuest["networks"]>[number];

/** What of a card is the VM's and not cloud-init's. */
function cardOf({ bridge, vlan, mtu, queues, disconnected }: Omit<Card, "model">) {
  return { bridge, vlan, mtu, queues, disconnected };
}

function planClone(
  site: Site,
  { clone, node }: VirtualMachineGuest,
  { disks }: HardwarePlan,
): ClonePlan | undefined {
  if (!clone) return undefined;
  const { guest, full } = clone;
  const original = guest === undefined ? undefined : site.guests[guest];
  const storage = disks[0]?.storage;
  return {
    ...(guest === undefined ? {} : { guest }),
    vmid: original?.vmid ?? clone.vmid ?? 0,
    node: original?.node ?? clone.node ?? node,
    full,
    ...(full && storage !== undefined ? { storage } : {}),
  };
}

function planCloudInit(
  { os, networks, cloudInit }: VirtualMachineGuest,
  { disks }: HardwarePlan,
): CloudInitPlan | undefined {
  const storage = cloudInit?.storage ?? disks[0]?.storage;
  if (!cloudInit || storage === undefined) return undefined;
  const { user, sshKeys = [], passwordFrom, dns, upgrade } = cloudInit;
  return {
    storage,
    slot: PRESETS[os].cloudInitDrive,
    ...(user === undefined ? {} : { user }),
    sshKeys,
    ...(passwordFrom === undefined ? {} : { passwordFrom }),
    addresses: (networks ?? [cloudInit]).map(({ address, gateway, address6, gateway6 }) => ({
      address: address ?? "dhcp",
      ...(gateway === undefined ? {} : { gateway }),
      ...(address6 === undefined ? {} : { address6 }),
      ...(gateway6 === undefined ? {} : { gateway6 }),
    })),
    ...(dns ? { dns } : {}),
    upgrade,
  };
}
