import { digestOf } from "../../guests/config";
import { guestOf, jobsOf } from "../../replication/jobs";
import type { JobStatus } from "../../replication/replications";
import { replicatedVolumes } from "../../replication/volumes";
import type { Section } from "../../state/settings";
import { clusterFile, requireUnmodified } from "../clusterFile";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, type Parameters, standard, text } from "../schema";
import { changedSection, describeSection, newSection, type SectionType } from "../sections";
import { releaseOf } from "../version";

/** Whose guest it is, the handlers ask. */
const everybody: Permissions = { user: "all" };
const id = text({ format: "pve-replication-job-id", pattern: "[1-9][0-9]{2,8}-\\d{1,9}" });

const jobFields: Parameters = {
  comment: optional(text({ maxLength: 4096 })),
  disable: optional(flag()),
  rate: optional({ type: "number", minimum: 1 }),
  remove_job: optional(choice("local", "full")),
  schedule: optional(text({ maxLength: 128, format: "pve-calendar-event" })),
  source: optional(text({ format: "pve-node" })),
};
const KEYS: SectionType = { fixed: ["target"], optional: Object.keys(jobFields) };

/** Replication jobs (replication.cfg), and how they went on each node. One that is marked for it is ended by the scheduler. */
export const replicationEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/cluster/replication",
    returns: "array",
    parameters: {},
    permissions: everybody,
    handle: ({ site, node, caller }) =>
      Object.entries(jobsOf(site, node))
        .filter(([name]) => site.access.holds(node, caller, `/vms/${guestOf(name)}`, "VM.Audit"))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, job]) => describeJob(name, job)),
  },
  {
    method: "POST",
    path: "/cluster/replication",
    returns: "null",
    parameters: { id, type: choice("local"), target: text({ format: "pve-node" }), ...jobFields },
    permissions: everybody,
    handle: createJob,
  },
  {
    method: "GET",
    path: "/cluster/replication/{id}",
    returns: "object",
    parameters: { id },
    permissions: everybody,
    handle: ({ site, node, caller, params }) => {
      const jobs = jobsOf(site, node);
      const job = jobs[String(params.id)];
      if (!job) throw die(`no such replication job '${params.id}'`);
      site.access.require(node, caller, `/vms/${guestOf(params.id)}`, ["VM.Audit"]);
      return { ...describeJob(String(params.id), job), digest: digestOf(jobs) };
    },
  },
  {
    method: "PUT",
    path: "/cluster/replication/{id}",
    returns: "null",
    parameters: {
      id,
      delete: optional(text({ format: "pve-configid-list", maxLength: 4096 })),
      digest: standard.digest,
      ...jobFields,
    },
    permissions: everybody,
    handle: (call) => {
      const { id: name, delete: removed, digest, ...fields } = call.params;
      requireReplicate(call, guestOf(name));
      const jobs = writableJobs(call);
      requireUnmodified(digestOf(jobs), digest);
      const job = requireJob(jobs, name);
      jobs[String(name)] = changedSection(job, KEYS, fields, splitList(String(removed ?? "")));
      return null;
    },
  },
  {
    method: "DELETE",
    path: "/cluster/replication/{id}",
    returns: "null",
    parameters: { id, force: optional(flag()), keep: optional(flag()) },
    permissions: everybody,
    handle: (call) => {
      const { id: name, force, keep } = call.params;
      requireReplicate(call, guestOf(name));
      const jobs = writableJobs(call);
      if (force === 1) {
        if (keep === 1) throw badParameters({ keep: "conflicts with parameter 'force'" });
        delete jobs[String(name)];
        return null;
      }
      const job = requireJob(jobs, name);
      job.remove_job = keep === 1 ? "local" : "full";
      return null;
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/replication",
    returns: "array",
    parameters: { node: standard.node, guest: optional(standard.vmid) },
    permissions: everybody,
    proxyto: "node",
    handle: ({ site, node, caller, params }) =>
      site.replications
        .status(node)
        .filter(({ guest: { vmid } }) => vmid === Number(params.guest ?? vmid))
        .filter(({ guest: { vmid } }) =>
          site.access.holds(node, caller, `/vms/${vmid}`, "VM.Audit"),
        )
        .map(describeStatus),
  },
];

function createJob(call: Call): null {
  const { site, node, params } = call;
  const { id: name, type, ...fields } = params;
  const vmid = guestOf(name);
  requireReplicate(call, vmid);
  const guest = site.pmxcfs(node).guests[vmid];
  if (!guest) throw die(`Guest '${vmid}' does not exist.`);
  const target = String(fields.target);
  if (!site.members(node).includes(target)) throw die(`Target '${target}' does not exist.`);
  if (fields.source !== undefined && fields.source !== guest.node) {
    throw die(
      `Source '${fields.source}' does not match current node of guest '${vmid}' (${guest.node})`,
    );
  }
  if (target === guest.node) throw die("Source and target must not be identical");
  if (replicatedVolumes(site, guest).length === 0) throw die("No replicatable volumes found");
  const jobs = writableJobs(call);
  if (jobs[String(name)]) throw die(`replication job '${name}' already exists`);
  const twin = Object.entries(jobs).find(
    ([other, job]) => guestOf(other) === vmid && job.target === target,
  );
  if (twin) {
    throw die(`replication job for guest '${vmid}' to target 'local/${target}' already exists`);
  }
  jobs[String(name)] = newSection(String(type), KEYS, { source: guest.node, ...fields });
  return null;
}

function writableJobs(call: Call): Record<string, Section> {
  clusterFile(call, "replication_cfg");
  return jobsOf(call.site, call.node);
}

function requireJob(jobs: Record<string, Section>, name: unknown): Section {
  const job = jobs[String(name)];
  if (!job) throw die(`no such job '${String(name)}'`);
  return job;
}

/** On release 8 a matter of storages: `VM.Replicate` came with 9 (PVE::API2::ReplicationConfig). */
function requireReplicate({ site, node, caller }: Call, vmid: string): void {
  const onGuests = releaseOf(site.host(node)) >= 9;
  if (onGuests) site.access.require(node, caller, `/vms/${vmid}`, ["VM.Replicate"]);
  else site.access.require(node, caller, "/storage", ["Datastore.Allocate"]);
}

function describeJob(name: string, job: Section): Record<string, unknown> {
  const [guest, jobnum] = name.split("-").map(Number);
  return { id: name, guest, jobnum, ...describeSection(job, jobFields) };
}

function describeStatus({ id: name, job, guest, state, next }: JobStatus): Record<string, unknown> {
  const { lastTry, lastSync, failCount, error, duration } = state;
  return {
    ...describeJob(name, job),
    vmtype: guest.type,
    last_try: lastTry,
    last_sync: lastSync,
    fail_count: failCount,
    next_sync: next,
    ...(error === undefined ? {} : { error }),
    ...(duration === undefined ? {} : { duration }),
  };
}
