import type { Guest } from "../../state/types";

type Row = Record<string, unknown>;
type Type = Guest["type"];

/** A verb of `qm` or `pct`: the API call that it makes below the guest's path, and what it prints. */
export interface Verb {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/nodes/N/qemu/ID`; a name in braces is taken from the arguments. */
  path: string;
  /** Names of the arguments after the VMID. */
  args?: readonly string[];
  print?: (data: unknown, options: Record<string, string>) => string;
}

const power = (action: string): Verb => ({ method: "POST", path: `/status/${action}` });

const BOTH: Record<string, Verb> = {
  clone: { method: "POST", path: "/clone", args: ["newid"] },
  config: { method: "GET", path: "/config", print: printConfig },
  delsnapshot: { method: "DELETE", path: "/snapshot/{snapname}", args: ["snapname"] },
  destroy: { method: "DELETE", path: "" },
  listsnapshot: { method: "GET", path: "/snapshot", print: printSnapshots },
  migrate: { method: "POST", path: "/migrate", args: ["target"] },
  pending: { method: "GET", path: "/pending", print: printPending },
  reboot: power("reboot"),
  resize: { method: "PUT", path: "/resize", args: ["disk", "size"] },
  rollback: { method: "POST", path: "/snapshot/{snapname}/rollback", args: ["snapname"] },
  set: { method: "PUT", path: "/config" },
  shutdown: power("shutdown"),
  snapshot: { method: "POST", path: "/snapshot", args: ["snapname"] },
  start: power("start"),
  status: { method: "GET", path: "/status/current", print: printStatus },
  stop: power("stop"),
  template: { method: "POST", path: "/template" },
};

const moveDisk: Verb = { method: "POST", path: "/move_disk", args: ["disk", "storage"] };
const unlink: Verb = { method: "PUT", path: "/unlink" };
const moveVolume: Verb = { method: "POST", path: "/move_volume", args: ["volume", "storage"] };

/** Verbs of both commands, with those of two words joined by a blank (PVE::CLI::qm, PVE::CLI::pct). */
export const VERBS: Record<Type, Record<string, Verb>> = {
  qemu: {
    ...BOTH,
    "cloudinit pending": { method: "GET", path: "/cloudinit", print: printPending },
    "cloudinit update": { method: "PUT", path: "/cloudinit" },
    "disk move": moveDisk,
    "disk resize": { method: "PUT", path: "/resize", args: ["disk", "size"] },
    "disk unlink": unlink,
    "move-disk": moveDisk,
    move_disk: moveDisk,
    reset: power("reset"),
    resume: power("resume"),
    suspend: power("suspend"),
    unlink,
  },
  lxc: { ...BOTH, "move-volume": moveVolume, move_volume: moveVolume },
};

/** Options that need no value. */
const SWITCHES = [
  "current",
  "force",
  "forceStop",
  "full",
  "online",
  "purge",
  "restart",
  "start",
  "todisk",
  "verbose",
  "vmstate",
  "with-local-disks",
];

/** Gives options that stand alone the value that they have then; `--full 0` stays. */
export function withValues(args: string[]): string[] {
  return args.map((arg, index) => {
    const known = SWITCHES.some((name) => arg === `--${name}` || arg === `-${name}`);
    return known && !/^[01]$/.test(args[index + 1] ?? "") ? `${arg}=1` : arg;
  });
}

/** The table of `qm list` and `pct list`. */
export function printList(type: Type, rows: Row[]): string {
  const cell = (value: unknown, width: number): string => String(value).padEnd(width);
  const number = (value: unknown, unit: number): number => Number(value ?? 0) / unit;
  const sorted = [...rows].sort((a, b) => Number(a.vmid) - Number(b.vmid));
  if (sorted.length === 0) return "";
  const lines =
    type === "qemu"
      ? [
          "      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID       ",
          ...sorted.map((row) => {
            const memory = cell(number(row.maxmem, 1024 ** 2), 10);
            const disk = number(row.maxdisk, 1024 ** 3)
              .toFixed(2)
              .padStart(12);
            const state = cell(row.qmpstatus ?? row.status, 10);
            return `${String(row.vmid).padStart(10)} ${cell(row.name, 20)} ${state} ${memory} ${disk} ${cell(row.pid ?? 0, 10)}`;
          }),
        ]
      : [
          "VMID       Status     Lock         Name                ",
          ...sorted.map(
            (row) =>
              `${cell(row.vmid, 10)} ${cell(row.status, 10)} ${cell(row.lock ?? "", 12)} ${cell(row.name, 20)}`,
          ),
        ];
  return `${lines.join("\n")}\n`;
}

function printConfig(data: unknown): string {
  const lines = Object.entries(data as Row)
    .filter(([key]) => key !== "digest" && key !== "lxc")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => {
      const text = key === "description" ? encodeURI(String(value)) : String(value);
      return `${key}: ${text}\n`;
    });
  return lines.join("");
}

function printPending(data: unknown): string {
  const rows = [...(data as Row[])].sort((a, b) => (String(a.key) < String(b.key) ? -1 : 1));
  return rows
    .flatMap(({ key, value, pending, delete: remove }) => {
      const line = (word: string, text: unknown): string =>
        `${word} ${String(key)}: ${String(text)}\n`;
      if (value === undefined) return pending === undefined ? [] : [line("new", pending)];
      if (remove !== undefined) return [line("del", value)];
      return [line("cur", value), ...(pending === undefined ? [] : [line("new", pending)])];
    })
    .join("");
}

function printStatus(data: unknown, { verbose }: Record<string, string>): string {
  const status = data as Row;
  if (verbose === undefined) return `status: ${String(status.qmpstatus ?? status.status)}\n`;
  return Object.keys(status)
    .filter((key) => key !== "cpu")
    .sort()
    .map((key) => {
      const value = status[key];
      return `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}\n`;
    })
    .join("");
}

/** A tree, every snapshot below the one that it stands on. */
function printSnapshots(data: unknown): string {
  const rows = data as Row[];
  const time = (row: Row): number => Number(row.snaptime ?? Infinity);
  const children = (parent: unknown): Row[] =>
    rows.filter((row) => row.parent === parent).sort((a, b) => time(a) - time(b));
  const lines: string[] = [];
  const print = (row: Row, prefix: string): void => {
    const stamp =
      row.snaptime === undefined
        ? ""
        : new Date(Number(row.snaptime) * 1000).toISOString().slice(0, 19).replace("T", " ");
    const width = Math.max(0, 30 - prefix.length);
    const words = String(row.description || "no-description").split("\n")[0];
    lines.push(`${prefix} ${String(row.name).padEnd(width)} ${stamp.padEnd(23)} ${words}\n`);
    for (const child of children(row.name)) print(child, ` ${prefix}`);
  };
  for (const root of children(undefined)) print(root, "`->");
  return lines.join("");
}
