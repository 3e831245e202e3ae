import type { Site } from "../../site";
import { changeVolume, maxProtected } from "../../storage/attributes";
import { contentOf } from "../../storage/types";
import { hasVolumeAccess, requireVolumeAccess } from "../../storage/volumeAccess";
import {
  allocate,
  describeVolume,
  findVolume,
  free,
  parseName,
  parseVolumeId,
  volumePath,
} from "../../storage/volumes";
import type { Call, Endpoint } from "../endpoint";
import { badParameters, die } from "../errors";
import { choice, flag, optional, standard, text, whole } from "../schema";
import { see } from "./nodeStorage";

const { storage, node } = standard;
const one = { node, storage: optional(storage), volume: text() };
const LIST = "/nodes/{node}/storage/{storage}/content";

/** What storages hold. */
export const storageContentEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: LIST,
    returns: "array",
    parameters: {
      node,
      storage,
      content: optional(text({ format: "pve-storage-content" })),
      vmid: optional(standard.vmid),
    },
    permissions: see,
    proxyto: "node",
    handle: listContent,
  },
  {
    method: "POST",
    path: LIST,
    returns: "string",
    parameters: {
      node,
      storage,
      filename: text(),
      format: optional(choice("raw", "qcow2", "subvol", "vmdk")),
      size: text({ pattern: "\\d+[MG]?" }),
      vmid: standard.vmid,
    },
    permissions: { check: ["perm", "/storage/{storage}", ["Datastore.AllocateSpace"]] },
    proxyto: "node",
    handle: ({ site, node: here, params }) => {
      const name = String(params.filename);
      const inName = /\.(raw|qcow2|vmdk)$/.exec(name)?.[1];
      const format = params.format ?? inName;
      if (inName !== undefined && format !== inName) {
        const problem = `different storage formats (${format} != ${inName})`;
        throw badParameters({ format: problem });
      }
      return allocate(site, here, String(params.storage), {
        vmid: Number(params.vmid),
        size: kibibytes(String(params.size)) * 1024,
        content: "images",
        name,
        ...(format === undefined ? {} : { format: String(format) }),
      });
    },
  },
  {
    method: "GET",
    path: `${LIST}/{volume}`,
    returns: "object",
    parameters: one,
    permissions: { user: "all" },
    proxyto: "node",
    handle: readVolume,
  },
  {
    method: "PUT",
    path: `${LIST}/{volume}`,
    returns: "null",
    parameters: { ...one, notes: optional(text()), protected: optional(flag()) },
    permissions: { user: "all" },
    proxyto: "node",
    handle: (call) => {
      const { site, node: here, caller, params } = call;
      const { volid, id } = volumeIn(call);
      requireVolumeAccess(site, here, caller, volid);
      const { notes, protected: keep } = params;
      changeVolume(site, here, volid, {
        ...(notes === undefined ? {} : { notes: String(notes) }),
        ...(keep === undefined ? {} : { protected: keep === 1 }),
        limit: maxProtected(site, here, caller, id),
      });
      return null;
    },
  },
  {
    method: "DELETE",
    path: `${LIST}/{volume}`,
    returns: "string",
    parameters: { ...one, delay: optional(whole(1, 30)) },
    permissions: { user: "all" },
    proxyto: "node",
    handle: deleteVolume,
  },
];

/** Files that belong to no guest are not a guest's. */
function listContent({ site, node: here, caller, params }: Call): Record<string, unknown>[] {
  const id = String(params.storage);
  const config = site.storages.requireUsable(here, id);
  return site.storages
    .volumes(here, id)
    .filter((volume) => contentOf(config).includes(volume.content))
    .filter((volume) => params.content === undefined || volume.content === params.content)
    .filter((volume) => params.vmid === undefined || volume.vmid === params.vmid)
    .filter(({ name }) => hasVolumeAccess(site, here, caller, `${id}:${name}`))
    .map((volume) => describeVolume(id, volume))
    .sort((a, b) => compareNames(String(a.volid), String(b.volid)));
}

function readVolume(call: Call): Record<string, unknown> {
  const { site, node: here, caller } = call;
  const { volid, id, name } = volumeIn(call);
  requireVolumeAccess(site, here, caller, volid);
  const config = site.storages.requireUsable(here, id);
  const { files } = site.storages.type(config);
  const { content } = parseName(config.type, name);
  const path = volumePath(id, config, { name, content });
  const volume = findVolume(site, here, volid);
  if (!volume) {
    throw die(
      files ? `volume_size_info on '${volid}' failed - no format` : `can't get size of '${path}'`,
    );
  }
  const { format, size, virtual = size, notes = "", protected: kept } = volume;
  // To qemu-img a file that is no disk is a raw one.
  const isDisk = content === "images" || content === "rootdir" || content === "import";
  return {
    path,
    format: isDisk ? format : "raw",
    size: virtual,
    used: volume.used ?? size,
    ...(content === "backup" ? { notes, protected: kept === true ? 1 : 0 } : {}),
  };
}

function deleteVolume(call: Call): string | null {
  const { site, node: here, caller, params } = call;
  const { volid, id, name } = volumeIn(call);
  const { content, vmid } = parseName(site.storages.config(here, id).type, name);
  const path = `/storage/${id}`;
  if (content === "backup" && vmid !== undefined) {
    site.access.require(here, caller, path, ["Datastore.AllocateSpace"]);
    site.access.require(here, caller, `/vms/${vmid}`, ["VM.Backup"]);
  } else {
    site.access.require(here, caller, path, ["Datastore.Allocate"]);
  }
  const taskId = vmid === undefined ? id : `${vmid}@${id}`;
  const upid = site.tasks.start(here, "imgdel", taskId, caller.name, (log) => {
    const config = site.storages.requireUsable(here, id);
    const { files } = site.storages.type(config);
    if (config.type !== "dir" && site.storages.isShared(config)) requireQuorum(site, here, id);
    const volume = findVolume(site, here, volid);
    if (volume?.protected === true) {
      throw die(`cannot remove protected volume '${name}' on '${id}'`);
    }
    if (!volume) {
      const file = volumePath(id, config, { name, content });
      // Of a file that is missing PVE only says so; lvremove fails.
      if (!files) throw die(`Failed to find logical volume "${config.vgname}/${name}"`);
      log.info(`disk image '${file}' does not exist`);
    }
    free(site, here, volid);
    log.info(`Removed volume '${volid}'`);
  });
  const end = site.tasks.find(here, upid)?.exitstatus;
  if (params.delay === undefined || end === undefined) return upid;
  if (end !== "OK") throw die(end);
  return null;
}

/** A shared storage is locked for the whole cluster. */
function requireQuorum(site: Site, here: string, id: string): void {
  if (!site.quorum.isQuorate(here)) throw die(`cfs-lock 'storage-${id}' error: no quorum!`);
}

/** A volume may be named with or without its storage, which must be the one in the path. */
function volumeIn({ params }: Call): { volid: string; id: string; name: string } {
  const volume = String(params.volume);
  const id = String(params.storage);
  if (!volume.includes(":")) return { volid: `${id}:${volume}`, id, name: volume };
  const { storage: named, name } = parseVolumeId(volume);
  if (named !== id) throw die(`storage ID mismatch (${named} != ${id})`);
  return { volid: volume, id, name };
}

/** `8G` → KiB; a bare number is KiB already. */
function kibibytes(size: string): number {
  const unit = size.endsWith("G") ? 1024 ** 2 : size.endsWith("M") ? 1024 : 1;
  return Number.parseInt(size) * unit;
}

function compareNames(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
