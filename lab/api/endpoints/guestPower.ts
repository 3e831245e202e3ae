import { forgetGuest as forgetAccess } from "../../access/pools";
import { forgetFirewall } from "../../firewall/files";
import { findGuest, GUEST_WORD, requireGuest, requireUnlocked } from "../../guests/config";
import { reboot, shutDown, start } from "../../guests/lifecycle";
import { isRunning, runState, stopGuest } from "../../guests/power";
import { currentStatus } from "../../guests/status";
import { MACHINE } from "../../guests/vmFormats";
import { addResource, removeResource, updateResource } from "../../ha/resources";
import { jobsOf, jobsOfGuest } from "../../replication/jobs";
import type { Guest } from "../../state/types";
import type { TaskLog } from "../../tasks/tasks";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die, noQuorum, PveError } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, propertyString, standard, text, whole } from "../schema";
import { requireRoot } from "./guestCommon";
import { serviceId } from "../../ha/serviceId";

const guestPath = { node: standard.node, vmid: standard.vmid };
const power: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.PowerMgmt"]] };
/** What one node tells another while a VM migrates, and what skips checks. */
const ROOT_ONLY = [
  "skiplock",
  "keepActive",
  "stateuri",
  "migratedfrom",
  "migration_type",
  "migration_network",
  "targetstorage",
  "force-cpu",
  "with-conntrack-state",
  "nets-host-mtu",
];
const ACTIONS = ["start", "stop", "shutdown", "reboot"] as const;
type Action = (typeof ACTIONS)[number];

const timeout = optional(whole(0));
const yes = optional(flag());
const FIELDS: Record<Guest["type"], Record<Action, Endpoint["parameters"]>> = {
  qemu: {
    start: {
      timeout,
      skiplock: yes,
      machine: optional(propertyString(MACHINE)),
      "force-cpu": optional(text()),
      migratedfrom: optional(standard.node),
      migration_network: optional(text({ format: "CIDR" })),
      migration_type: optional(choice("secure", "insecure")),
      "nets-host-mtu": optional(text({ pattern: "net\\d+=\\d+(,net\\d+=\\d+)*" })),
      stateuri: optional(text({ maxLength: 128 })),
      targetstorage: optional(text({ format: "storage-pair-list" })),
      "with-conntrack-state": yes,
    },
    stop: {
      timeout,
      skiplock: yes,
      keepActive: yes,
      migratedfrom: optional(standard.node),
      "overrule-shutdown": yes,
    },
    shutdown: { timeout, skiplock: yes, keepActive: yes, forceStop: yes },
    reboot: { timeout },
  },
  lxc: {
    start: { skiplock: yes, debug: yes },
    stop: { skiplock: yes, "overrule-shutdown": yes },
    shutdown: { timeout, forceStop: yes },
    reboot: { timeout },
  },
};

/** `status/current` and the power commands, the same for VMs (`qm…`) and containers (`vz…`). */
export function powerEndpoints(type: Guest["type"]): Endpoint[] {
  const base = `/nodes/{node}/${type}/{vmid}/status`;
  return [
    {
      method: "GET",
      path: `${base}/current`,
      returns: "object",
      parameters: guestPath,
      permissions: { check: ["perm", "/vms/{vmid}", ["VM.Audit"]] },
      proxyto: "node",
      handle: ({ site, node, params }) => {
        const guest = requireGuest(site, node, type, Number(params.vmid));
        const managed = site.pmxcfs(node).ha.resources[serviceId(guest)];
        return {
          ...currentStatus(site, guest),
          ha: managed ? { managed: 1, state: managed.state } : { managed: 0 },
        };
      },
    },
    ...ACTIONS.map((action): Endpoint => ({
      method: "POST",
      path: `${base}/${action}`,
      returns: "string",
      parameters: { ...guestPath, ...FIELDS[type][action] },
      permissions: power,
      proxyto: "node",
      handle: (call) => changePower(call, type, action),
    })),
  ];
}

/** On an HA guest only the wish is recorded; its task ends at once and the manager acts later. */
function changePower(call: Call, type: Guest["type"], action: Action): string {
  const { site, node, caller, params } = call;
  requireRoot(call, ...ROOT_ONLY);
  const vmid = Number(params.vmid);
  const found = findGuest(site, node, vmid);
  const guest = found?.type === type && found.node === node ? found : undefined;
  refuseAtOnce(call, type, action, guest);
  if (action === "start" && !site.quorum.isQuorate(node)) throw noQuorum();
  const id = String(vmid);
  const resource = guest && site.pmxcfs(node).ha.resources[serviceId(guest)];
  if (resource && resource.state !== "ignored" && action !== "reboot") {
    if (action === "stop" && params["overrule-shutdown"] === 1) {
      throw badParameters({ "overrule-shutdown": "Not applicable for HA resources." });
    }
    const [task, wanted] =
      action === "start" ? (["hastart", "started"] as const) : (["hastop", "stopped"] as const);
    return site.tasks.start(node, task, id, caller.name, (log) => {
      const verb = action === "start" ? "start" : "stop";
      log.info(`Requesting HA ${verb} for ${GUEST_WORD[type]} ${vmid}`);
      askManager(call, serviceId(guest), wanted, log);
    });
  }
  const prefix = type === "qemu" ? "qm" : "vz";
  return site.tasks.start(node, `${prefix}${action}`, id, caller.name, (log) =>
    work(call, requireGuest(site, node, type, vmid), action, log),
  );
}

