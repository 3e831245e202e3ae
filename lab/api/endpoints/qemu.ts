import { requireGuest, requireWritable, typedConfig } from "../../guests/config";
import { growDrive } from "../../guests/drives";
import { isRunning, runState, startGuest, stopGuest } from "../../guests/power";
import { guestStatus } from "../../guests/status";
import { checkNewVm, createVm, destroyVm, updateVm } from "../../guests/vm";
import { DRIVE, VM_OPTIONS, VM_ROOT_ONLY, vmPrivilege } from "../../guests/vmOptions";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die, PveError } from "../errors";
import { splitList } from "../formats";
import { choice, flag, optional, standard, text, whole } from "../schema";
import { checkDestroy, powerEndpoints, purgeReferences, serviceId } from "./guestPower";

const TYPE = "qemu";
const guestPath = { node: standard.node, vmid: standard.vmid };
const audit: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Audit"]] };
/** Which of them, the handler checks key by key. */
const configure: Permissions = {
  check: [
    "perm",
    "/vms/{vmid}",
    [
      "VM.Config.Disk",
      "VM.Config.CDROM",
      "VM.Config.CPU",
      "VM.Config.Memory",
      "VM.Config.Network",
      "VM.Config.HWType",
      "VM.Config.Options",
      "VM.Config.Cloudinit",
    ],
    { any: 1 },
  ],
};

const configFields = {
  ...guestPath,
  ...VM_OPTIONS,
  background_delay: optional(whole(1, 30)),
  delete: optional(text()),
  digest: standard.digest,
  force: optional(flag()),
  revert: optional(text()),
  skiplock: optional(flag()),
};

export const qemuEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/qemu",
    parameters: { node: standard.node, full: optional(flag()) },
    permissions: { user: "all" },
    proxyto: "node",
    handle: ({ site, node, caller }) =>
      Object.values(site.pmxcfs(node).guests)
        .filter((guest) => guest.type === TYPE && guest.node === node)
        .filter((guest) => site.access.holds(node, caller, `/vms/${guest.vmid}`, "VM.Audit"))
        .map((guest) => guestStatus(site, guest)),
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu",
    parameters: {
      ...guestPath,
      ...VM_OPTIONS,
      pool: optional(text()),
      start: optional(flag()),
      storage: optional(standard.storage),
      unique: optional(flag()),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Allocate"]] },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const vmid = Number(params.vmid);
      const { node: _node, ...options } = params;
      requirePrivileges(call, vmid);
      checkNewVm(site, node, vmid, options);
      return site.tasks.start(node, "qmcreate", String(vmid), caller.name, () => {
        const guest = createVm(site, node, vmid, options);
        if (params.start === 1) startGuest(site, guest);
      });
    },
  },
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/config",
    parameters: { ...guestPath, current: optional(flag()), snapshot: optional(text()) },
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) =>
      typedConfig(requireGuest(site, node, TYPE, Number(params.vmid)), VM_OPTIONS),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/config",
    parameters: configFields,
    permissions: configure,
    proxyto: "node",
    handle: (call) => {
      changeConfig(call);
      return null;
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/config",
    parameters: configFields,
    permissions: configure,
    proxyto: "node",
    handle: (call) =>
      call.site.tasks.start(call.node, "qmconfig", String(call.params.vmid), call.caller.name, () =>
        changeConfig(call),
      ),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/resize",
    parameters: {
      ...guestPath,
      digest: standard.digest,
      disk: text(),
      size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }),
      skiplock: optional(flag()),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Config.Disk"]] },
    proxyto: "node",
    handle: ({ site, node, caller, params }) => {
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      requireWritable(site, guest);
      const disk = String(params.disk);
      const before = guest.config[disk];
      if (before === undefined) throw die(`disk '${disk}' does not exist`);
      return site.tasks.start(node, "resize", String(guest.vmid), caller.name, () => {
        const place = { site, node, vmid: guest.vmid };
        guest.config[disk] = growDrive(place, before, String(params.size), DRIVE);
      });
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/migrate",
    parameters: {
      ...guestPath,
      bwlimit: optional(whole(0)),
      force: optional(flag()),
      migration_network: optional(text()),
      migration_type: optional(choice("secure", "insecure")),
      online: optional(flag()),
      target: standard.node,
      targetstorage: optional(text()),
      "with-conntrack-state": optional(flag()),
      "with-local-disks": optional(flag()),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Migrate"]] },
    proxyto: "node",
    handle: migrate,
  },
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces",
    parameters: guestPath,
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.GuestAgent.Audit"]] },
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      if (!isRunning(site, guest)) throw die(`VM ${guest.vmid} is not running`);
      // Nothing is installed in the lab's guests, so no agent ever answers.
      throw die("QEMU guest agent is not running");
    },
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/qemu/{vmid}",
    parameters: {
      ...guestPath,
      "destroy-unreferenced-disks": optional(flag()),
      purge: optional(flag()),
      skiplock: optional(flag()),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Allocate"]] },
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      const guest = requireGuest(site, node, TYPE, Number(params.vmid));
      checkDestroy(call, guest);
      return site.tasks.start(node, "qmdestroy", String(guest.vmid), caller.name, () => {
        destroyVm(site, guest);
        if (params.purge === 1) purgeReferences(call, guest);
      });
    },
  },
  ...powerEndpoints(TYPE),
];

