import type { Site } from "../site";
import type { ServiceState } from "./manager";

/** Lines of `ha-manager status` and entries of GET /cluster/ha/status/current. */
export interface HaStatusEntry {
  id: string;
  type: "quorum" | "master" | "lrm" | "service";
  node: string;
  status: string;
  quorate?: number;
  sid?: string;
  state?: string;
  /** The state without the request: what the manager last brought about. */
  crm_state?: string;
  request_state?: string;
  max_restart?: number;
  max_relocate?: number;
  failback?: number;
  comment?: string;
  timestamp?: number;
}

/** A guest that is still starting or stopping was last seen in the other state. */
const CRM_STATE: Record<ServiceState, string> = {
  started: "started",
  starting: "started",
  stopping: "request_stop",
  stopped: "stopped",
  disabled: "stopped",
  ignored: "ignored",
  error: "error",
};

export function haStatus(site: Site, node: string): HaStatusEntry[] {
  const config = site.pmxcfs(node);
  const { resources } = config.ha;
  const quorate = site.quorum.isQuorate(node);
  const now = Math.floor(site.clock.now() / 1000);
  const stamp = asctime(site.clock.now());
  const entries: HaStatusEntry[] = [
    {
      id: "quorum",
      type: "quorum",
      node,
      status: quorate ? "OK" : `No quorum on node '${node}'!`,
      quorate: quorate ? 1 : 0,
    },
  ];
  const master = site.ha.master(config);
  if (master !== "") {
    entries.push({
      id: "master",
      type: "master",
      node: master,
      status: `${master} (active, ${stamp})`,
      timestamp: now,
    });
  }
  for (const name of site.members(node)) {
    const busy = Object.keys(resources).some(
      (sid) => config.guests[sid.split(":")[1] ?? ""]?.node === name,
    );
    const mode = site.ha.active(name) ? (busy ? "active" : "idle") : "old timestamp - dead?";
    entries.push({
      id: `lrm:${name}`,
      type: "lrm",
      node: name,
      status: `${name} (${mode}, ${stamp})`,
      timestamp: now,
    });
  }
  for (const [sid, resource] of Object.entries(resources).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { state, node: where } = site.ha.serviceState(config, sid);
    const { max_restart = 1, max_relocate = 1, failback = true, comment } = resource;
    entries.push({
      id: `service:${sid}`,
      type: "service",
      node: where,
      sid,
      state,
      crm_state: CRM_STATE[state],
      request_state: resource.state,
      max_restart,
      max_relocate,
      failback: failback ? 1 : 0,
      ...(comment === undefined ? {} : { comment }),
      status: `${sid} (${where}, ${state})`,
    });
  }
  return entries;
}

export function haStatusText(site: Site, node: string): string {
  const lines = haStatus(site, node).map((entry) =>
    entry.type === "quorum" ? `quorum ${entry.status}` : `${entry.type} ${entry.status}`,
  );
  return `${lines.join("\n")}\n`;
}

/** `Mon Nov 23 10:24:19 2026`, as Perl's scalar localtime prints it. */
export function asctime(time: number): string {
  const parts = new Date(time).toUTCString().split(/[ ,]+/);
  const [weekday, day = "", month, year, hour] = parts;
  return `${weekday} ${month} ${String(Number(day)).padStart(2, " ")} ${hour} ${year}`;
}
