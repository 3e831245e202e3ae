import { requireGuest, requireUnlocked, requireWritable } from "../../guests/config";
import { growDrive } from "../../guests/drives";
import { checkMove, moveVolume } from "../../guests/moveVolume";
import { checkReassign, reassign } from "../../guests/reassign";
import { updateVm } from "../../guests/vm";
import { DRIVE, DRIVES, UNUSED } from "../../guests/vmOptions";
import { storageIn } from "../../guests/volumes";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die } from "../errors";
import { splitList } from "../formats";
import { parsePropertyString } from "../propertyString";
import { choice, flag, optional, standard, text, whole } from "../schema";
import { guestPath, requireRoot, requireUnchanged } from "./guestCommon";

const disks: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Config.Disk"]] };
const anyDisk = choice(...DRIVES, ...UNUSED);

/** Growing a VM's disks, moving them, and letting them go. */
export const vmDiskEndpoints: Endpoint[] = [
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/resize",
    returns: "string",
    parameters: {
      ...guestPath,
      digest: { ...standard.digest, maxLength: 40 },
      disk: choice(...DRIVES),
      size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }),
      skiplock: optional(flag()),
    },
    permissions: disks,
    proxyto: "node",
    handle: resize,
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/move_disk",
    returns: "string",
    parameters: {
      ...guestPath,
      bwlimit: optional(whole(0)),
      delete: optional(flag()),
      digest: optional(text({ maxLength: 40 })),
      disk: anyDisk,
      format: optional(choice("raw", "qcow2", "vmdk")),
      storage: optional(standard.storage),
      "target-digest": optional(text({ maxLength: 40 })),
      "target-disk": optional(anyDisk),
      "target-vmid": optional(standard.vmid),
    },
    permissions: disks,
    proxyto: "node",
    handle: move,
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/unlink",
    returns: "null",
    parameters: {
      ...guestPath,
      force: optional(flag()),
      idlist: text({ format: "pve-configid-list" }),
    },
    permissions: disks,
    proxyto: "node",
    handle: ({ site, node, params }) => {
      const guest = requireGuest(site, node, "qemu", Number(params.vmid));
      const remove = splitList(String(params.idlist));
      updateVm(site, guest, { options: {}, remove, revert: [], force: params.force === 1 });
      return null;
    },
  },
];

function resize(call: Call): string {
  const { site, node, caller, params } = call;
  const vmid = Number(params.vmid);
  requireRoot(call, "skiplock");
  return site.tasks.start(node, "resize", String(vmid), caller.name, () => {
    const guest = requireGuest(site, node, "qemu", vmid);
    requireUnchanged(guest, params.digest, "checksum mismatch (file change by other user?)");
    if (params.skiplock !== 1) requireUnlocked(guest);
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
}

/** To another storage, or to another VM. */
function move(call: Call): string {
  const { params } = call;
  const [toStorage, toVm] = [params.storage !== undefined, params["target-vmid"] !== undefined];
  if (toStorage && toVm) {
    const words = "either set 'storage' or 'target-vmid', but not both";
    throw badParameters({ "target-vmid": words, storage: words });
  }
  if (!toStorage && !toVm) {
    const words = "both 'storage' and 'target-vmid' missing, either needs to be set";
    throw badParameters({ "target-vmid": words, storage: words });
  }
  return toVm ? moveToVm(call) : moveToStorage(call);
}

function moveToStorage({ site, node, caller, params }: Call): string {
  const vmid = Number(params.vmid);
  const storage = String(params.storage);
  const request = {
    key: String(params.disk),
    storage,
    remove: params.delete === 1,
    ...(params.format === undefined ? {} : { format: String(params.format) }),
  };
  const guest = requireGuest(site, node, "qemu", vmid);
  site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
  requireUnchanged(guest, params.digest);
  checkMove(site, guest, request);
  return site.tasks.start(node, "qmmove", String(vmid), caller.name, (log) => {
    const current = requireGuest(site, node, "qemu", vmid);
    requireWritable(site, current);
    moveVolume(site, current, request, log);
  });
}

function moveToVm({ site, node, caller, params }: Call): string {
  const vmid = Number(params.vmid);
  const other = Number(params["target-vmid"]);
  site.access.require(node, caller, `/vms/${other}`, ["VM.Config.Disk"]);
  if (other === vmid) {
    throw badParameters({ "target-vmid": "must be different than source VMID to reassign disk" });
  }
  const guest = requireGuest(site, node, "qemu", vmid);
  const target = site.pmxcfs(node).guests[String(other)];
  if (!target) throw die(`could not find target VM ${other}`);
  const key = String(params.disk);
  const request = { key, target, targetKey: String(params["target-disk"] ?? key) };
  requireUnchanged(guest, params.digest);
  requireUnchanged(target, params["target-digest"]);
  const volid = checkReassign(site, guest, request);
  const path = `/storage/${storageIn(volid)}`;
  site.access.require(node, caller, path, ["Datastore.AllocateSpace"]);
  const id = `${vmid}-${key}>${other}-${request.targetKey}`;
  return site.tasks.start(node, "qmmove", id, caller.name, (log) => {
    requireWritable(site, guest);
    reassign(site, guest, request, log);
  });
}
