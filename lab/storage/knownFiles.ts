import { APPLIANCES } from "./appliances";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export interface KnownFile {
  /** Bytes of the file. */
  size: number;
  /** Bytes of the disk in it. */
  virtual?: number;
}

const image = (megabytes: number, gigabytes: number): KnownFile => ({
  size: megabytes * MIB,
  virtual: gigabytes * GIB,
});

/**
 * Files of the internet that the lab, which has none, can pretend to download: with about their size, and without
 * their content, so that any checksum of them is taken for right.
 */
const FILES: Record<string, KnownFile> = {
  "https://cloud.debian.org/images/cloud/trixie/latest/debian-13-generic-amd64.qcow2": image(
    429,
    3,
  ),
  "https://cloud.debian.org/images/cloud/trixie/latest/debian-13-genericcloud-amd64.qcow2": image(
    327,
    3,
  ),
  "https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-generic-amd64.qcow2": image(
    428,
    3,
  ),
  "https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2": image(
    335,
    3,
  ),
  "https://cloud-images.ubuntu.com/noble/current/noble-server-cloudimg-amd64.img": image(596, 4),
  "https://cloud-images.ubuntu.com/jammy/current/jammy-server-cloudimg-amd64.img": image(647, 3),
  "https://cdimage.debian.org/debian-cd/current/amd64/iso-cd/debian-13.1.0-amd64-netinst.iso": {
    size: 783 * MIB,
  },
};

/** Proxmox's own index of container templates. */
const TEMPLATES = /^https?:\/\/download\.proxmox\.com\/images\/system\/([^/?]+)$/;

export function knownFile(url: string): KnownFile | undefined {
  const template = TEMPLATES.exec(url)?.[1];
  if (template === undefined) return Object.hasOwn(FILES, url) ? FILES[url] : undefined;
  const size = Object.hasOwn(APPLIANCES, template) ? APPLIANCES[template] : undefined;
  return size === undefined ? undefined : { size };
}
