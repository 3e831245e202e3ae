import { countActive } from "./manager/services";
import { asctime } from "../../seams/clock";
import { sortedKeys } from "./text";
import type {
  DatacenterSettings,
  HaFiles,
  LrmStatus,
  ManagerStatus,
  Resource,
  ServiceStatus,
} from "./types";

/** What one node knows when somebody asks it for the state of HA. */
export interface ReportSource {
  node: string;
  quorate: boolean;
  /** Release 8 tells nothing of watchdogs and fencing. */
  release: 8 | 9;
  /** Epoch seconds. */
  now: number;
  files: HaFiles;
  resources: Record<string, Resource>;
  settings: DatacenterSettings;
}

/** An entry of GET /cluster/ha/status/current; `ha-manager status` prints `<type> <status>` of each. */
export interface StatusEntry {
  id: string;
  type: "quorum" | "master" | "fencing" | "lrm" | "service";
  /** Absent for a service whose guest is gone. */
  node?: string;
  status: string;
  quorate?: 0 | 1;
  timestamp?: number;
  "armed-state"?: "armed" | "standby" | "disarming" | "disarmed";
  resource_mode?: "freeze" | "ignore";
  sid?: string;
  state?: string;
  crm_state?: string;
  request_state?: string;
  max_restart?: number;
  max_relocate?: number;
  failback?: 0 | 1;
  group?: string;
  comment?: string;
}

/** Seconds after which a daemon that has not written counts as dead. */
const STALE = 30;

export function statusEntries(source: ReportSource): StatusEntry[] {
  const { node, quorate, files, resources } = source;
  const { manager_status: status } = files;
  const known = sortedKeys(status.service_status);
  const queued = sortedKeys(resources).filter((sid) => !status.service_status[sid]);
  return [
    {
      id: "quorum",
      type: "quorum",
      node,
      status: quorate ? "OK" : `No quorum on node '${node}'!`,
      quorate: quorate ? 1 : 0,
    },
    ...masterEntry(source),
    ...(source.release === 8 ? [] : [fencingEntry(source)]),
    ...sortedKeys(status.node_status).map((name) => lrmEntry(source, name)),
    ...[...known, ...queued].map((sid) => serviceEntry(source, sid)),
  ];
}

/** What `ha-manager status` prints. */
export function statusText(source: ReportSource): string {
  return statusEntries(source)
    .map(({ type, status }) => `${type} ${status}\n`)
    .join("");
}

/** GET /cluster/ha/status/manager_status. */
export function managerStatusReport({ node, quorate, files }: ReportSource): {
  manager_status: ManagerStatus;
  quorum: { node: string; quorate: 0 | 1 };
  lrm_status: Record<string, LrmStatus | undefined>;
} {
  const nodes = sortedKeys(files.manager_status.node_status);
  return {
    manager_status: files.manager_status,
    quorum: { node, quorate: quorate ? 1 : 0 },
    lrm_status: Object.fromEntries(nodes.map((name) => [name, files.lrm_status[name]])),
  };
}

/** What operators read for a service: its state, with what is already known to come (Tools.pm). */
export function verboseState(service: ServiceStatus | undefined, resource?: Resource): string {
  if (!resource) return "deleting";
  const wanted = resource.state;
  if (wanted === "ignored") return "ignored";
  if (resource.node === undefined) return "not found";
  if (!service) return "queued";
  switch (service.state) {
    case "stopped":
      if (wanted === "started") return "starting";
      return wanted === "disabled" ? "disabled" : "stopped";
    case "started":
      if (!service.running) return "starting";
      return wanted === "started" ? "started" : "stopping";
    case "error":
      return wanted === "disabled" ? "clearing error flag" : "error";
    default:
      return service.state;
  }
}

