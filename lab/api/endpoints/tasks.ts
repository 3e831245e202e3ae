import type { TaskState } from "../../state/types";
import { decodeUpid } from "../../tasks/upid";
import type { Call, Caller, Endpoint } from "../endpoint";
import { badParameters, type PveError } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, standard, text, whole } from "../schema";

const upid = { node: standard.node, upid: standard.upid };

/** Workers: their list, state and log. A user sees its own, others need Sys.Audit. */
export const taskEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/tasks",
    returns: "array",
    parameters: {
      node: standard.node,
      errors: optional(flag()),
      limit: optional(whole(0)),
      since: optional(whole()),
      source: optional(choice("archive", "active", "all")),
      start: optional(whole(0)),
      statusfilter: optional(text({ format: "pve-task-status-type-list" })),
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
    returns: "object",
    parameters: upid,
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const task = readableTask(call, "Sys.Audit");
      if (!task) throw noSuchTask();
      const { log: _log, endtime: _end, ...rest } = task;
      const status = task.exitstatus === undefined ? "running" : "stopped";
      return { ...rest, ...ownerOf(task), status };
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/log",
    returns: "array",
    parameters: { ...upid, start: optional(whole(0)), limit: optional(whole(0)) },
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const task = readableTask(call, "Sys.Audit");
      if (!task) return [{ n: 1, t: "unable to open file - No such file or directory" }];
      const { start = 0, limit = 50 } = call.params;
      const lines = task.log.map((t, index) => ({ n: index + 1, t }));
      if (lines.length === 0) return [{ n: 1, t: "no content" }];
      const end = Number(limit) === 0 ? lines.length : Number(start) + Number(limit);
      return lines.slice(Number(start), end);
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/tasks/{upid}",
    returns: "null",
    parameters: upid,
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const task = readableTask(call, "Sys.Modify");
      if (!task) throw noSuchTask();
      call.site.backups.interrupt(task.upid);
      return null;
    },
  },
];

function listTasks({ site, node, caller, params }: Call): Record<string, unknown>[] {
  const { start = 0, limit = 50, source = "archive" } = params;
  const all = site.access.holds(node, caller, `/nodes/${node}`, "Sys.Audit");
  const user = String(params.userfilter ?? "").toLowerCase();
  const kinds = splitList(String(params.statusfilter ?? "").toLowerCase());
  const wanted = (task: TaskState): boolean =>
    (all || isOwn(task, caller)) &&
    (params.vmid === undefined || task.id === String(params.vmid)) &&
    (params.typefilter === undefined || task.type === params.typefilter) &&
    task.user.toLowerCase().includes(user) &&
    (params.since === undefined || task.starttime >= Number(params.since)) &&
    (params.until === undefined || task.starttime <= Number(params.until)) &&
    (params.errors === 1 ? outcome(task) !== "ok" : isOneOf(outcome(task), kinds)) &&
    (source === "all" || (source === "active") === (task.exitstatus === undefined));
  return site
    .nodeState(node)
    .tasks.filter(wanted)
    .reverse()
    .slice(Number(start), Number(start) + Number(limit))
    .map((task) => {
      const { log: _log, exitstatus, ...rest } = task;
      return {
        ...rest,
        ...ownerOf(task),
        ...(exitstatus === undefined ? {} : { status: exitstatus }),
      };
    });
}

function isOneOf(kind: string, kinds: string[]): boolean {
  return kinds.length === 0 || kinds.includes(kind);
}

/** PVE::UPID::normalize_status_type. */
function outcome({ exitstatus }: TaskState): "ok" | "warning" | "error" | "unknown" {
  if (exitstatus === undefined || exitstatus === "unexpected status") return "unknown";
  if (exitstatus === "OK") return "ok";
  return /^WARNINGS: \d+$/.test(exitstatus) ? "warning" : "error";
}

/** The UPID holds `user@realm!token`; answers tell both apart. */
function ownerOf({ user }: TaskState): { user: string; tokenid?: string } {
  const [name = "", tokenid] = user.split("!");
  return { user: name, ...(tokenid === undefined ? {} : { tokenid }) };
}

/** A token sees its own tasks, a user also those of its tokens. */
function isOwn({ user }: TaskState, caller: Caller): boolean {
  return user === caller.name || user.split("!")[0] === caller.name;
}

/** The task, if it exists and the caller may see it; the UPID alone tells whose it is. */
function readableTask(
  { site, node, caller, params }: Call,
  privilege: string,
): TaskState | undefined {
  const text = String(params.upid);
  const upid = decodeUpid(text);
  if (!upid) throw badParameters({ upid: "unable to parse worker upid" });
  const task = site.tasks.find(node, text);
  if (!isOwn(task ?? { ...upid, upid: text, log: [] }, caller)) {
    site.access.require(node, caller, `/nodes/${node}`, [privilege]);
  }
  return task;
}

function noSuchTask(): PveError {
  return badParameters({ upid: "no such task" });
}
