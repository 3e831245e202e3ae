import type { Caller } from "../api/endpoint";
import type { Site } from "../site";
import type { TaskState } from "../state/types";

/** As many tasks as each node tells the others of (PVE::Cluster, broadcast_tasklist). */
const TOLD = 25;

/** An entry of the cluster's log (pmxcfs); `time` is in epoch seconds. */
export interface LogEntry {
  uid: number;
  id: string;
  time: number;
  /** Syslog's: 3 for errors, 6 for what goes well. */
  pri: number;
  tag: string;
  pid: number;
  node: string;
  user: string;
  msg: string;
}

/** The latest tasks of the nodes that are heard of, as every node shows them; others' need Sys.Audit. */
export function clusterTasks(site: Site, node: string, caller: Caller): Record<string, unknown>[] {
  const all = site.access.holds(node, caller, "/", "Sys.Audit");
  return heardTasks(site, node)
    .filter(({ user }) => all || user.split("!")[0] === caller.name)
    .sort((one, other) => other.starttime - one.starttime)
    .map((task) => {
      const { log: _log, exitstatus, user, ...rest } = task;
      const [userid = "", tokenid] = user.split("!");
      return {
        ...rest,
        user: userid,
        ...(tokenid === undefined ? {} : { tokenid }),
        ...(exitstatus === undefined ? {} : { status: exitstatus, saved: "1" }),
      };
    });
}

/**
 * The cluster's log, newest first: the beginnings and ends of tasks, which is most of what nodes write there. Others'
 * entries need Sys.Syslog.
 */
export function clusterLog(site: Site, node: string, caller: Caller, max?: number): LogEntry[] {
  const all = site.access.holds(node, caller, "/", "Sys.Syslog");
  const entries = heardTasks(site, node)
    .filter(({ user }) => all || user === caller.name)
    .flatMap(entriesOf)
    .sort((one, other) => one.time - other.time)
    .map((entry, index) => ({ ...entry, uid: index + 1, id: `${index + 1}:${entry.node}` }))
    .reverse();
  return max === undefined ? entries : entries.slice(0, max);
}

function heardTasks(site: Site, node: string): TaskState[] {
  return site
    .members(node)
    .filter((name) => site.isOnline(node, name))
    .flatMap((name) => site.nodeState(name).tasks.slice(-TOLD));
}

function entriesOf(task: TaskState): Omit<LogEntry, "uid" | "id">[] {
  const { upid, node, user, pid, starttime, endtime, exitstatus } = task;
  const shared = { tag: "pvedaemon", pid, node, user };
  const started = { ...shared, time: starttime, pri: 6, msg: `starting task ${upid}` };
  if (exitstatus === undefined) return [started];
  const good = exitstatus === "OK" || exitstatus.startsWith("WARNINGS:");
  const msg = `end task ${upid} ${exitstatus}`;
  return [started, { ...shared, time: endtime ?? starttime, pri: good ? 6 : 3, msg }];
}
