import type { Caller } from "../api/endpoint";
import { die } from "../api/errors";
import type { Site } from "../site";
import type { Volume } from "../state/types";
import { parseName, parseVolumeId } from "./volumes";

/**
 * Throws unless `caller` may read a volume, for the guest `vmid` if one is given
 * (PVE::Storage::check_volume_access). The volume need not exist: its name says enough. `wanted` is what it has to be.
 */
export function requireVolumeAccess(
  site: Site,
  node: string,
  caller: Caller,
  volid: string,
  vmid?: number,
  wanted?: Volume["content"],
): void {
  const { storage, name } = parseVolumeId(volid);
  const { type } = site.storages.config(node, storage);
  const { content, vmid: owner } = parseName(type, name);
  if (wanted !== undefined && content !== wanted) {
    throw die(`unable to use volume ${volid} - content type needs to be '${wanted}'`);
  }
  const path = `/storage/${storage}`;
  const { access } = site;
  if (access.holds(node, caller, path, "Datastore.Allocate")) return;
  switch (content) {
    case "iso":
    case "vztmpl":
    case "import":
      access.require(node, caller, path, ["Datastore.AllocateSpace", "Datastore.Audit"], true);
      return;
    case "backup":
    case "images":
    case "rootdir":
    case "snippets":
      break;
    default: {
      const never: never = content;
      throw new Error(`unknown content ${String(never)}`);
    }
  }
  if (owner === undefined) throw die(`missing privileges to access ${volid}`);
  if (owner === vmid) return;
  const backup = content === "backup";
  access.require(node, caller, path, [backup ? "Datastore.AllocateSpace" : "Datastore.Audit"]);
  access.require(node, caller, `/vms/${owner}`, [backup ? "VM.Backup" : "VM.Config.Disk"]);
}

export function hasVolumeAccess(site: Site, node: string, caller: Caller, volid: string): boolean {
  try {
    requireVolumeAccess(site, node, caller, volid);
    return true;
  } catch {
    return false;
  }
}
