import type { Release } from "../api/version";
import type { FileState } from "../state/types";

export interface Keyring {
  content: string;
  /** Where Proxmox documents it: the checksum of the file that this content stands for. */
  sha256?: string;
  fingerprint: string;
}

/**
 * Keyrings of the package sources. The lab's files are not the real ones, which are binary: each is a line that stands for
 * one, and `sha256sum` answers for it what Proxmox's documentation says (pve-package-repos).
 */
export const KEYRINGS = {
  "proxmox-9": {
    content: "lab: stands for proxmox-archive-keyring-trixie.gpg\n",
    sha256: "136673be77aba35dcce385b28737689ad64fd785a797e57897589aed08db6e45",
    fingerprint: "24B30F06ECC1836A4E5EFECBA7BCD1420BFE778E",
  },
  "proxmox-8": {
    content: "lab: stands for proxmox-release-bookworm.gpg\n",
    fingerprint: "F4E136C67CDCE41AE6DE6FC81140AF8F639E0C39",
  },
  debian: {
    content: "lab: stands for debian-archive-keyring.gpg\n",
    fingerprint: "4CB50190207B4758A3F73A796ED0E7B82643E131",
  },
} satisfies Record<string, Keyring>;

export const DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
export const PROXMOX_KEYRING = "/usr/share/keyrings/proxmox-archive-keyring.gpg";
/** Keys here are trusted for every source that names no keyring. */
export const TRUSTED = "/etc/apt/trusted.gpg.d/";

const file = ({ content }: Keyring): FileState => ({ content, mode: 0o644 });

export const debianKeyring = (): Record<string, FileState> => ({
  [DEBIAN_KEYRING]: file(KEYRINGS.debian),
  [`${TRUSTED}debian-archive-stable.gpg`]: file(KEYRINGS.debian),
});

export const proxmoxKeyring = (release: Release): Record<string, FileState> =>
  release === 8
    ? { [`${TRUSTED}proxmox-release-bookworm.gpg`]: file(KEYRINGS["proxmox-8"]) }
    : { [PROXMOX_KEYRING]: file(KEYRINGS["proxmox-9"]) };
