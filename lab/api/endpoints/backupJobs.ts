import { requireBackupPrivileges } from "../../backup/backups";
import { nextEvent, parseCalendarEvent } from "../../backup/calendar";
import { checkBackupParameters } from "../../backup/options";
import { seconds } from "../../seams/clock";
import type { BackupJob } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die, PveError } from "../errors";
import { splitList } from "../formats";
import { FLEECING, PERFORMANCE } from "../propertyFormats";
import { parsePropertyString } from "../propertyString";
import {
  flag,
  optional,
  type Parameters,
  type Properties,
  PRUNE,
  type Schema,
  text,
} from "../schema";
import type { Values } from "../verify";
import { BACKUP_FIELDS } from "./backupFields";
import { requireRetention } from "./storageFields";

const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };
const modify: Permissions = { check: ["perm", "/", ["Sys.Modify"]] };
const id = text({ maxLength: 50, pattern: "\\S+" });

/** Inner keys that PVE hands back as an object, with their types. It reads how many to keep as text. */
const OBJECTS: Record<string, Properties> = {
  fleecing: FLEECING,
  performance: PERFORMANCE,
  "prune-backups": Object.fromEntries(Object.keys(PRUNE).map((key) => [key, optional(text())])),
};

const NUMBERS = [
  "enabled",
  "all",
  "remove",
  "protected",
  "repeat-missed",
  "bwlimit",
  "ionice",
  "lockwait",
  "stopwait",
  "zstd",
  "quiet",
];

const jobFields: Parameters = {
  ...BACKUP_FIELDS,
  comment: optional(text({ maxLength: 512 })),
  dow: optional(text({ format: "pve-day-of-week-list" })),
  enabled: optional(flag()),
  "repeat-missed": optional(flag()),
  schedule: optional(text({ format: "pve-calendar-event", maxLength: 128 })),
  starttime: optional(text({ pattern: "\\d{1,2}:\\d{1,2}" })),
};

/** vzdump jobs (jobs.cfg). An unknown job is a parameter error, not a missing object. */
export const backupJobEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/backup",
    returns: "array",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) =>
      Object.entries(site.pmxcfs(node).jobs).map(([name, job]) => ({
        ...describeJob(name, job),
        ...nextRun(job, seconds(site.clock)),
      })),
  },
  {
    method: "POST",
    path: "/cluster/backup",
    returns: "null",
    parameters: { id: optional(text({ format: "pve-configid" })), ...jobFields },
    permissions: modify,
    handle: (call) => {
      const jobs = writableJobs(call);
      const { id: given, ...sent } = call.params;
      const name = String(given ?? crypto.randomUUID());
      requirePrivileges(call, sent);
      requirePool(call, sent.pool);
      const fields = withSchedule(sent, true);
      if (Object.hasOwn(jobs, name)) throw die(`Job '${name}' already exists`);
      const job = { enabled: "1", ...asText(fields) };
      requireRetention(fields);
      checkJob(job);
      jobs[name] = job;
      call.site.backups.scheduler.noteJob(call.node, name, job);
      return null;
    },
  },
  {
    method: "GET",
    path: "/cluster/backup/{id}",
    returns: "object",
    parameters: { id },
    permissions: audit,
    handle: ({ site, node, params }) => {
      const name = String(params.id);
      return describeJob(name, requireJob(site.pmxcfs(node).jobs, name));
    },
  },
  {
    method: "PUT",
    path: "/cluster/backup/{id}",
    returns: "null",
    parameters: { id, delete: optional(text({ format: "pve-configid-list" })), ...jobFields },
    permissions: modify,
    handle: (call) => {
      const { id: name, delete: removed, ...sent } = call.params;
      const fields = withSchedule(sent, false);
      const remove = splitList(String(removed ?? ""));
      const jobs = writableJobs(call);
      const job = Object.hasOwn(jobs, String(name)) ? jobs[String(name)] : undefined;
      requirePrivileges(call, fields, remove, job);
      requirePool(call, fields.pool);
      requireRetention(fields);
      if (Object.keys(fields).length === 0 && remove.length === 0) {
        throw die("no options specified");
      }
      // Other than reading or deleting it.
      if (!job) throw die("no such vzdump job");
      const unknown = remove.find((key) => !Object.hasOwn(jobFields, key));
      if (unknown !== undefined) throw badParameters({ delete: `unknown option '${unknown}'` });
      const changed = { ...job };
      for (const key of remove) delete changed[key];
      Object.assign(changed, asText(fields));
      keepOneSelection(changed, fields);
      checkJob(changed);
      jobs[String(name)] = changed;
      call.site.backups.scheduler.noteJob(call.node, String(name), changed);
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/cluster/backup/{id}",
    returns: "null",
    parameters: { id },
    permissions: modify,
    handle: (call) => {
      const jobs = writableJobs(call);
      requireJob(jobs, String(call.params.id));
      delete jobs[String(call.params.id)];
      return null;
    },
  },
];