/** What the task does is a command of its own, and that is what fails without quorum. */
function askManager(
  { site, node }: Call,
  sid: string,
  state: "started" | "stopped",
  log: TaskLog,
): void {
  try {
    updateResource(site, node, sid, { state }, []);
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    log.info(error.message);
    throw die(`command 'ha-manager set ${sid} --state ${state}' failed: exit code 255`);
  }
}

function work(
  { site, params }: Call,
  guest: Guest,
  action: Action,
  log: TaskLog,
): void | Promise<void> {
  const limit = params.timeout === undefined ? {} : { timeout: Number(params.timeout) };
  switch (action) {
    case "start":
      return start(site, guest, log, { skipLock: params.skiplock === 1 });
    case "stop":
      // A VM that does not run is stopped already.
      if (!isRunning(site, guest)) return;
      if (params.skiplock !== 1) requireUnlocked(guest);
      return stopGuest(site, guest);
    case "shutdown": {
      if (runState(site, guest)?.paused === "user") {
        log.info("VM is paused - stop instead of shutdown");
        return stopGuest(site, guest);
      }
      const force = params.forceStop === 1;
      const skipLock = params.skiplock === 1;
      return shutDown(site, guest, { force, skipLock, ...limit }, log);
    }
    case "reboot":
      return reboot(site, guest, limit.timeout, log);
    default: {
      const never: never = action;
      return never;
    }
  }
}

/** Containers say at once what VMs say in their tasks, except that neither reboots when it does not run. */
function refuseAtOnce(
  { site, params }: Call,
  type: Guest["type"],
  action: Action,
  guest: Guest | undefined,
): void {
  const vmid = Number(params.vmid);
  const running = guest !== undefined && isRunning(site, guest);
  const paused = running && runState(site, guest)?.paused === "user";
  const down = action === "reboot" || (action === "shutdown" && params.forceStop !== 1);
  if (paused && down) throw die("VM is paused - cannot shutdown");
  if (action === "reboot") {
    if (!running) throw die(`VM ${vmid} not running`);
  } else if (type === "lxc") {
    if (action === "start" && running) throw die(`CT ${vmid} already running`);
    if (action !== "start" && !running) throw die(`CT ${vmid} not running`);
  }
}

/** Hands a new guest to the HA manager, which is to run it if it was to be started. */
export function manage({ site, node, params }: Call, guest: Guest): void {
  const state = params.start === 1 ? "started" : "stopped";
  addResource(site, node, serviceId(guest), { state });
}

/** What stands in the way of destroying a guest, in PVE's words; asked before the task and again in it. */
export function checkDestroy({ site, node, params }: Call, guest: Guest): void {
  const { type, vmid } = guest;
  const word = GUEST_WORD[type];
  if (guest.config.protection === "1") {
    throw die(`can't remove ${word} ${vmid} - protection mode enabled`);
  }
  if (type === "lxc") requireUnlocked(guest);
  if (site.pmxcfs(node).ha.resources[serviceId(guest)] && params.purge !== 1) {
    throw die(
      `unable to remove ${word} ${vmid} - used in HA resources and purge parameter not set.`,
    );
  }
  const replicated = jobsOfGuest(site, node, vmid)[0]?.[0];
  if (replicated !== undefined && params.purge !== 1) {
    throw die(
      `There is a replication job '${replicated}' for guest '${vmid}' - Please remove that first.`,
    );
  }
  if (!isRunning(site, guest)) return;
  if (type === "qemu") throw die(`VM ${vmid} is running - destroy failed`);
  if (params.force !== 1) throw die(`unable to destroy CT ${vmid} - container is running`);
}

/** What names a guest that is gone: its pool, access list and firewall always, with `purge` backup jobs and HA as well. */
export function forgetGuest({ site, node, params }: Call, guest: Guest): void {
  const config = site.pmxcfs(node);
  forgetAccess(config, guest.vmid);
  forgetFirewall(config, guest.vmid);
  if (params.purge !== 1) return;
  for (const [name] of jobsOfGuest(site, node, guest.vmid)) delete jobsOf(site, node)[name];
  const sid = serviceId(guest);
  if (config.ha.resources[sid]) removeResource(site, node, sid, true);
  const without = (list: string): string =>
    splitList(list)
      .filter((entry) => entry !== String(guest.vmid))
      .join(",");
  for (const [name, job] of Object.entries(config.jobs)) {
    if (job.vmid !== undefined) {
      job.vmid = without(job.vmid);
      // A job that is left without guests would back up nothing.
      if (job.vmid === "") delete config.jobs[name];
    } else if (job.exclude !== undefined) {
      job.exclude = without(job.exclude);
      if (job.exclude === "") delete job.exclude;
    }
  }
}
