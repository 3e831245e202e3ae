import { randomBytes, randomUUID } from "node:crypto";
import { corosyncConf } from "../cluster/corosyncConf";
import type { HostState, LabState, Pmxcfs } from "../state/types";
import { INSTALLED_STORAGES } from "../storage/types";

/** What pmxcfs keeps on disk. In the lab it says which cluster file system it holds. */
export const DATABASE = "/var/lib/pve-cluster/config.db";
/** Of corosync; every member has the same. */
export const AUTHKEY = "/etc/corosync/authkey";
/** Where corosync takes its configuration from; pmxcfs keeps it like the cluster's. */
export const COROSYNC_CONF = "/etc/corosync/corosync.conf";

const HEAD = "SQLite format 3: cluster file system ";
const DUMP = "BEGIN TRANSACTION;\n-- ";

export const databaseText = (id: string): string => `${HEAD}${id}\n`;

/** Whether text is a database that is whole. */
export const isDatabase = (text: string): boolean => text.startsWith(HEAD) && text.endsWith("\n");

/** As `sqlite3 FILE .dump` writes it: everything that the file system holds. */
export function dump(state: LabState, database: string): string | undefined {
  const config = isDatabase(database) ? state.pmxcfs[idOf(database)] : undefined;
  return config && `${DUMP}${JSON.stringify(config)}\nCOMMIT;\n`;
}

/** Whether a database holds corosync.conf. */
export const isOfCluster = (state: LabState, database: string): boolean =>
  isDatabase(database) && state.pmxcfs[idOf(database)]?.corosync !== undefined;

/** The database that a dump makes, or undefined where the dump is not whole. */
export function restore(state: LabState, text: string): string | undefined {
  if (!text.startsWith(DUMP) || !text.endsWith("\nCOMMIT;\n")) return undefined;
  const config = JSON.parse(text.slice(DUMP.length, -"\nCOMMIT;\n".length)) as Pmxcfs;
  state.pmxcfs[config.id] ??= config;
  return databaseText(config.id);
}

/**
 * What pmxcfs does when it starts: it opens its database. Where there is none it makes one, and takes corosync.conf
 * into it; the rest of that cluster's file system comes once the node has quorum (pmxcfs.c). False where the database
 * is broken.
 */
export function openDatabase(state: LabState, host: HostState): boolean {
  const { node } = host;
  if (!node) return false;
  const found = host.files[DATABASE]?.content;
  if (found !== undefined) {
    const id = idOf(found);
    if (!isDatabase(found) || !state.pmxcfs[id]) return false;
    node.pmxcfs = id;
    // One from before a join waits for nobody's files.
    if (!state.pmxcfs[id].corosync) delete node.joining;
    return true;
  }
  const joined = clusterOf(state, host);
  // One that has lost all it had has no authority either.
  const config = joined ?? freshFileSystem({ certificate: "", key: "" }, host.machine?.password);
  // Nobody has what is not in a database any more.
  if (!state.pmxcfs[node.pmxcfs]?.corosync) delete state.pmxcfs[node.pmxcfs];
  state.pmxcfs[config.id] = config;
  node.pmxcfs = config.id;
  if (joined) node.joining = "blank";
  host.files[DATABASE] = { content: databaseText(config.id), mode: 0o600 };
  return true;
}

/** The cluster that a host's corosync.conf belongs to. */
export function clusterOf(state: LabState, { files }: HostState): Pmxcfs | undefined {
  const text = files[COROSYNC_CONF]?.content ?? "";
  const name = /^\s*cluster_name:\s*(\S+)$/m.exec(text)?.[1];
  return Object.values(state.pmxcfs).find(
    ({ corosync }) => corosync !== undefined && corosync.clusterName === name,
  );
}

/** pmxcfs on a member that hears the others keeps corosync's own copy like the cluster's. */
export function followCorosyncConf(state: LabState, host: HostState): void {
  const corosync = state.pmxcfs[host.node?.pmxcfs ?? ""]?.corosync;
  if (!corosync) return;
  const content = corosyncConf(corosync);
  const file = (host.files[COROSYNC_CONF] ??= { content, mode: 0o640 });
  file.content = content;
}

/** A host of an older lab has no files for what it has in mind. */
export function addMissing(state: LabState): void {
  for (const host of Object.values(state.hosts)) {
    if (!host.node || host.node.database) continue;
    host.node.database = true;
    host.files[DATABASE] ??= { content: databaseText(host.node.pmxcfs), mode: 0o600 };
    followCorosyncConf(state, host);
  }
}

const idOf = (database: string): string => database.slice(HEAD.length).trim();

/** What pmxcfs holds before there is a cluster. */
export function freshFileSystem(ca: Pmxcfs["ca"], password?: string): Pmxcfs {
  return {
    id: randomUUID(),
    version: 1,
    ca,
    ticketSecret: randomBytes(32).toString("hex"),
    authorizedKeys: "",
    knownHosts: "",
    users: {
      "root@pam": {
        enable: true,
        expire: 0,
        tokens: {},
        ...(password === undefined ? {} : { password }),
      },
    },
    roles: {},
    acl: [],
    storages: structuredClone(INSTALLED_STORAGES),
    guests: {},
    ha: { resources: {}, rules: {} },
    jobs: {},
  };
}
