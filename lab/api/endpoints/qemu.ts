import { addToPool } from "../../access/pools";
import { restoreVm } from "../../backup/restoreVm";
import { requireGuest, requireUnlocked, requireWritable } from "../../guests/config";
import { pendingEntries } from "../../guests/pending";
import { startGuest } from "../../guests/power";
import { guestStatus } from "../../guests/status";
import { checkVmChange, createVm, destroyVm, requireFree, updateVm } from "../../guests/vm";
import { VM_OPTIONS } from "../../guests/vmOptions";
import { checkDriveStorages, configKeys, requireVmPrivileges } from "../../guests/vmPrivileges";
import { sleep } from "../../seams/clock";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { die, noQuorum, PveError } from "../errors";
import { splitList } from "../formats";
import { flag, optional, standard, text, whole } from "../schema";
import { agentEndpoints } from "./guestAgent";
import { cloneEndpoints } from "./guestClone";
import { cloudInitEndpoints } from "./guestCloudInit";
import {
  audit,
  guestPath,
  readConfig,
  requirePool,
  requireRoot,
  requireUnchanged,
  snapshotName,
} from "./guestCommon";
import { migrateVmEndpoints } from "./guestMigrate";
import { checkDestroy, forgetGuest, manage, powerEndpoints } from "./guestPower";
import { snapshotEndpoints } from "./guestSnapshots";
import { suspendEndpoints } from "./guestSuspend";
import { vmDiskEndpoints } from "./qemuDisks";

const TYPE = "qemu";
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
  delete: optional(text({ format: "pve-configid-list" })),
  digest: optional(text({ maxLength: 40 })),
  force: optional(flag()),
  revert: optional(text({ format: "pve-configid-list" })),
  skiplock: optional(flag()),
};
/** The change that is made by a task may also be waited for. */
const taskFields = {
  ...configFields,
  background_delay: optional(whole(1, 30)),
  "import-working-storage": optional(standard.storage),
};

export const qemuEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/nodes/{node}/qemu",
    returns: "array",
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
    returns: "string",
    parameters: {
      ...guestPath,
      ...VM_OPTIONS,
      archive: optional(text({ maxLength: 255 })),
      bwlimit: optional(whole(0)),
      force: optional(flag()),
      "ha-managed": optional(flag()),
      "import-working-storage": optional(standard.storage),
      "live-restore": optional(flag()),
      pool: optional(text({ format: "pve-poolid" })),
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
    returns: "object",
    parameters: { ...guestPath, current: optional(flag()), snapshot: optional(snapshotName) },
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) =>
      readConfig(requireGuest(site, node, TYPE, Number(params.vmid)), params, VM_OPTIONS),
  },
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/pending",
    returns: "array",
    parameters: guestPath,
    permissions: audit,
    proxyto: "node",
    handle: ({ site, node, params }) =>
      pendingEntries(requireGuest(site, node, TYPE, Number(params.vmid)), VM_OPTIONS),
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/config",
    returns: "null",
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
    returns: "string",
    parameters: taskFields,
    permissions: configure,
    proxyto: "node",
    handle: changeByTask,
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/qemu/{vmid}",
    returns: "string",
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
  ...agentEndpoints,
  ...cloneEndpoints(TYPE),
  ...cloudInitEndpoints,
  ...migrateVmEndpoints,
  ...powerEndpoints(TYPE),
  ...snapshotEndpoints(TYPE),
  ...suspendEndpoints,
  ...vmDiskEndpoints,
];

/** Keys of requests about a VM's configuration that are not the configuration's. */
const REQUEST = [
  "archive",
  "background_delay",
  "bwlimit",
  "delete",
  "digest",
  "force",
  "ha-managed",
  "import-working-storage",
  "live-restore",
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
  if (params.archive !== undefined) return restoreVm(call);
  const vmid = Number(params.vmid);
  const options = Object.fromEntries(
    Object.entries(params).filter(([key]) => !REQUEST.includes(key)),
  );
  if (!site.quorum.isQuorate(node)) throw noQuorum();
  const pool = params.pool === undefined ? undefined : String(params.pool);
  if (pool !== undefined) requirePool(site.pmxcfs(node), pool);
  if (params["ha-managed"] === 1) site.access.require(node, caller, "/", ["Sys.Console"]);
  if (params.start === 1) {
    site.access.require(node, caller, `/vms/${vmid}`, ["VM.PowerMgmt"]);
  }
  const paths = [`/vms/${vmid}`, ...(pool === undefined ? [] : [`/pool/${pool}`])];
  if (!paths.some((path) => site.access.holds(node, caller, path, "VM.Allocate"))) {
    throw new PveError(403, "Permission check failed");
  }
  checkDriveStorages(call, vmid);
  requireVmPrivileges(call, vmid, configKeys(call, REQUEST));
  requireFree(site, node, TYPE, vmid);
  return site.tasks.start(node, "qmcreate", String(vmid), caller.name, () => {
    const guest = createVm(site, node, vmid, options);
    if (pool !== undefined) addToPool(site.pmxcfs(node), vmid, pool);
    if (params["ha-managed"] === 1) manage(call, guest);
    if (params.start === 1) startGuest(site, guest);
  });
}

/** Answers with the task, or with nothing when it ends within `background_delay` seconds. */
async function changeByTask(call: Call): Promise<string | null> {
  const { site, node, caller, params } = call;
  const id = String(params.vmid);
  const upid = site.tasks.start(node, "qmconfig", id, caller.name, changeConfig(call));
  if (params.background_delay === undefined) return upid;
  const task = site.tasks.find(node, upid);
  for (let left = Number(params.background_delay); left > 0; left--) {
    if (task?.exitstatus !== undefined) break;
    await sleep(site.clock, 1000);
  }
  if (task?.exitstatus === undefined) return upid;
  if (task.exitstatus === "OK") return null;
  throw die(`failed to update VM ${id}: ${task.exitstatus}`);
}

/** Checks a change and returns what makes it. */
function changeConfig(call: Call): () => void {
  const { site, node, params } = call;
  const options = Object.fromEntries(
    Object.entries(params).filter(([key]) => !REQUEST.includes(key)),
  );
  const remove = splitList(String(params.delete ?? ""));
  const revert = splitList(String(params.revert ?? ""));
  requireRoot(call, "skiplock");
  const guest = requireGuest(site, node, TYPE, Number(params.vmid));
  requireVmPrivileges(call, guest.vmid, configKeys(call, REQUEST), guest.config);
  checkDriveStorages(call, guest.vmid);
  requireUnchanged(guest, params.digest, "checksum mismatch (file change by other user?)");
  const force = params.force === 1;
  const change = { options, remove, revert, force, skipLock: params.skiplock === 1 };
  checkVmChange(guest, change);
  return () => updateVm(site, guest, change);
}
