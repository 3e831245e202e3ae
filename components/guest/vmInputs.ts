import type {
  VmLegacyDisk,
  VmLegacyInitialization,
  VmLegacyNetworkDevice,
} from "@muhlba91/pulumi-proxmoxve/types/input";
import type { VmLegacyArgs } from "@muhlba91/pulumi-proxmoxve/vmLegacy";
import type * as pulumi from "@pulumi/pulumi";
import type { ImagePlan } from "./vmHardware";
import { addressInputs } from "./addressInputs";
import { startupInputs } from "./startupInputs";
import { CD_DRIVE, type CloudInitPlan, type NicPlan, type VirtualMachinePlan } from "./vmPlan";

/**
 * What the provider is told of a VM, but for its place, its notes and its clone. Options of a card, of memory, of an
 * address and of the start order are all said: after a refresh the provider's bridge takes one that is left out from
 * what was there before, so that it could not be taken away.
 */
export function vmInputs(
  plan: VirtualMachinePlan,
  password?: pulumi.Output<string>,
): Partial<VmLegacyArgs> {
  return {
    ...(plan.tags.length > 0 ? { tags: plan.tags } : {}),
    operatingSystem: { type: plan.os },
    cpu: {
      cores: plan.cores,
      type: plan.cpu,
      ...(plan.sockets === undefined ? {} : { sockets: plan.sockets }),
    },
    memory: { dedicated: plan.memory, floating: plan.balloon ?? 0 },
    ...(plan.machine ? { machine: plan.machine } : {}),
    ...(plan.bios === "seabios" ? {} : { bios: plan.bios }),
    ...(plan.efi
      ? {
          efiDisk: {
            datastoreId: plan.efi.storage,
            fileFormat: plan.efi.format,
            preEnrolledKeys: plan.efi.preEnrolledKeys,
            // The smaller one has no room for the keys of Secure Boot.
            type: "4m",
          },
        }
      : {}),
    ...(plan.tpm ? { tpmState: { datastoreId: plan.tpm.storage, version: "v2.0" } } : {}),
    scsiHardware: plan.scsiHardware,
    disks: plan.disks.map(diskInputs),
    // Left out, the provider would attach the node's own drive, which keeps the guest from moving.
    cdrom: { fileId: plan.iso ?? "none", interface: CD_DRIVE },
    bootOrders: plan.boot,
    networkDevices: plan.networks.map(nicInputs),
    // A guest without an agent would make every read wait for an address.
    agent: plan.agent ? { enabled: true, waitForIp: { disabled: true } } : { enabled: false },
    ...(plan.cloudInit ? { initialization: cloudInitInputs(plan.cloudInit, password) } : {}),
    ...(plan.display ? { vga: { type: plan.display } } : {}),
    onBoot: !plan.managed && !plan.template,
    ...(plan.startup ? { startup: startupInputs(plan.startup) } : {}),
    ...(plan.protection ? { protection: true } : {}),
    ...(plan.template ? { template: true } : {}),
    started: !plan.template,
    stopOnDestroy: !plan.agent,
    ...(plan.restart ? {} : { rebootAfterUpdate: false }),
  };
}

function diskInputs(disk: ImagePlan): VmLegacyDisk {
  const {
    slot,
    storage,
    size,
    format,
    image,
    discard,
    readLimit: read,
    writeLimit: write,
    ...said
  } = disk;
  const speed = withoutHoles({ read, write });
  return {
    interface: slot,
    datastoreId: storage,
    size,
    fileFormat: format,
    discard: discard ? "on" : "ignore",
    ...withoutHoles({ ...said, importFrom: image }),
    ...(Object.keys(speed).length === 0 ? {} : { speed }),
  };
}

function nicInputs({ vlan, mac, ...card }: NicPlan): VmLegacyNetworkDevice {
  const unsaid = { firewall: false, mtu: 0, queues: 0, rateLimit: 0, vlanId: 0 };
  return { ...unsaid, ...withoutHoles({ ...card, vlanId: vlan, macAddress: mac }) };
}

function cloudInitInputs(
  plan: CloudInitPlan,
  password?: pulumi.Output<string>,
): VmLegacyInitialization {
  const { user, sshKeys, dns } = plan;
  const account = withoutHoles({
    username: user,
    keys: sshKeys.length > 0 ? sshKeys : undefined,
    password,
  });
  return {
    datastoreId: plan.storage,
    interface: plan.slot,
    ipConfigs: plan.addresses.map(addressInputs),
    ...(dns ? { dns: { domain: "", ...withoutHoles(dns) } } : {}),
    ...(Object.keys(account).length > 0 ? { userAccount: account } : {}),
    upgrade: plan.upgrade,
  };
}

/** A property that is there without a value is another input than none. */
function withoutHoles<T extends object>(
  value: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as never;
}