function changeConfig(call: Call): void {
  const { site, node, params } = call;
  const {
    node: _n,
    vmid,
    delete: removed,
    digest: _d,
    force: _f,
    skiplock: _s,
    revert: _r,
    background_delay: _b,
    ...options
  } = params;
  const guest = requireGuest(site, node, TYPE, Number(vmid));
  requirePrivileges(call, guest.vmid);
  updateVm(site, guest, options, splitList(String(removed ?? "")));
}

/** Each key has its own privilege; a network card also needs the right to use its bridge. */
function requirePrivileges({ site, node, caller, params, sent }: Call, vmid: number): void {
  const removed = splitList(String(params.delete ?? ""));
  for (const key of [...sent, ...removed]) {
    if (VM_ROOT_ONLY.includes(key) && caller.name !== "root@pam") {
      throw new PveError(403, `only root can set '${key}' config`);
    }
    if (VM_OPTIONS[key] === undefined && !/\d+$/.test(key)) continue;
    site.access.require(node, caller, `/vms/${vmid}`, [vmPrivilege(key)]);
    if (key === "startup") site.access.require(node, caller, "/", ["Sys.Modify"]);
    const bridge = /^net\d+$/.test(key) && /bridge=([^,]+)/.exec(String(params[key] ?? ""))?.[1];
    if (bridge) site.access.require(node, caller, `/sdn/zones/localnetwork/${bridge}`, ["SDN.Use"]);
    const storage = /^(?:file=)?([^,:=]+):/.exec(String(params[key] ?? ""))?.[1];
    if (storage && vmPrivilege(key) === "VM.Config.Disk") {
      site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
    }
  }
}

/** The move itself, without its duration: the guest's file, and the process if it runs. */
function migrate({ site, node, caller, params }: Call): string {
  const guest = requireGuest(site, node, TYPE, Number(params.vmid));
  const target = String(params.target);
  const running = isRunning(site, guest);
  if (!site.members(node).includes(target)) throw die(`no such cluster node '${target}'`);
  if (target === node) throw die("target is local node.");
  if (running && params.online !== 1) throw die("can't migrate running VM without --online");
  if (!site.isOnline(node, target)) throw die(`target node '${target}' is offline`);
  const managed = site.pmxcfs(node).ha.resources[serviceId(guest)] !== undefined;
  return site.tasks.start(
    node,
    managed ? "hamigrate" : "qmigrate",
    String(guest.vmid),
    caller.name,
    () => {
      const run = runState(site, guest);
      if (running) stopGuest(site, guest);
      guest.node = target;
      if (running && run) site.nodeState(target).running[String(guest.vmid)] = run;
    },
  );
}
