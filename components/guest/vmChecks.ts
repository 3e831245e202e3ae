import { type Draft, type DraftSite, entries, problem } from "../draft";
import type { Problem } from "../problems";
import type { VirtualMachineGuest } from "../schema";
import { formatBytes } from "../values";
import { PRESETS } from "./presets";

type Vm = Draft<VirtualMachineGuest>;
type Path = Problem["path"];

/** What must hold within the entry of a VM. */
export function machines(site: DraftSite): Problem[] {
  return entries(site.guests).flatMap(([key, guest]) =>
    guest.type === "vm"
      ? [disks, firmware, memory, cards, cloudInit, boot, templates].flatMap((check) =>
          check(guest, ["guests", key]),
        )
      : [],
  );
}

function disks(guest: Vm, path: Path): Problem[] {
  // What is wrong by itself leaves a hole, and its key.
  const isMissing = !Object.hasOwn(guest, "disks") && !Object.hasOwn(guest, "clone");
  return [
    ...(isMissing
      ? problem([...path, "disks"], "missing; write its disks, or {} for a VM that has none")
      : []),
    ...entries(guest.disks).flatMap(([slot, disk]) => {
      const at = [...path, "disks", slot];
      return [
        ...(disk.ssd !== undefined && slot.startsWith("virtio")
          ? problem(
              [...at, "ssd"],
              "a virtio slot shows no kind of disk; take this out, or use scsi",
            )
          : []),
        ...(disk.iothread !== undefined && slot.startsWith("sata")
          ? problem(
              [...at, "iothread"],
              "a sata slot has none; take this out, or use scsi or virtio",
            )
          : []),
        ...(disk.image !== undefined && guest.clone !== undefined
          ? problem(
              [...at, "image"],
              "the disks of a clone come from its original; take this or clone out",
            )
          : []),
      ];
    }),
  ];
}

function firmware(guest: Vm, path: Path): Problem[] {
  const { os, bios, efi, tpm, cloudInit } = guest;
  const [first] = entries(guest.disks);
  const needsStorage = (key: string, part: object | true, storage?: string): Problem[] =>
    first === undefined && guest.clone === undefined && storage === undefined
      ? problem(
          [...path, key, ...(part === true ? [] : ["storage"])],
          "the VM has no disk whose storage it would be on; name one, as in { storage: Data }",
        )
      : [];
  const hasUefi = (bios ?? (os && PRESETS[os].bios)) === "ovmf";
  return [
    ...(efi && !hasUefi && guest.clone === undefined
      ? problem([...path, "efi"], "only UEFI has this disk; write bios: ovmf, or take this out")
      : []),
    ...(hasUefi && !efi ? needsStorage("efi", {}) : []),
    ...(efi ? needsStorage("efi", efi, efi.storage) : []),
    ...(typeof tpm === "object" ? needsStorage("tpm", tpm, tpm.storage) : []),
    ...(tpm === true ? needsStorage("tpm", true) : []),
    ...(cloudInit ? needsStorage("cloudInit", cloudInit, cloudInit.storage) : []),
  ];
}

function memory({ memory: all, balloon }: Vm, path: Path): Problem[] {
  if (all === undefined || balloon === undefined || balloon <= all) return [];
  return problem(
    [...path, "balloon"],
    `${formatBytes(balloon)} is more than its memory, ${formatBytes(all)}; write that or less`,
  );
}

/** What cloud-init sets of a card. */
const ADDRESSES = ["address", "gateway", "address6", "gateway6"] as const;

function cards(guest: Vm, path: Path): Problem[] {
  const { os, networks, bridge } = guest;
  return [
    ...(networks && bridge !== undefined
      ? problem([...path, "bridge"], "networks says it for each card; take this out")
      : []),
    ...(networks ?? []).flatMap((card, index) => {
      const at = [...path, "networks", index];
      const model = card?.model ?? (os && PRESETS[os].nic);
      return [
        ...(["mtu", "queues"] as const).flatMap((key) =>
          card?.[key] !== undefined && model !== undefined && model !== "virtio"
            ? problem([...at, key], `a ${model} card has none; take this out, or use model: virtio`)
            : [],
        ),
        ...ADDRESSES.flatMap((key) =>
          card?.[key] !== undefined && !Object.hasOwn(guest, "cloudInit")
            ? problem(
                [...at, key],
                "only cloud-init sets it; write cloudInit: {}, or set it within the guest",
              )
            : [],
        ),
      ];
    }),
  ];
}

function cloudInit(guest: Vm, path: Path): Problem[] {
  const { os, networks, cloudInit: settings } = guest;
  if (!settings) return [];
  const slot = os && PRESETS[os].cloudInitDrive;
  const taken = slot !== undefined && Object.hasOwn(guest.disks ?? {}, slot);
  return [
    ...ADDRESSES.flatMap((key) =>
      settings[key] !== undefined && networks
        ? problem(
            [...path, "cloudInit", key],
            `each card has its own; write it at networks.0.${key}`,
          )
        : [],
    ),
    ...(taken
      ? problem(
          [...path, "disks", slot],
          "the cloud-init drive is in this slot; use another for the disk",
        )
      : []),
  ];
}

function boot(guest: Vm, path: Path): Problem[] {
  const { networks, iso } = guest;
  const count = networks?.length ?? 1;
  const has = (slot: string): boolean => {
    if (slot === "ide2") return iso !== undefined;
    if (slot.startsWith("net")) return Number(slot.slice(3)) < count;
    return Object.hasOwn(guest.disks ?? {}, slot) || guest.clone !== undefined;
  };
  return (guest.boot ?? []).flatMap((slot, index) =>
    slot === undefined || has(slot)
      ? []
      : problem([...path, "boot", index], `the VM has no ${slot}; name what it has`),
  );
}

function templates({ template, ha, start }: Vm, path: Path): Problem[] {
  if (!template) return [];
  const remedy = "a template never runs; take this out";
  return [
    ...(ha ? problem([...path, "ha"], remedy) : []),
    ...(start ? problem([...path, "start"], remedy) : []),
  ];
}
