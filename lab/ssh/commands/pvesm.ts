import { callAsRoot } from "../../api/dispatch";
import { parseName, parseVolumeId, volumePath } from "../../storage/volumes";
import { asPveCommand, type CommandContext, type Commands, fail, ok, parseArgs } from "../command";

type Row = Record<string, unknown>;
type Options = Record<string, string>;

/** `pvesm`: the API's storages for the shell (PVE::CLI::pvesm). */
export const pvesmCommands: Commands = {
  pvesm: (args, context) =>
    asPveCommand(async () => {
      const { positional, options } = parseArgs(args);
      const [verb = "", ...words] = positional;
      const text = await run(verb, words, options, context);
      return text === undefined ? fail(`ERROR: unknown command 'pvesm ${verb}'`, 255) : ok(text);
    }),
};

async function run(
  verb: string,
  words: string[],
  options: Options,
  context: CommandContext,
): Promise<string | undefined> {
  const { site, host } = context;
  const [first = "", second = ""] = words;
  const here = `/nodes/${host.name}`;
  const call = (method: string, path: string, params: Options = options): Promise<unknown> =>
    callAsRoot(site, host.name, method, path, params);
  switch (verb) {
    case "add":
      await call("POST", "/storage", { ...options, type: first, storage: second });
      return "";
    case "set":
      await call("PUT", `/storage/${first}`);
      return "";
    case "remove":
      await call("DELETE", `/storage/${first}`);
      return "";
    case "status":
      return statusTable((await call("GET", `${here}/storage`)) as Row[]);
    case "list":
      return contentTable((await call("GET", `${here}/storage/${first}/content`)) as Row[]);
    case "path": {
      const { storage, name } = parseVolumeId(first);
      const config = site.storages.config(host.name, storage);
      return `${volumePath(storage, config, { name, ...parseName(config.type, name) })}\n`;
    }
    case "alloc": {
      const [storage = "", vmid = "", filename = "", size = ""] = words;
      const params = { ...options, vmid, size, ...(filename === "" ? {} : { filename }) };
      const volid = await call("POST", `${here}/storage/${storage}/content`, params);
      return `successfully created '${String(volid)}'\n`;
    }
    case "free": {
      const { storage } = parseVolumeId(first);
      const path = `${here}/storage/${storage}/content/${encodeURIComponent(first)}`;
      await call("DELETE", path, { delay: "30" });
      return `Removed volume '${first}'\n`;
    }
    case "scan":
      if (first !== "nfs") return undefined;
      return exportTable((await call("GET", `${here}/scan/nfs`, { server: second })) as Row[]);
    case "nfsscan":
      return exportTable((await call("GET", `${here}/scan/nfs`, { server: first })) as Row[]);
    case "extractconfig":
      return String(await call("GET", `${here}/vzdump/extractconfig`, { volume: first }));
    case "prune-backups":
      return prune(first, options, call, here);
    case "apiinfo":
      return "APIVER 13\nAPIAGE 4\n";
    default:
      return undefined;
  }
}

async function prune(
  storage: string,
  { "dry-run": dry, ...options }: Options,
  call: (method: string, path: string, params: Options) => Promise<unknown>,
  here: string,
): Promise<string> {
  const keep = Object.entries(options).filter(([key]) => key.startsWith("keep-"));
  const rest = Object.fromEntries(
    Object.entries(options).filter(([key]) => !key.startsWith("keep-")),
  );
  const list = keep.map(([key, count]) => `${key}=${count}`).join(",");
  const params = { ...rest, ...(list === "" ? {} : { "prune-backups": list }) };
  const path = `${here}/storage/${storage}/prunebackups`;
  if (dry !== "1") {
    await call("DELETE", path, params);
    return "";
  }
  const rows = (await call("GET", path, params)) as Row[];
  if (rows.length === 0) return "No backups found\n";
  const lines = rows
    .sort((a, b) => Number(a.vmid) - Number(b.vmid) || Number(a.ctime) - Number(b.ctime))
    .map((row) => [String(row.volid), `${String(row.type)}/${String(row.vmid)}`, String(row.mark)]);
  const width = Math.max(...lines.map(([volid = ""]) => volid.length)) + 1;
  const print = ([volid = "", id = "", mark = ""]: string[]): string =>
    `${volid.padEnd(width)} ${id.padStart(15)} ${mark.padStart(10)}`;
  const note =
    "NOTE: this is only a preview and might not be what a subsequent\nprune call does if backups are removed/added in the meantime.\n\n";
  return `${note}${[["Backup", "Backup-ID", "Prune-Mark"], ...lines].map(print).join("\n")}\n`;
}

function statusTable(rows: Row[]): string {
  const width = Math.max(...rows.map((row) => String(row.storage).length)) + 1;
  const print = (cells: string[]): string => {
    const [name = "", type = "", status = "", total = "", used = "", left = "", share = ""] = cells;
    return `${name.padEnd(width)} ${type.padStart(10)} ${status.padStart(10)} ${total.padStart(15)} ${used.padStart(15)} ${left.padStart(15)} ${share.padStart(8)}`;
  };
  const kib = (value: unknown): string => String(Math.floor(Number(value) / 1024));
  const lines = [...rows]
    .sort((a, b) => (String(a.storage) < String(b.storage) ? -1 : 1))
    .map((row) => {
      const state = row.enabled !== 1 ? "disabled" : row.active === 1 ? "active" : "inactive";
      const share = `${(Number(row.used_fraction) * 100).toFixed(2)}%`;
      const sizes = [row.total, row.used, row.avail].map(kib);
      return [
        String(row.storage),
        String(row.type),
        state,
        ...sizes,
        row.enabled === 1 ? share : "N/A",
      ];
    });
  const head = ["Name", "Type", "Status", "Total (KiB)", "Used (KiB)", "Available (KiB)", "%"];
  return `${[head, ...lines].map(print).join("\n")}\n`;
}

function contentTable(rows: Row[]): string {
  const ofGuests = rows.filter((row) => row.vmid !== undefined);
  const others = rows.filter((row) => row.vmid === undefined);
  const lines = [
    ["Volid", "Format", "Type", "Size", "VMID"],
    ...[...ofGuests, ...others].map((row) =>
      ["volid", "format", "content", "size", "vmid"].map((key) => String(row[key] ?? "")),
    ),
  ];
  const width = (column: number): number =>
    Math.max(...lines.slice(1).map((line) => line[column]?.length ?? 0), 0);
  return `${lines
    .map(([volid = "", format = "", type = "", size = "", vmid = ""]) =>
      `${volid.padEnd(width(0))} ${format.padEnd(7)} ${type.padEnd(9)} ${size.padStart(width(3))} ${vmid}`.trimEnd(),
    )
    .join("\n")}\n`;
}

function exportTable(rows: Row[]): string {
  const width = Math.max(0, ...rows.map((row) => String(row.path).length));
  return rows.map((row) => `${String(row.path).padEnd(width)} ${String(row.options)}\n`).join("");
}
