import type { TaskState } from "../../state/types";
import { decodeUpid } from "../../tasks/upid";
import type { Call, Endpoint } from "../endpoint";
import { badParameters, die } from "../errors";
import { choice, flag, optional, standard, text, whole } from "../schema";

const upid = { node: standard.node, upid: standard.upid };

/** Workers: their list, state and log. A user sees its own, others need Sys.Audit. */
export const taskEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/tasks",
    parameters: {
      node: standard.node,
      errors: optional(flag()),
      limit: optional(whole(0)),
      since: optional(whole()),
      source: optional(choice("archive", "active", "all")),
      start: optional(whole(0)),
      statusfilter: optional(text()),
      typefilter: optional(text()),
      until: optional(whole()),
      userfilter: optional(text()),
      vmid: optional(standard.vmid),
    },
    permissions: { user: "all" },
    proxyto: "node",
    handle: listTasks,
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/status",
    parameters: upid,
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const { log: _log, endtime: _end, ...task } = requireTask(call);
      return { ...task, status: task.exitstatus === undefined ? "running" : "stopped" };
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/log",
    parameters: { ...upid, start: optional(whole(0)), limit: optional(whole(0)) },
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const { start = 0, limit = 50 } = call.params;
      const lines = requireTask(call).log.map((t, index) => ({ n: index + 1, t }));
      const end = Number(limit) === 0 ? lines.length : Number(start) + Number(limit);
      return lines.slice(Number(start), end);
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/tasks/{upid}",
    parameters: upid,
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      requireTask(call);
      return null;
    },
  },
];

function listTasks({ site, node, caller, params }: Call): Record<string, unknown>[] {
  const { start = 0, limit = 50, source = "archive" } = params;
  const all = site.access.holds(node, caller, `/nodes/${node}`, "Sys.Audit");
  const wanted = (task: TaskState): boolean =>
    (all || task.user.startsWith(caller.userid)) &&
    (params.vmid === undefined || task.id === String(params.vmid)) &&
    (params.typefilter === undefined || task.type === params.typefilter) &&
    (params.userfilter === undefined || task.user.includes(String(params.userfilter))) &&
    (params.since === undefined || task.starttime >= Number(params.since)) &&
    (params.until === undefined || task.starttime <= Number(params.until)) &&
    (params.errors !== 1 || failed(task)) &&
    (source === "all" || (source === "active") === (task.exitstatus === undefined));
  return site
    .nodeState(node)
    .tasks.filter(wanted)
    .reverse()
    .slice(Number(start), Number(start) + Number(limit))
    .map(({ log: _log, exitstatus, ...task }) => ({
      ...task,
      ...(exitstatus === undefined ? {} : { status: exitstatus }),
    }));
}

function failed(task: TaskState): boolean {
  return task.exitstatus !== undefined && !/^(OK|WARNINGS: \d+)$/.test(task.exitstatus);
}

function requireTask({ site, node, caller, params }: Call): TaskState {
  const text = String(params.upid);
  if (!decodeUpid(text)) throw badParameters({ upid: `unable to parse worker upid '${text}'` });
  const task = site.tasks.find(node, text);
  if (!task) throw die("no such task");
  if (!task.user.startsWith(caller.userid)) {
    site.access.require(node, caller, `/nodes/${node}`, ["Sys.Audit"]);
  }
  return task;
}
