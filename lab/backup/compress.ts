import type { Site } from "../site";
import type { Volume } from "../state/types";

const MIB = 1024 ** 2;
/** Bytes per second that a node reads of its disks, and skips where they are empty. */
const READ = 150 * MIB;
const SKIP = 2048 * MIB;
/** Share of a link's speed that files get. */
const PAYLOAD = 0.93;

export interface Compressor {
  /** What it appends to the archive's name. */
  extension?: string;
  command?: string;
  /** Size of what comes out, as a share of what goes in; about that of a server's system disk. */
  ratio: number;
  /** Bytes per second that go in, with one thread. */
  rate: number;
}

const NONE: Compressor = { ratio: 1, rate: Number.POSITIVE_INFINITY };
const COMPRESSORS: Record<string, Compressor> = {
  "0": NONE,
  "1": { extension: "lzo", command: "lzop", ratio: 0.6, rate: 180 * MIB },
  lzo: { extension: "lzo", command: "lzop", ratio: 0.6, rate: 180 * MIB },
  gzip: { extension: "gz", command: "gzip --rsyncable", ratio: 0.48, rate: 35 * MIB },
  zstd: { extension: "zst", command: "zstd --threads=1", ratio: 0.45, rate: 250 * MIB },
};

export const compressorOf = (compress: string): Compressor => COMPRESSORS[compress] ?? NONE;

/** What a volume really holds: nobody writes into the lab's guests, so where nothing else is known a tenth of it. */
export function dataIn({ used, size }: Volume): number {
  return Math.floor(used ?? Math.min(size, Math.max(MIB, size / 10)));
}

export interface Effort {
  /** Bytes of all disks, and what they hold. */
  size: number;
  data: number;
  compressor: Compressor;
  /** KiB per second; 0 for no limit. */
  bwlimit: number;
  /** Bytes per second over the network; infinite where nothing goes over it. */
  network: number;
}

/** Bytes of an archive. */
export const packedSize = (data: number, { ratio }: Compressor): number =>
  Math.floor(data * ratio) + 64 * 1024;

/** Seconds that reading, packing and sending take, each of which may be the slowest. */
export function packingTime({ size, data, compressor, bwlimit, network }: Effort): number {
  const limit = bwlimit > 0 ? data / (bwlimit * 1024) : 0;
  const slowest = Math.max(
    data / READ + (size - data) / SKIP,
    data / compressor.rate,
    packedSize(data, compressor) / network,
    limit,
  );
  return slowest < 1 ? 0 : Math.round(slowest);
}

/** Bytes per second between `node` and a storage: the slower of both cards, nothing to wait for without them. */
export function networkTo(site: Site, node: string, storage: string): number {
  const { server } = site.storages.config(node, storage);
  if (server === undefined) return Number.POSITIVE_INFINITY;
  const cards = [site.host(node), site.hostAt(server)].map(
    (host) => host?.linkMbit ?? Number.POSITIVE_INFINITY,
  );
  return ((Math.min(...cards) * 1_000_000) / 8) * PAYLOAD;
}
