import { type Draft, type DraftSite, entries } from "../draft";
import { MEDIA_TYPES } from "../media/schema";
import type { Guest, VirtualMachineGuest } from "../schema";
import type { Content } from "../storage/kinds";

export interface StorageUse {
  path: (string | number)[];
  storage: string | undefined;
  content: Content;
}

/** Every place where a guest names a storage, and what it puts there. */
export function storageUses({ media }: DraftSite, guest: Draft<Guest>): StorageUse[] {
  if (guest.type === "container") {
    return [
      { path: ["disk", "storage"], storage: guest.disk?.storage, content: "rootdir" },
      { path: ["templateStorage"], storage: guest.templateStorage, content: "vztmpl" },
      ...entries(guest.mounts).map(([slot, { storage }]): StorageUse => ({
        path: ["mounts", slot, "storage"],
        storage,
        content: "rootdir",
      })),
    ];
  }
  return guest.type === "vm" ? usesOfVm(media, guest) : [];
}

function usesOfVm(media: DraftSite["media"], guest: Draft<VirtualMachineGuest>): StorageUse[] {
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
  ): StorageUse[] =>
    id === undefined ? [] : [{ path, storage: storageOf(media, id, content), content }];
  return [
    ...entries(guest.disks).flatMap(([slot, { storage, image }]) => [
      disk(["disks", slot, "storage"], storage),
      ...volume(["disks", slot, "image"], image, "import"),
    ]),
    disk(["efi", "storage"], efi?.storage),
    disk(["tpm", "storage"], typeof tpm === "object" ? tpm.storage : undefined),
    disk(["cloudInit", "storage"], cloudInit?.storage),
    ...volume(["iso"], guest.iso, "iso"),
    ...volume(["drivers"], guest.drivers, "iso"),
  ];
}

/** Of a volume, or of an entry of `media` for such content. */
function storageOf(media: DraftSite["media"], id: string, content: Content): string | undefined {
  if (id.includes(":")) return id.split(":")[0];
  const medium = media && Object.hasOwn(media, id) ? media[id] : undefined;
  return medium?.type && MEDIA_TYPES[medium.type].content === content ? medium.storage : undefined;
}