function masterEntry({ quorate, now, files, resources, settings }: ReportSource): StatusEntry[] {
  const { master_node: node, timestamp, disarm } = files.manager_status;
  if (node === undefined || timestamp === undefined) return [];
  const age = liveness(now, timestamp);
  const idle = quorate && age !== "active" && Object.keys(resources).length === 0;
  const crs = settings.crs?.ha ?? "basic";
  const extra = [
    disarm ? ` - ${disarm.state}, resource mode: ${disarm.mode}` : "",
    crs === "basic" ? "" : ` - ${crs} load CRS`,
  ].join("");
  const status = `${node} (${idle ? "idle" : age}, ${asctime(timestamp)})${extra}`;
  return [{ id: "master", type: "master", node, status, timestamp }];
}

function fencingEntry({ node, now, files }: ReportSource): StatusEntry {
  const { master_node, timestamp, disarm } = files.manager_status;
  const entry = { id: "fencing", type: "fencing" as const, node: master_node ?? node };
  if (disarm) {
    const watchdog = disarm.state === "disarmed" ? "released" : "active";
    return {
      ...entry,
      status: `${disarm.state}, resource mode: ${disarm.mode} (CRM watchdog ${watchdog})`,
      "armed-state": disarm.state,
      resource_mode: disarm.mode,
    };
  }
  const active =
    master_node !== undefined && timestamp !== undefined && liveness(now, timestamp) === "active";
  const state = active ? "armed" : "standby";
  const watchdog = active ? "active" : "standby";
  return { ...entry, status: `${state} (CRM watchdog ${watchdog})`, "armed-state": state };
}

function lrmEntry({ now, files, release }: ReportSource, node: string): StatusEntry {
  const entry = { id: `lrm:${node}`, type: "lrm" as const, node };
  const lrm = files.lrm_status[node];
  if (!lrm?.timestamp) return { ...entry, status: `${node} (unable to read lrm status)` };
  const { timestamp } = lrm;
  const age = liveness(now, timestamp);
  const active = countActive(files.manager_status.service_status, node);
  const watchdog = release === 8 ? [] : [lrmWatchdog(lrm, age)];
  const words = [lrmWords(lrm, age, active), ...watchdog, asctime(timestamp)];
  return { ...entry, status: `${node} (${words.join(", ")})`, timestamp };
}

function lrmWords({ mode, state }: LrmStatus, age: string, activeServices: number): string {
  const special = mode === "maintenance" || mode === "disarm";
  if (age !== "active") return special ? `${mode} mode` : age;
  if (mode !== "active") return `${mode} mode`;
  return state === "wait_for_agent_lock" && activeServices === 0 ? "idle" : state;
}

function lrmWatchdog({ mode, state }: LrmStatus, age: string): string {
  const holds = state === "active" || state === "maintenance";
  if (age === "active" && holds) return "watchdog active";
  return mode === "disarm" ? "watchdog released" : "watchdog standby";
}

function serviceEntry({ files, resources, release }: ReportSource, sid: string): StatusEntry {
  const { service_status, disarm } = files.manager_status;
  const service = service_status[sid];
  const resource = resources[sid];
  const node = service?.node ?? resource?.node;
  const ignored = disarm?.mode === "ignore";
  const state = ignored ? "ignore" : verboseState(service, resource);
  return {
    id: `service:${sid}`,
    type: "service",
    sid,
    ...(node === undefined ? {} : { node }),
    ...(service ? { crm_state: service.state } : {}),
    state,
    status: `${sid} (${node ?? "---"}, ${state})`,
    ...(resource ? attributes(resource, release) : {}),
  };
}

function attributes(resource: Resource, release: 8 | 9): Partial<StatusEntry> {
  const { state, max_restart, max_relocate, failback, group, comment } = resource;
  return {
    request_state: state,
    max_restart,
    max_relocate,
    ...(release === 8 ? {} : { failback: failback ? 1 : 0 }),
    ...(group === undefined ? {} : { group }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function liveness(now: number, timestamp: number): string {
  if (now - timestamp > STALE) return "old timestamp - dead?";
  return now - timestamp < -2 ? "detected time drift!" : "active";
}
