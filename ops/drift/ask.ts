import { type Connection } from "../../toolchain/launcher/connections";
import { runOverSsh } from "../../toolchain/launcher/ssh";
import { OpsError } from "../errors";
import type { Logins } from "./factors";
import type { Inventory } from "./inventory";
import { type NodeFacts, readNodeFacts, SEPARATOR } from "./nodeFacts";

type Row = Record<string, unknown>;

/** Each pvesh takes a second or two to start on a small node. */
const SLOW_MS = 60_000;

/** What the cluster has, asked of one quorate node: as root, because a token sees only what it is allowed to. */
export async function askInventory(connection: Connection, release: number): Promise<Inventory> {
  const rules = release >= 9 ? "/cluster/ha/rules" : "/cluster/ha/groups";
  const paths = [
    "/cluster/resources --type vm",
    "/storage",
    "/cluster/backup",
    "/cluster/ha/resources",
    rules,
  ];
  const lists = await askLists(connection, paths, "what the cluster has");
  const [guests, storages, jobs, resources, rulesOrGroups] = lists;
  return {
    guests: (guests ?? []).map((row) => ({
      id: String(row.vmid),
      words: `${row.type === "lxc" ? "container" : "VM"} ${String(row.name ?? "")} on ${String(row.node)}`,
    })),
    storages: (storages ?? []).map((row) => ({
      id: String(row.storage),
      words: `a storage of type ${String(row.type)}`,
    })),
    backupJobs: (jobs ?? []).map((row) => ({
      id: String(row.id),
      words: `a backup job to ${String(row.storage)} at ${String(row.schedule)}`,
    })),
    haResources: (resources ?? []).map((row) => ({ id: String(row.sid) })),
    haRules: (rulesOrGroups ?? []).map((row) => ({ id: String(row.rule ?? row.group) })),
  };
}

/** Who may log in, and with what. Others' second factors are told to root. */
export async function askLogins(connection: Connection): Promise<Logins> {
  const paths = ["/access/users", "/access/domains", "/access/tfa"];
  const [users, realms, factors] = await askLists(connection, paths, "who may log in");
  return {
    users: (users ?? []).map(({ userid, enable, expire }) => ({
      id: String(userid),
      enabled: isOn(enable),
      expires: Number(expire ?? 0),
    })),
    realms: (realms ?? []).map(({ realm, type, tfa }) => ({
      id: String(realm),
      type: String(type),
      demands: Boolean(tfa),
    })),
    factors: (factors ?? []).map(({ userid, entries }) => {
      const all = (entries ?? []) as Row[];
      const on = all.filter(({ enable }) => isOn(enable)).length;
      return { user: String(userid), on, off: all.length - on };
    }),
  };
}

/** Left out where it is on; what is off is 0, false or an empty text, by the release. */
const isOn = (enable: unknown): boolean => Number(enable ?? 1) === 1;

async function askLists(connection: Connection, paths: string[], what: string): Promise<Row[][]> {
  const command = paths
    .map((path) => `pvesh get ${path} --output-format json || exit 1; echo; echo ${SEPARATOR}`)
    .join("; ");
  const asking = runOverSsh(connection, command, SLOW_MS);
  const { stdout, stderr, code } = await asking.catch((error: Error) => {
    throw new OpsError(`${connection.host}: ${error.message}`);
  });
  if (code !== 0) {
    throw new OpsError(`${connection.host} does not tell ${what}: ${stderr.trim()}`);
  }
  return stdout.split(SEPARATOR).map(rowsOf);
}

function rowsOf(text: string): Row[] {
  if (text.trim() === "") return [];
  return JSON.parse(text) as Row[];
}

const NODE_COMMAND = [
  "pvecm status 2>&1",
  "corosync-qdevice-tool -s 2>&1",
  "systemctl is-active watchdog-mux",
  "cat /sys/class/watchdog/watchdog0/identity 2>/dev/null",
  "cat /etc/default/pve-ha-manager 2>/dev/null",
  "lsmod",
].join(`; echo ${SEPARATOR}; `);

/** What a node says of votes, QDevice and watchdog. */
export async function askNode(name: string, connection: Connection): Promise<NodeFacts> {
  const { stdout } = await runOverSsh(connection, NODE_COMMAND).catch((error: Error) => {
    throw new OpsError(`${name}: ${error.message}`);
  });
  return readNodeFacts(name, stdout);
}
