import {
  digestOf,
  requireGuest,
  requireUnlocked,
  requireWritable,
  typedConfig,
} from "../../guests/config";
import { growDrive } from "../../guests/drives";
import { isRunning, runState, startGuest, stopGuest } from "../../guests/power";
import { guestStatus } from "../../guests/status";
import { checkVmChange, createVm, destroyVm, requireFree, updateVm } from "../../guests/vm";
import { DRIVE, DRIVES, VM_OPTIONS } from "../../guests/vmOptions";
import { checkDriveStorages, configKeys, requireVmPrivileges } from "../../guests/vmPrivileges";
import type { Guest } from "../../state/types";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die, noQuorum, PveError } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import { choice, flag, optional, standard, text, whole } from "../schema";
import { checkDestroy, forgetGuest, powerEndpoints, serviceId } from "./guestPower";

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
  delete: optional(text({ format: "pve-configid-list" })),
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
    permissions: { user: "all" },
    proxyto: "node",
    handle: newVm,
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
      changeConfig(call)();
      return null;
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/config",
    parameters: configFields,
    permissions: configure,
    proxyto: "node",
    handle: (call) => {
      const { site, node, caller, params } = call;
      return site.tasks.start(
        node,
        "qmconfig",
        String(params.vmid),
        caller.name,
        changeConfig(call),
      );
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/resize",
    parameters: {
      ...guestPath,
      digest: standard.digest,
      disk: choice(...DRIVES),
      size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }),
      skiplock: optional(flag()),
    },
    permissions: { check: ["perm", "/vms/{vmid}", ["VM.Config.Disk"]] },
    proxyto: "node",
    handle: ({ site, node, caller, params }) => {
      const vmid = Number(params.vmid);
      return site.tasks.start(node, "resize", String(vmid), caller.name, () => {
        const guest = requireGuest(site, node, TYPE, vmid);
        requireUnchanged(guest, params.digest);
        requireUnlocked(guest);
        const disk = String(params.disk);
        const before = guest.config[disk];
        if (before === undefined) throw die(`disk '${disk}' does not exist`);
        const { file = "", media } = parsePropertyString(before, DRIVE);
        if (media === "cdrom") throw die("you can't resize a cdrom");
        const path = `/storage/${file.split(":")[0] ?? ""}`;
        site.access.require(node, caller, path, ["Datastore.AllocateSpace"]);
        requireWritable(site, guest);
        const grown = growDrive({ site, node, vmid }, before, String(params.size), DRIVE);
        if (grown !== undefined) guest.config[disk] = grown;
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
    permissions: {
      check: [
        "perm",
        "/vms/{vmid}",
        ["VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted"],
        { any: 1 },
      ],
    },
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
      requireRoot(call, "skiplock");
      checkDestroy(call, guest);
      return site.tasks.start(node, "qmdestroy", String(guest.vmid), caller.name, () => {
        checkDestroy(call, guest);
        if (params.skiplock !== 1) requireUnlocked(guest);
        requireWritable(site, guest);
        destroyVm(site, guest, params["destroy-unreferenced-disks"] === 1);
        forgetGuest(call, guest);
      });
    },
  },
  ...powerEndpoints(TYPE),
];

/** Keys of requests about a VM's configuration that are not the configuration's. */
const REQUEST = [
  "background_delay",
  "delete",
  "digest",
  "force",
  "node",
  "pool",
  "revert",
  "skiplock",
  "start",
  "storage",
  "unique",
  "vmid",
];

function newVm(call: Call): string {
  const { site, node, caller, params } = call;
  const vmid = Number(params.vmid);
  const { node: _node, ...options } = params;
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  if (params.pool !== undefined) {
    throw new PveError(403, `Permission check failed (pool '${params.pool}' does not exist)`);
  }
  if (params.start === 1) {
    site.access.require(node, caller, `/vms/${vmid}`, ["VM.PowerMgmt"]);
  }
  if (!site.access.holds(node, caller, `/vms/${vmid}`, "VM.Allocate")) {
    throw new PveError(403, "Permission check failed");
  }
  checkDriveStorages(call, vmid);
  requireVmPrivileges(call, vmid, configKeys(call, REQUEST));
  requireFree(site, node, TYPE, vmid);
  return site.tasks.start(node, "qmcreate", String(vmid), caller.name, () => {
    const guest = createVm(site, node, vmid, options);
    if (params.start === 1) startGuest(site, guest);
  });
}

/** Checks a change and returns what makes it. */
function changeConfig(call: Call): () => void {
  const { site, node, params } = call;
  const options = Object.fromEntries(
    Object.entries(params).filter(([key]) => !REQUEST.includes(key)),
  );
  const remove = splitList(String(params.delete ?? ""));
  requireRoot(call, "skiplock");
  const guest = requireGuest(site, node, TYPE, Number(params.vmid));
  requireVmPrivileges(call, guest.vmid, configKeys(call, REQUEST), guest.config);
  checkDriveStorages(call, guest.vmid);
  requireUnchanged(guest, params.digest);
  checkVmChange(guest, options, remove);
  return () => updateVm(site, guest, options, remove);
}

function requireRoot({ caller, params }: Call, key: string): void {
  if (params[key] === 1 && caller.name !== "root@pam") {
    throw badParameters({ [key]: "Only root may use this option." });
  }
}

function requireUnchanged(guest: Guest, digest: unknown): void {
  if (digest !== undefined && digest !== digestOf(guest.config)) {
    throw die("checksum mismatch (file change by other user?)");
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
