import { type Draft, entries } from "../draft";
import type { Guest, Site, VirtualMachineGuest } from "../schema";

type Content = Site["storages"][string]["content"][number];

export interface StorageUse {
  path: (string | number)[];
  storage: string | undefined;
  content: Content;
}

/** Every place where a guest names a storage, and what it puts there. */
export function storageUses(guest: Draft<Guest>): StorageUse[] {
  if (guest.type === "container") {
    return [
      { path: ["disk", "storage"], storage: guest.disk?.storage, content: "rootdir" },
      { path: ["templateStorage"], storage: guest.templateStorage, content: "vztmpl" },
    ];
  }
  return guest.type === "vm" ? usesOfVm(guest) : [];
}

function usesOfVm(guest: Draft<VirtualMachineGuest>): StorageUse[] {
  const { efi, tpm, cloudInit } = guest;
  const disk = (path: StorageUse["path"], storage: string | undefined): StorageUse => ({
    path,
    storage,
    content: "images",
  });
  const volume = (
    path: StorageUse["path"],
    id: string | undefined,
    content: Content,
  ): StorageUse[] => (id?.includes(":") ? [{ path, storage: id.split(":")[0], content }] : []);
  return [
    ...entries(guest.disks).flatMap(([slot, { storage, importFrom }]) => [
      disk(["disks", slot, "storage"], storage),
      ...volume(["disks", slot, "importFrom"], importFrom, "import"),
    ]),
    disk(["efi", "storage"], efi?.storage),
    disk(["tpm", "storage"], typeof tpm === "object" ? tpm.storage : undefined),
    disk(["cloudInit", "storage"], cloudInit?.storage),
    ...volume(["iso"], guest.iso, "iso"),
    ...volume(["drivers"], guest.drivers, "iso"),
  ];
}
