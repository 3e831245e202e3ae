import { requireBackupPrivileges } from "../../backup/backups";
import { backupOptions, vzdumpConf } from "../../backup/options";
import { archivedText } from "../../backup/archiveText";
import { folderOf } from "../../storage/names";
import { requireVolumeAccess } from "../../storage/volumeAccess";
import { parseName, parseVolumeId, requireVolume } from "../../storage/volumes";
import type { Call, Endpoint } from "../endpoint";
import { badParameters, die, PveError } from "../errors";
import { flag, optional, standard, text } from "../schema";
import { BACKUP_FIELDS } from "./backupFields";
import { requireRetention } from "./storageFields";

/** Backups at once, and what is in them. */
export const vzdumpEndpoints: Endpoint[] = [
  {
    method: "POST",
    path: "/nodes/{node}/vzdump",
    returns: "string",
    parameters: {
      ...BACKUP_FIELDS,
      "job-id": optional(text({ maxLength: 50, pattern: "\\S+" })),
      stdout: optional(flag()),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: ({ site, node, caller, params }) => {
      if (params.stdout === 1) {
        throw badParameters({ stdout: "option is only allowed on the command line interface." });
      }
      requireBackupPrivileges(site, node, caller, params);
      requireRetention(params);
      const { node: _path, ...wanted } = params;
      return site.backups.start(node, wanted, caller);
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/vzdump/defaults",
    returns: "object",
    parameters: { node: standard.node, storage: optional(standard.storage) },
    permissions: { user: "all" },
    proxyto: "node",
    handle: defaults,
  },
  {
    method: "GET",
    path: "/nodes/{node}/vzdump/extractconfig",
    returns: "string",
    parameters: { node: standard.node, volume: text() },
    permissions: { user: "all" },
    proxyto: "node",
    handle: ({ site, node, caller, params }) => {
      const volid = String(params.volume);
      requireVolumeAccess(site, node, caller, volid, undefined, "backup");
      const { storage, name } = parseVolumeId(volid);
      const { vmid } = parseName(site.storages.config(node, storage).type, name);
      site.access.require(node, caller, `/vms/${vmid}`, ["VM.Backup"]);
      const { archive } = requireVolume(site, node, volid);
      if (!archive) throw die(`ERROR: couldn't determine archive info from '${volid}'`);
      return archivedText(/-lxc-\d+-/.test(name) ? "lxc" : "qemu", archive);
    },
  },
];

/** What a backup would do that says nothing; some of it is for administrators. */
function defaults({ site, node, caller, params }: Call): Record<string, unknown> {
  const conf = vzdumpConf(site, node);
  const given = params.storage === undefined ? {} : { storage: params.storage };
  const { storage, ...options } = backupOptions(site, node, given);
  const rights = ["Datastore.Audit", "Datastore.AllocateSpace"];
  if (!rights.some((right) => site.access.holds(node, caller, `/storage/${storage}`, right))) {
    throw new PveError(403, `Permission check failed (/storage/${storage}, ${rights.join("|")})`);
  }
  const config = site.storages.config(node, storage);
  const sees = site.access.holds(node, caller, `/nodes/${node}`, "Sys.Audit");
  const onStorage = config["prune-backups"];
  return {
    all: 0,
    bwlimit: options.bwlimit,
    compress: options.compress,
    fleecing: { enabled: options.fleecing === undefined ? 0 : 1 },
    lockwait: options.lockwait,
    mailnotification: conf.mailnotification ?? "always",
    mode: options.mode,
    "notification-mode": conf["notification-mode"] ?? "auto",
    performance: { "max-workers": 16, "pbs-entries-max": 1_048_576 },
    pigz: Number(conf.pigz ?? 0),
    "prune-backups": onStorage ?? conf["prune-backups"] ?? "keep-all=1",
    quiet: 0,
    remove: Number(conf.remove ?? 1),
    stdexcludes: Number(conf.stdexcludes ?? 1),
    stop: 0,
    stopwait: options.stopwait,
    storage,
    zstd: Number(conf.zstd ?? 1),
    ...(sees ? { ionice: options.ionice, dumpdir: folderOf(storage, config, "backup") } : {}),
    ...(sees && options.tmpdir !== undefined ? { tmpdir: options.tmpdir } : {}),
  };
}
