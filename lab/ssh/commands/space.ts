import { mountAnswers, mountsOf } from "../../node/mounts";
import { memoryOf } from "../../node/machine";
import { sleep } from "../../seams/clock";
import type { Site } from "../../site";
import type { HostState } from "../../state/types";
import { isDiskFull, ROOT_DISK } from "../../storage/fullDisks";
import { spaceOf, usedBy } from "../../storage/places";
import { type CommandContext, type Commands, fail, ok } from "../command";
import { columns, human } from "./table";

const GIB = 1024 ** 3;

interface FileSystem {
  source: string;
  type: string;
  target: string;
  total: number;
  used: number;
}

/** Names of `--output` with their headings. */
const FIELDS = {
  source: "Filesystem",
  fstype: "Type",
  size: "1K-blocks",
  used: "Used",
  avail: "Avail",
  pcent: "Use%",
  target: "Mounted on",
} as const;
type Field = keyof typeof FIELDS;
const USUAL: Field[] = ["source", "size", "used", "avail", "pcent", "target"];

/** coreutils' `df`. */
export const spaceCommands: Commands = {
  df: async (args, context) => {
    const { site, host } = context;
    const flags = args.filter((arg) => /^-[a-zA-Z]/.test(arg)).join("");
    const long = (name: string): string | undefined =>
      args.find((arg) => arg.startsWith(`--${name}=`))?.split("=")[1];
    const block =
      long("block-size") ?? /B(\w+)/.exec(flags)?.[1] ?? (flags.includes("m") ? "M" : "");
    const isHuman =
      /^-\w*h/.test(flags) || args.includes("-h") || args.includes("--human-readable");
    const paths = args.filter((arg) => !arg.startsWith("-"));
    const all = fileSystems(site, host);
    const chosen: FileSystem[] = [];
    for (const path of paths) {
      const found = await context.exec(`test -e '${path}'`, "");
      if (found.exitCode !== 0) return fail(`df: ${path}: No such file or directory`);
      const holder = all
        .filter(({ target }) => `${path}/`.startsWith(target === "/" ? "/" : `${target}/`))
        .sort((a, b) => b.target.length - a.target.length)[0];
      if (holder) chosen.push(holder);
    }
    const shown = paths.length > 0 ? chosen : all;
    await untilAnswered(context, shown);
    const typed = flags.includes("T") || args.includes("--print-type");
    const plain: Field[] = typed ? ["source", "fstype", ...USUAL.slice(1)] : USUAL;
    const fields = (long("output")?.split(",") ??
      (args.includes("--output") ? Object.keys(FIELDS) : plain)) as Field[];
    const unknown = fields.find((field) => !(field in FIELDS));
    if (unknown !== undefined) return fail(`df: option --output: field ‘${unknown}’ unknown`);
    const portable = flags.includes("P");
    const head = fields.map((field) => {
      if (field === "avail") return isHuman || long("output") !== undefined ? "Avail" : "Available";
      if (field === "pcent" && portable) return "Capacity";
      if (field !== "size") return FIELDS[field];
      if (isHuman) return "Size";
      return block === "" || block === "K"
        ? portable
          ? "1024-blocks"
          : "1K-blocks"
        : `1${block.replace(/^1/, "") || ""}${/^1?$/.test(block) ? "B" : ""}-blocks`;
    });
    const size = (bytes: number): string =>
      isHuman ? human(bytes) : String(Math.ceil(bytes / unitOf(block)));
    const rows = shown.map((entry) => fields.map((field) => cell(entry, field, size)));
    const right = fields.flatMap((field, index) =>
      /^(size|used|avail|pcent)$/.test(field) ? [index] : [],
    );
    return ok(columns([head, ...rows], right));
  },
};

const UNITS: Record<string, number> = { "": 1024, "1": 1, K: 1024, M: 1024 ** 2, G: GIB };

const unitOf = (block: string): number => UNITS[block] ?? UNITS[block.replace(/^1/, "")] ?? 1024;

function cell(
  { source, type, target, total, used }: FileSystem,
  field: Field,
  size: (bytes: number) => string,
): string {
  const available = Math.max(0, total - used);
  switch (field) {
    case "source":
      return source;
    case "fstype":
      return type;
    case "size":
      return size(total);
    case "used":
      return size(used);
    case "avail":
      return size(available);
    case "pcent":
      return total === 0 ? "-" : `${Math.ceil((used / (used + available)) * 100)}%`;
    case "target":
      return target;
    default: {
      const never: never = field;
      return never;
    }
  }
}

/** File systems of a host in the order in which they were mounted. */
function fileSystems(site: Site, host: HostState): FileSystem[] {
  const { total: memory } = memoryOf(site, host);
  const kernel = { source: "udev", type: "devtmpfs", target: "/dev", total: memory / 2, used: 0 };
  const run = { source: "tmpfs", type: "tmpfs", target: "/run", total: memory / 10, used: 2 ** 20 };
  if (!host.node) {
    const total = 28 * GIB;
    const full = isDiskFull(site, host.name, ROOT_DISK);
    const disk = { source: "/dev/sda1", type: "ext4", target: "/", total, used: 3 * GIB };
    return [kernel, run, full ? { ...disk, used: total } : disk, ...ownExports(site, host)];
  }
  const root = spaceOf(site, host.name, "local", { type: "dir", path: "/var/lib/vz" });
  const mounts = mountsOf(site, host).map(({ source, target, server, path }): FileSystem => {
    const space = spaceOf(site, host.name, "", { type: "nfs", server, export: path });
    return { source, type: "nfs4", target, ...space };
  });
  return [
    kernel,
    run,
    { source: "/dev/mapper/pve-root", type: "ext4", target: "/", ...root },
    {
      source: "/dev/fuse",
      type: "fuse",
      target: "/etc/pve",
      total: 128 * 2 ** 20,
      used: 16 * 1024,
    },
    ...mounts,
  ];
}

/** What the NAS has for its exports, each on a volume of its own. */
function ownExports(site: Site, host: HostState): FileSystem[] {
  return Object.entries(site.state.exports)
    .filter(([key]) => key.startsWith(`${host.address}:`))
    .map(([key, volumes]) => {
      const target = key.slice(host.address.length + 1);
      const used = volumes.reduce((sum, volume) => sum + usedBy(volume), 0);
      const source = `/dev/mapper/nas-${target.split("/").pop() ?? ""}`;
      const total = 2048 * GIB;
      const full = isDiskFull(site, host.name, target);
      return { source, type: "ext4", target, total, used: full ? total : used };
    });
}

/** A hard mount whose server is away lets whoever asks for its space wait. */
async function untilAnswered(
  { site, host, signal }: CommandContext,
  shown: FileSystem[],
): Promise<void> {
  const asked = mountsOf(site, host).filter(({ target }) =>
    shown.some((one) => one.target === target),
  );
  while (!signal?.aborted && asked.some((mount) => !mountAnswers(site, host, mount))) {
    await sleep(site.clock, 1000);
  }
}
