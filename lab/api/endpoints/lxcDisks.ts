import { requireGuest, requireUnlocked, requireWritable } from "../../guests/config";
import { mountOf, MOUNT, UNUSED_VOLUMES, VOLUMES } from "../../guests/ctOptions";
import { growDrive, wantedSize } from "../../guests/drives";
import { checkMove, moveVolume } from "../../guests/moveVolume";
import { requireVolume } from "../../storage/volumes";
import type { Call, Endpoint, Permissions } from "../endpoint";
import { badParameters, die, PveError } from "../errors";
import { parsePropertyString } from "../propertyString";
import { choice, flag, optional, standard, text } from "../schema";
import { guestPath, requireUnchanged } from "./guestCommon";

const TYPE = "lxc";
const disks: Permissions = { check: ["perm", "/vms/{vmid}", ["VM.Config.Disk"]] };
const resizing: Permissions = {
  check: ["perm", "/vms/{vmid}", ["VM.Config.Disk"], { any: 1 }],
};
const anyVolume = choice(...VOLUMES, ...UNUSED_VOLUMES);

/** Growing a container's volumes and moving them. */
export const ctDiskEndpoints: Endpoint[] = [
  {
    method: "PUT",
    path: "/nodes/{node}/lxc/{vmid}/resize",
    returns: "string",
    parameters: {
      ...guestPath,
      digest: { ...standard.digest, maxLength: 40 },
      disk: choice(...VOLUMES),
      size: text({ pattern: "\\+?\\d+(\\.\\d+)?[KMGT]?" }),
    },
    permissions: resizing,
    proxyto: "node",
    handle: resize,
  },
  {
    method: "POST",
    path: "/nodes/{node}/lxc/{vmid}/move_volume",
    returns: "string",
    parameters: {
      ...guestPath,
      bwlimit: optional({ type: "number", minimum: 0 }),
      delete: optional(flag()),
      digest: optional(text({ maxLength: 40 })),
      storage: optional(standard.storage),
      "target-digest": optional(text({ maxLength: 40 })),
      "target-vmid": optional(standard.vmid),
      "target-volume": optional(anyVolume),
      volume: anyVolume,
    },
    permissions: disks,
    proxyto: "node",
    handle: move,
  },
];

/** A container says before its task what is wrong with the size. */
function resize({ site, node, caller, params }: Call): string {
  const guest = requireGuest(site, node, TYPE, Number(params.vmid));
  requireUnlocked(guest);
  requireUnchanged(guest, params.digest);
  const disk = String(params.disk);
  const before = guest.config[disk];
  if (before === undefined) throw die(`no volume '${disk}' in config`);
  const { volume = "" } = parsePropertyString(before, MOUNT);
  const path = `/storage/${volume.split(":")[0] ?? ""}`;
  site.access.require(node, caller, path, ["Datastore.AllocateSpace"]);
  const now = requireVolume(site, node, volume).size;
  const wanted = wantedSize(now, String(params.size));
  if (wanted < now) throw die("unable to shrink disk size");
  if (wanted === now) throw die("disk is already at specified size");
  requireWritable(site, guest);
  return site.tasks.start(node, "resize", String(guest.vmid), caller.name, () => {
    const place = { site, node, vmid: guest.vmid };
    const grown = growDrive(place, before, String(params.size), mountOf(disk));
    if (grown !== undefined) guest.config[disk] = grown;
  });
}

/** To another storage; giving a volume to another container is not imitated. */
function move({ site, node, caller, params }: Call): string {
  const guest = requireGuest(site, node, TYPE, Number(params.vmid));
  if (params["target-vmid"] !== undefined) {
    throw new PveError(501, "the lab does not move volumes to another container");
  }
  if (params.storage === undefined) {
    const words = "both 'storage' and 'target-vmid' missing, either needs to be set";
    throw badParameters({ "target-vmid": words, storage: words });
  }
  const storage = String(params.storage);
  site.access.require(node, caller, `/storage/${storage}`, ["Datastore.AllocateSpace"]);
  const request = { key: String(params.volume), storage, remove: params.delete === 1 };
  requireUnchanged(guest, params.digest);
  checkMove(site, guest, request);
  return site.tasks.start(node, "move_volume", String(guest.vmid), caller.name, (log) => {
    requireWritable(site, guest);
    moveVolume(site, guest, request, log);
  });
}
