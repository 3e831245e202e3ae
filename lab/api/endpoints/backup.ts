import type { BackupJob } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import { choice, flag, optional, type Parameters, type Schema, text, whole } from "../schema";

const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };
const modify: Permissions = { check: ["perm", "/", ["Sys.Modify"]] };
const id = text({ format: "pve-configid" });

/** Inner keys that PVE hands back as an object, with their types. */
const OBJECTS: Record<string, Record<string, Schema>> = {
  fleecing: { enabled: { ...flag() }, storage: text() },
  performance: { "max-workers": whole(), "pbs-entries-max": whole() },
  "prune-backups": Object.fromEntries(
    [
      "keep-all",
      "keep-last",
      "keep-hourly",
      "keep-daily",
      "keep-weekly",
      "keep-monthly",
      "keep-yearly",
    ].map((key) => [key, text()]),
  ),
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
  "exclude-path": optional(text()),
  fleecing: optional(text()),
  ionice: optional(whole(0, 8)),
  lockwait: optional(whole(0)),
  mailnotification: optional(choice("always", "failure")),
  mailto: optional(text()),
  mode: optional(choice("snapshot", "suspend", "stop")),
  node: optional(text({ format: "pve-node" })),
  "notes-template": optional(text({ maxLength: 1024 })),
  "notification-mode": optional(choice("auto", "legacy-sendmail", "notification-system")),
  "pbs-change-detection-mode": optional(choice("legacy", "data", "metadata")),
  performance: optional(text()),
  pigz: optional(whole()),
  pool: optional(text()),
  protected: optional(flag()),
  "prune-backups": optional(text()),
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
    parameters: { id: optional(id), ...jobFields },
    permissions: modify,
    handle: (call) => {
      const jobs = writableJobs(call);
      const { id: given, ...fields } = call.params;
      const name = String(given ?? `backup-${crypto.randomUUID().slice(0, 13)}`);
      if (jobs[name]) throw die(`Job '${name}' already exists`);
      const job = asText(fields);
      checkJob(call, job);
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
      const job = requireJob(writableJobs(call), String(name));
      const changed = { ...job, ...asText(fields) };
      const selectors = ["vmid", "pool", "all", "exclude"];
      const given = selectors.find((key) => fields[key] !== undefined && fields[key] !== 0);
      // Naming another way to select guests replaces the one before.
      for (const key of selectors)
        if (given && key !== given && !(given === "exclude" && key === "all")) delete changed[key];
      for (const key of splitList(String(removed ?? ""))) delete changed[key];
      checkJob(call, changed);
      for (const key of Object.keys(job)) delete job[key];
      Object.assign(job, changed);
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
  const job = jobs[name];
  if (!job) throw badParameters({ id: `No such job '${name}'` });
  return job;
}

function checkJob({ site, node }: Call, job: BackupJob): void {
  if (!job.schedule)
    throw badParameters({ schedule: "property is missing and it is not optional" });
  const selected = [job.vmid, job.pool, job.all === "1" || job.exclude ? "1" : undefined];
  if (selected.filter((entry) => entry !== undefined).length !== 1) {
    throw badParameters({ vmid: "property is missing and it is not optional" });
  }
  if (job.storage) {
    const config = site.storages.config(node, job.storage);
    if (!(config.content ?? "").split(",").includes("backup")) {
      throw die(`storage '${job.storage}' does not support backups`);
    }
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
