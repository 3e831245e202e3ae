import { refuses } from "../support/broken";

const at = { url: "https://example.org/it", checksum: `sha256:${"a".repeat(64)}` };
const iso = { type: "iso", storage: "Data", ...at };

describe("a file for guests", () => {
  refuses([
    [
      "has a name with blanks",
      { media: { "debian 13.iso": iso } },
      "media.debian 13.iso: this name cannot be used; use letters, digits, _, . and -; begin with a letter or digit",
    ],
    [
      "does not end as its type does",
      { media: { "debian-13": iso } },
      "media.debian-13: the name of this file must end in .iso or .img; rename it",
    ],
    [
      "has no checksum",
      { media: { "it.iso": { type: "iso", storage: "Data", url: at.url } } },
      "media.it.iso.checksum: missing; write sha256: and 64 digits or sha512: and 128 digits, with a-f in small letters",
    ],
    [
      "has a checksum that is too short",
      { media: { "it.iso": { ...iso, checksum: "sha256:abc" } } },
      'media.it.iso.checksum: "sha256:abc"; write sha256: and 64 digits or sha512: and 128 digits, with a-f in small letters',
    ],
    [
      "has a password in its address",
      { media: { "it.iso": { ...iso, url: "https://me:secret@example.org/it.iso" } } },
      'media.it.iso.url: "https://me:secret@example.org/it.iso"; write where the file is, as in https://example.org/debian-13.iso; ' +
        "a name and password cannot stand in it",
    ],
    [
      "is of no type",
      { media: { "it.iso": { ...iso, type: "image" } } },
      'media.it.iso.type: "image"; write iso, template or cloud-image',
    ],
    [
      "is a template with half of an address",
      { media: { "it.tar.zst": { type: "template", storage: "Data", url: at.url } } },
      "media.it.tar.zst: a mapping; url and checksum belong together; write both, or neither for Proxmox's index",
    ],
    [
      "lies on a storage that there is not",
      { media: { "it.iso": { ...iso, storage: "Date" } } },
      'media.it.iso.storage: there is no storage "Date"; storages has Data, Backup, local, local-lvm',
    ],
    [
      "lies on a storage that does not hold it",
      { media: { "it.iso": { ...iso, storage: "Backup" } } },
      "media.it.iso.storage: storage Backup does not hold iso; add it to storages.Backup.content",
    ],
  ]);
});

describe("the ISO image of a VM", () => {
  refuses([
    [
      "is not in media",
      { "guests.ubuntu.iso": "debian-13.iso" },
      'guests.ubuntu.iso: there is no "debian-13.iso" in media; add it there',
    ],
    [
      "is a cloud image",
      {
        "storages.Data.content": ["images", "rootdir", "vztmpl", "import"],
        media: { "it.qcow2": { ...iso, type: "cloud-image" } },
        "guests.ubuntu.iso": "it.qcow2",
      },
      "guests.ubuntu.iso: media.it.qcow2 is of type cloud-image; name one of type iso",
    ],
  ]);
});
