import { OpsError } from "../errors";
import type { Machine } from "./node";

/** A partition of each disk, in partman's terms. */
interface Partition {
  /** MB (10^6 bytes), exactly. */
  size: number;
  /** What partman is told besides the size. */
  marks: string;
  /** What the partitions of all disks make together. */
  raid?: { filesystem: "ext4" | "swap"; mount: string };
}

const RAID = (id: number): string => `$primary{ } method{ raid } raidid{ ${id} }`;

/**
 * Questions and answers that divide the disks: on each of them a place for GRUB (BIOS and UEFI, whichever the machine
 * starts with), and partitions for /boot, swap and / that are mirrored with RAID 1. The rest stays free.
 *
 * The recipe's form: partman-auto-recipe.txt and partman-auto-raid-recipe.txt of Debian's installer.
 *
 * @throws OpsError for a machine with one disk, or without a size for /
 */
export function diskQuestions({ name, own }: Machine): [question: string, answer: string][] {
  const { disks, bootSize, rootSize, swapSize } = own;
  const path = `site.nodes.${name}.installation`;
  if (disks.length < 2) {
    throw new OpsError(
      `${path}.disks names one disk; RAID 1 needs two. Name the second, as in disks: [${disks[0]}, sdb].`,
    );
  }
  if (rootSize === undefined) {
    throw new OpsError(
      `${path}.rootSize is missing: how large / is to be, as in rootSize: 50 GiB.`,
    );
  }
  const partitions: Partition[] = [
    { size: 1, marks: "$primary{ } method{ biosgrub }" },
    { size: 512, marks: "$primary{ } method{ efi } format{ }" },
    { size: megabytes(bootSize), marks: RAID(1), raid: { filesystem: "ext4", mount: "/boot" } },
    { size: megabytes(rootSize), marks: RAID(2), raid: { filesystem: "ext4", mount: "/" } },
    ...(swapSize === 0
      ? []
      : [
          {
            size: megabytes(swapSize),
            marks: RAID(3),
            raid: { filesystem: "swap", mount: "-" } as const,
          },
        ]),
  ];
  const recipe = partitions.map(
    ({ size, marks, raid }) => `${size} ${size} ${size} ${raid ? "raid" : "free"} ${marks} .`,
  );
  const arrays = partitions
    .flatMap(({ raid }) => raid ?? [])
    .map(
      ({ filesystem, mount }, index) =>
        `1 ${disks.length} 0 ${filesystem} ${mount} raidid=${index + 1} .`,
    );
  const devices = disks.map((disk) => `/dev/${disk}`).join(" ");
  return [
    ["partman-auto/method string", "raid"],
    ["partman-auto/disk string", devices],
    ["partman-auto/choose_recipe select", "mirrored"],
    ["partman-auto/expert_recipe string", continued("mirrored ::", recipe)],
    ["partman-auto-raid/recipe string", continued("", arrays)],
    ["grub-installer/bootdev string", devices],
  ];
}

/** Larger rather than smaller. */
function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function continued(first: string, lines: string[]): string {
  return [first, ...lines.map((line) => `    ${line}`)].join(" \\\n").trimStart();
}
