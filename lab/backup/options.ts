import { badParameters } from "../api/errors";
import { parsePropertyString } from "../api/propertyString";
import { FLEECING } from "../api/propertyFormats";
import type { Values } from "../api/verify";
import type { Site } from "../site";
import { contentOf, pathOf } from "../storage/types";
import { keepsAll, parseRetention, type Retention } from "./retention";

export type Mode = "snapshot" | "suspend" | "stop";

/** How a backup is made: what was asked for, else /etc/vzdump.conf, else PVE's defaults. */
export interface BackupOptions {
  storage: string;
  mode: Mode;
  compress: string;
  retention: Retention;
  /** Old backups are removed. */
  remove: boolean;
  protected: boolean;
  notesTemplate?: string;
  /** KiB per second, 0 for no limit. */
  bwlimit: number;
  ionice: number;
  /** Minutes. */
  lockwait: number;
  stopwait: number;
  tmpdir?: string;
  /** Storage for what guests overwrite meanwhile. */
  fleecing?: string;
}

/** `key: value` lines of a node's vzdump.conf. */
export function vzdumpConf(site: Site, node: string): Record<string, string> {
  const text = site.host(node).files["/etc/vzdump.conf"]?.content ?? "";
  const lines = text.split("\n").map((line) => /^\s*([a-z-]+):\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(
    lines.filter((line) => line !== null).map(([, key, value]) => [key, value]),
  );
}

export function backupOptions(site: Site, node: string, params: Values): BackupOptions {
  const conf = vzdumpConf(site, node);
  const value = (key: string): string | undefined =>
    params[key] === undefined ? conf[key] : String(params[key]);
  const storage = value("storage") ?? "local";
  const onStorage = site.storages.definitions(node)[storage]?.["prune-backups"];
  // The storage's own comes before that of vzdump.conf.
  const given = params["prune-backups"] ?? onStorage ?? conf["prune-backups"] ?? "keep-all=1";
  const retention = parseRetention(String(given));
  const template = value("notes-template");
  const tmpdir = value("tmpdir")?.replace(/\/+$/, "");
  const fleecing = parsePropertyString(value("fleecing") ?? "", FLEECING);
  return {
    storage,
    mode: (value("mode") ?? "snapshot") as Mode,
    compress: value("compress") ?? "0",
    retention,
    remove: value("remove") !== "0" && !(retention["keep-all"] ?? 0),
    protected: value("protected") === "1",
    ...(template ? { notesTemplate: template } : {}),
    bwlimit: Number(value("bwlimit") ?? 0),
    ionice: Number(value("ionice") ?? 7),
    lockwait: Number(value("lockwait") ?? 180),
    stopwait: Number(value("stopwait") ?? 10),
    ...(tmpdir ? { tmpdir } : {}),
    ...(fleecing.enabled === "1" && fleecing.storage ? { fleecing: fleecing.storage } : {}),
  };
}

/** What keeps the whole job from starting, one line each (the constructor of PVE::VZDump). */
export function optionProblems(site: Site, node: string, options: BackupOptions): string[] {
  const { storage, tmpdir } = options;
  const problems: string[] = [];
  const config = site.storages.definitions(node)[storage];
  try {
    site.storages.requireUsable(node, storage);
  } catch (error) {
    problems.push(`could not activate storage '${storage}': ${(error as Error).message}`);
  }
  const failed = `could not get storage information for '${storage}'`;
  if (!config) problems.push(`${failed}: storage '${storage}' does not exist`);
  else if (!contentOf(config).includes("backup")) {
    problems.push(`${failed}: can't use storage '${storage}' for backups - wrong content type`);
  }
  if (tmpdir !== undefined && !isDirectory(site, node, tmpdir)) {
    problems.push(`tmpdir '${tmpdir}' does not exist`);
  }
  return problems;
}

/** Folders of a node that a backup may use meanwhile: those that every system has, and storages. */
function isDirectory(site: Site, node: string, path: string): boolean {
  return ["/tmp", "/var/tmp", "/root"].includes(path) || storageAt(site, node, path) !== undefined;
}

/** The storage that a path of a node lies on, if it is no place of the root file system. */
export function storageAt(site: Site, node: string, path: string): string | undefined {
  return Object.entries(site.storages.definitions(node)).find(([id, config]) => {
    const root = pathOf(id, config);
    return site.storages.type(config).files && (path === root || path.startsWith(`${root}/`));
  })?.[0];
}

/** PVE::VZDump::verify_vzdump_parameters. */
export function checkBackupParameters(params: Values): void {
  for (const key of ["all", "exclude", "pool"]) {
    const set = params[key] !== undefined && params[key] !== "" && params[key] !== 0;
    if (params.vmid && set) throw badParameters({ [key]: "option conflicts with option 'vmid'" });
  }
  const problem = templateProblem(String(params["notes-template"] ?? ""));
  if (problem !== undefined) throw badParameters({ "notes-template": problem });
  const selects = params.all === 1 || params.exclude !== undefined || params.pool || params.vmid;
  if (!selects && params.stop !== 1) throw badParameters({ vmid: "property is missing" });
}

/** What is wrong with a template for notes. */
export function templateProblem(template: string): string | undefined {
  if (template.includes("\n")) return "contains a line feed\n";
  const unknown = [
    ...[...template.matchAll(/\\(.)/g)]
      .filter(([, character = ""]) => !/[n\\]/.test(character))
      .map((match) => `escape sequence '\\${match[1]}' at char ${match.index}`),
    ...[...template.matchAll(/\{\{([^\s{}]+)\}\}/g)]
      .filter(([, name = ""]) => !/^(cluster|guestname|node|vmid)$/.test(name))
      .map((match) => `variable '${match[1]}' at char ${match.index + 2}`),
  ];
  return unknown.length === 0 ? undefined : `found unknown: ${unknown.join(", ")}\n`;
}

/** The notes that a template makes for one guest. */
export function notesFrom(template: string, values: Record<string, string>): string {
  return template
    .replace(/\\(.)/g, (_all, character: string) => (character === "n" ? "\n" : character))
    .replace(/\{\{(\w+)\}\}/g, (all, name: string) => values[name] ?? all);
}

/** Counts backups that a retention allows; 0 where it keeps all. */
export function backupLimit(retention: Retention): number {
  if (keepsAll(retention)) return 0;
  return Object.values(retention).reduce((sum, count) => sum + count, 0);
}
