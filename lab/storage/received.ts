import { createHash, type Hash } from "node:crypto";

export const CHECKSUMS = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"] as const;

/** What the lab keeps of a file that it was sent: never the content itself. */
export interface ReceivedFile {
  /** Bytes. */
  size: number;
  /** Its beginning, at most `HEAD` bytes. */
  head: Buffer;
  /** Hex, if it was asked for. */
  checksum?: string;
}

const HEAD = 64 * 1024;

/** Takes a file in pieces. */
export class Receiver {
  private size = 0;
  private head = Buffer.alloc(0);
  private readonly hash: Hash | undefined;

  constructor(algorithm?: string) {
    this.hash = algorithm === undefined ? undefined : createHash(algorithm);
  }

  add(piece: Uint8Array): void {
    this.size += piece.length;
    this.hash?.update(piece);
    if (this.head.length < HEAD) {
      this.head = Buffer.concat([this.head, piece.subarray(0, HEAD - this.head.length)]);
    }
  }

  end(): ReceivedFile {
    const { size, head } = this;
    return { size, head, ...(this.hash ? { checksum: this.hash.digest("hex") } : {}) };
  }
}

/** Why a file is not what its name says, in qemu-img's and tar's words; undefined when it is. */
export function fileProblem(name: string, head: Buffer): string | undefined {
  const kind = /\.(ova|qcow2|raw|vmdk)$/.exec(name)?.[1];
  switch (kind) {
    case "qcow2":
      return head.toString("latin1", 0, 4) === "QFI\xfb"
        ? undefined
        : "failed to query file information with qemu-img";
    case "vmdk":
      return /^(KDMV|# Disk DescriptorFile)/.test(head.toString("latin1", 0, 21))
        ? undefined
        : "failed to query file information with qemu-img";
    case "ova":
      return head.toString("latin1").includes(".ovf")
        ? undefined
        : "ova archive has no .ovf file inside";
    default:
      return undefined;
  }
}

/** The size of the disk in a qcow2 file, in bytes. */
export function virtualSize(head: Buffer): number | undefined {
  if (head.length < 32 || head.toString("latin1", 0, 4) !== "QFI\xfb") return undefined;
  return Number(head.readBigUInt64BE(24));
}
