import { callAsRoot } from "../../api/dispatch";
import { seconds } from "../../seams/clock";
import { APPLIANCES } from "../../storage/appliances";
import { asPveCommand, type CommandContext, type Commands, fail, ok } from "../command";

const MIB = 1024 ** 2;

/** `qm`, `pct`, `pvesm` and `pveam`, as far as the bootstrap and a curious operator use them. */
export const guestCommands: Commands = {
  qm: (args, context) => guestCommand("qemu", args, context),
  pct: (args, context) => guestCommand("lxc", args, context),
  pvesm: (args, { site, host }) =>
    asPveCommand(async () => {
      if (args[0] !== "status") return fail(`ERROR: unknown command 'pvesm ${args[0] ?? ""}'`, 255);
      const rows = (await callAsRoot(
        site,
        host.name,
        "GET",
        `/nodes/${host.name}/storage`,
      )) as Row[];
      const lines = rows.map((row) => {
        const state = row.active === 1 ? "active" : "inactive";
        const kib = (key: string): string =>
          String(Math.round(Number(row[key]) / 1024)).padStart(15);
        const share = `${(Number(row.used_fraction) * 100).toFixed(2)}%`.padStart(8);
        return `${String(row.storage).padEnd(12)} ${String(row.type).padStart(8)} ${state.padStart(10)}${kib("total")}${kib("used")}${kib("avail")} ${share}`;
      });
      return ok(
        `Name             Type     Status           Total            Used       Available        %\n${lines.join("\n")}\n`,
      );
    }),
  pveam: (args, context) => asPveCommand(() => applianceCommand(args, context)),
};

type Row = Record<string, unknown>;

function guestCommand(type: "qemu" | "lxc", args: string[], { site, host }: CommandContext) {
  return asPveCommand(async () => {
    const [verb = "", vmid = ""] = args;
    const base = `/nodes/${host.name}/${type}`;
    switch (verb) {
      case "list": {
        const rows = (await callAsRoot(site, host.name, "GET", base)) as Row[];
        const lines = rows.map((row) => {
          const memory = String(Math.round(Number(row.maxmem) / MIB));
          return type === "qemu"
            ? `${String(row.vmid).padStart(10)} ${String(row.name).padEnd(20)} ${String(row.status).padEnd(10)} ${memory.padEnd(10)} ${String(row.pid ?? 0)}`
            : `${String(row.vmid).padEnd(10)} ${String(row.status).padEnd(10)} ${"".padEnd(12)} ${String(row.name)}`;
        });
        const head =
          type === "qemu"
            ? "      VMID NAME                 STATUS     MEM(MB)    PID"
            : "VMID       Status     Lock         Name";
        return ok(`${[head, ...lines].join("\n")}\n`);
      }
      case "status": {
        const status = (await callAsRoot(
          site,
          host.name,
          "GET",
          `${base}/${vmid}/status/current`,
        )) as Row;
        return ok(`status: ${String(status.status)}\n`);
      }
      case "config": {
        const config = (await callAsRoot(site, host.name, "GET", `${base}/${vmid}/config`)) as Row;
        const lines = Object.entries(config).filter(([key]) => key !== "digest");
        return ok(`${lines.map(([key, value]) => `${key}: ${String(value)}`).join("\n")}\n`);
      }
      case "start":
      case "stop":
      case "shutdown":
        await callAsRoot(site, host.name, "POST", `${base}/${vmid}/status/${verb}`);
        return ok();
      case "destroy":
        await callAsRoot(
          site,
          host.name,
          "DELETE",
          `${base}/${vmid}`,
          args.includes("--purge") ? { purge: "1" } : {},
        );
        return ok();
      default:
        return fail(`ERROR: unknown command '${type === "qemu" ? "qm" : "pct"} ${verb}'`, 255);
    }
  });
}

/** The template index: `pveam download STORAGE NAME` puts an archive on a storage. */
function applianceCommand(args: string[], { site, host }: CommandContext) {
  const [verb = "", storage = "", name = ""] = args;
  if (verb === "update") return ok("update successful\n");
  if (verb === "available") {
    const rows = Object.keys(APPLIANCES).map((entry) => `system          ${entry}`);
    return ok(`${rows.join("\n")}\n`);
  }
  if (verb !== "list" && verb !== "download")
    return fail(`ERROR: unknown command 'pveam ${verb}'`, 255);
  site.storages.requireUsable(host.name, storage, "vztmpl");
  const volumes = site.storages.volumes(host.name, storage);
  if (verb === "list") {
    const rows = volumes
      .filter(({ content }) => content === "vztmpl")
      .map((volume) => `${storage}:${volume.name} ${Math.round(volume.size / MIB)}MB`);
    return ok(
      `NAME                                                         SIZE\n${rows.join("\n")}\n`,
    );
  }
  const size = APPLIANCES[name];
  if (size === undefined)
    return fail(`400 Parameter verification failed.\ntemplate: no such template`, 255);
  const file = `vztmpl/${name}`;
  if (!volumes.some((volume) => volume.name === file)) {
    volumes.push({
      name: file,
      content: "vztmpl",
      format: name.slice(name.indexOf(".tar") + 1),
      size,
      ctime: seconds(site.clock),
    });
  }
  return ok(`downloading ${name} to ${storage}\ncalculating checksum...OK, checksum verified\n`);
}
