import type { BackupJob } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import {
  choice,
  flag,
  optional,
  type Parameters,
  type Properties,
  propertyString,
  PRUNE,
  type Schema,
  text,
  whole,
} from "../schema";
import type { Values } from "../verify";

const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };
const modify: Permissions = { check: ["perm", "/", ["Sys.Modify"]] };
const id = text({ maxLength: 50, pattern: "\\S+" });

const FLEECING: Properties = {
  enabled: { ...optional(flag()), default_key: 1 },
  storage: optional(text({ format: "pve-storage-id" })),
};
const PERFORMANCE: Properties = {
  "max-workers": optional(whole(1, 256)),
  "pbs-entries-max": optional(whole(1)),
};

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
  all: optional(flag()),
  bwlimit: optional(whole(0)),
  comment: optional(text({ maxLength: 512 })),
  compress: optional(choice("0", "1", "gzip", "lzo", "zstd")),
  enabled: optional(flag()),
  exclude: optional(text({ format: "pve-vmid-list" })),
  "exclude-path": optional({ type: "array", items: text() }),
  fleecing: optional(propertyString(FLEECING)),
  ionice: optional(whole(0, 8)),
  lockwait: optional(whole(0)),
  mailnotification: optional(choice("always", "failure")),
  mailto: optional(text()),
  mode: optional(choice("snapshot", "suspend", "stop")),
  node: optional(text({ format: "pve-node" })),
  "notes-template": optional(text({ maxLength: 1024 })),
  "notification-mode": optional(choice("auto", "legacy-sendmail", "notification-system")),
  "pbs-change-detection-mode": optional(choice("legacy", "data", "metadata")),
  performance: optional(propertyString(PERFORMANCE)),
  pigz: optional(whole()),
  pool: optional(text()),
  protected: optional(flag()),
  "prune-backups": optional(propertyString(PRUNE)),
  quiet: optional(flag()),
  remove: optional(flag()),
  "repeat-missed": optional(flag()),
  schedule: optional(text({ maxLength: 128 })),
  stdexcludes: optional(flag()),
  stop: optional(flag()),
  stopwait: optional(whole(0)),
  storage: optional(text({ format: "pve-storage-id" })),
  vmid: optional(text({ format: "pve-vmid-list" })),
  zstd: optional(whole()),
};

/** vzdump jobs (jobs.cfg). An unknown job is a parameter error, not a missing object. */
export const backupEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/backup",
    parameters: {},
    permissions: audit,
    handle: ({ site, node }) =>
      Object.entries(site.pmxcfs(node).jobs).map(([name, job]) => describeJob(name, job)),
  },
  {
    method: "POST",
    path: "/cluster/backup",
    parameters: { id: optional(text({ format: "pve-configid" })), ...jobFields },
    permissions: modify,
    handle: (call) => {
      const jobs = writableJobs(call);
      const { id: given, ...fields } = call.params;
      const name = String(given ?? crypto.randomUUID());
      requirePrivileges(call, fields);
      if (fields.schedule === undefined) {
        throw badParameters({ schedule: "neither 'starttime' nor 'schedule' were set" });
      }
      if (Object.hasOwn(jobs, name)) throw die(`Job '${name}' already exists`);
      const job = { enabled: "1", ...asText(fields) };
      checkJob(job);
      jobs[name] = job;
      return null;
    },
  },
  {
    method: "GET",
    path: "/cluster/backup/{id}",
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
    parameters: { id, delete: optional(text()), ...jobFields },
    permissions: modify,
    handle: (call) => {
      const { id: name, delete: removed, ...fields } = call.params;
      const remove = splitList(String(removed ?? ""));
      const jobs = writableJobs(call);
      const job = Object.hasOwn(jobs, String(name)) ? jobs[String(name)] : undefined;
      requirePrivileges(call, fields, remove, job);
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
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/cluster/backup/{id}",
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

/** PVE::VZDump::verify_vzdump_parameters. */
function checkJob(job: BackupJob): void {
  const conflict = "option conflicts with option 'vmid'";
  for (const key of ["all", "exclude", "pool"]) {
    if (job.vmid && job[key] && job[key] !== "0") throw badParameters({ [key]: conflict });
  }
  if (job.exclude !== undefined && !job.pool) job.all = "1";
  const selects = job.vmid || job.pool || job.all === "1" || job.stop === "1";
  if (!selects) throw badParameters({ vmid: "property is missing" });
}

/** Prune and fill: whoever makes a job must be able to do with its storage what the job will do. */
function requirePrivileges(
  { site, node, caller }: Call,
  fields: Values,
  remove: string[] = [],
  before?: BackupJob,
): void {
  if (caller.name === "root@pam") return;
  const touched = [...Object.keys(fields), ...remove];
  if (["bwlimit", "ionice", "performance"].some((key) => touched.includes(key))) {
    site.access.require(node, caller, "/", ["Sys.Modify"]);
  }
  const fleecing = /(?:^|,)storage=([^,]+)/.exec(String(fields.fleecing ?? ""))?.[1];
  if (fleecing !== undefined) {
    site.access.require(node, caller, `/storage/${fleecing}`, ["Datastore.AllocateSpace"]);
  }
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