function writableJobs({ site, node }: Call): Record<string, BackupJob> {
  if (!site.quorum.isQuorate(node)) throw die("cfs-lock 'file-jobs_cfg' error: no quorum!");
  return site.pmxcfs(node).jobs;
}

function requireJob(jobs: Record<string, BackupJob>, name: string): BackupJob {
  const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (!job) throw badParameters({ id: `No such job '${name}'` });
  return job;
}

/** Naming another way to select guests replaces the one before. */
function keepOneSelection(job: BackupJob, fields: Values): void {
  if (job.exclude !== undefined && job.pool === undefined) job.all = "1";
  const others =
    fields.vmid !== undefined
      ? ["all", "exclude", "pool"]
      : fields.all === 1
        ? ["vmid", "pool"]
        : job.pool !== undefined
          ? ["vmid", "all", "exclude"]
          : [];
  for (const key of others) delete job[key];
}

function checkJob(job: BackupJob): void {
  const flags = { all: Number(job.all ?? 0), stop: Number(job.stop ?? 0) };
  checkBackupParameters({ ...job, ...flags });
  if (job.exclude !== undefined && !job.pool) job.all = "1";
}

/** The older way to say when: a time, and days of the week. */
function withSchedule(fields: Values, required: boolean): Values {
  const { starttime, dow, ...rest } = fields;
  if (starttime === undefined) {
    if (required && rest.schedule === undefined) {
      throw badParameters({ schedule: "neither 'starttime' nor 'schedule' were set" });
    }
    return rest;
  }
  if (rest.schedule !== undefined) {
    throw badParameters({ starttime: "'starttime' and 'schedule' cannot both be set" });
  }
  const days = splitList(String(dow ?? "")).join(",");
  const schedule = days === "" || days === EVERY_DAY ? starttime : `${days} ${starttime}`;
  return { ...rest, schedule };
}

const EVERY_DAY = "mon,tue,wed,thu,fri,sat,sun";

function requirePool({ site, node, caller }: Call, pool: unknown): void {
  if (pool === undefined) return;
  if (!Object.hasOwn(site.pmxcfs(node).pools ?? {}, String(pool))) {
    throw new PveError(403, `Permission check failed (pool '${String(pool)}' does not exist)`);
  }
  site.access.require(node, caller, `/pool/${String(pool)}`, ["VM.Backup"]);
}

function nextRun({ schedule }: BackupJob, now: number): Record<string, number> {
  const next = schedule === undefined ? undefined : nextEvent(parseCalendarEvent(schedule), now);
  return next === undefined ? {} : { "next-run": next };
}

/** Prune and fill: whoever makes a job must be able to do with its storage what the job will do. */
function requirePrivileges(
  { site, node, caller }: Call,
  fields: Values,
  remove: string[] = [],
  before?: BackupJob,
): void {
  if (caller.name === "root@pam") return;
  const { "prune-backups": _retention, stop: _stop, ...asked } = fields;
  const gone = Object.fromEntries(remove.map((key) => [key, ""]));
  requireBackupPrivileges(site, node, caller, { ...gone, ...asked });
  const removed = remove.includes("storage") ? "local" : undefined;
  for (const storage of [fields.storage ?? removed, before?.storage]) {
    if (storage === undefined) continue;
    site.access.require(node, caller, `/storage/${storage}`, ["Datastore.Allocate"]);
  }
}

function describeJob(name: string, job: BackupJob): Record<string, unknown> {
  const entries = Object.entries(job).map(([key, value]): [string, unknown] => {
    const properties = OBJECTS[key];
    if (properties) {
      const parsed = Object.entries(parsePropertyString(value, properties));
      return [
        key,
        Object.fromEntries(
          parsed.map(([inner, text_]) => [inner, typed(properties[inner], text_)]),
        ),
      ];
    }
    if (key === "exclude-path") return [key, value.split(",")];
    return [key, NUMBERS.includes(key) ? Number(value) : value];
  });
  return { id: name, type: "vzdump", ...Object.fromEntries(entries) };
}

function typed(schema: Schema | undefined, value: string): string | number {
  return schema?.type === "boolean" || schema?.type === "integer" ? Number(value) : value;
}

function asText(fields: Record<string, string | number>): BackupJob {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}
