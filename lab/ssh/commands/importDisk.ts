import type { ExecResult } from "just-bash";
import { die } from "../../api/errors";
import { requireGuest, requireUnlocked, requireWritable } from "../../guests/config";
import { attachDrive } from "../../guests/drives";
import { addUnused, parseVolume } from "../../guests/volumes";
import type { Site } from "../../site";
import { volumePath } from "../../storage/volumes";
import { ok } from "../command";

/**
 * `qm disk import VMID SOURCE STORAGE [--format FORMAT]`: a copy of an image becomes an unused disk of the VM
 * (PVE::CLI::qm, PVE::QemuServer::ImportDisk). SOURCE is the path of a file on one of the node's storages.
 */
export async function importDisk(
  site: Site,
  node: string,
  [vmid = "", source = "", storage = ""]: string[],
  { format }: Record<string, string>,
): Promise<ExecResult> {
  const guest = requireGuest(site, node, "qemu", Number(vmid));
  requireUnlocked(guest);
  requireWritable(site, guest);
  const image = volumeAtPath(site, node, source);
  if (image === undefined) throw die(`${source}: non-existent or non-regular file`);
  const { files } = site.storages.type(site.storages.requireUsable(node, storage, "images"));
  // A storage that has no such format takes its own (resolve_dst_disk_format).
  const suffix = files && format ? `,format=${format}` : "";
  const wanted = `${storage}:0,import-from=${image}${suffix}`;
  const drive = attachDrive({ site, node, vmid: guest.vmid }, "scsi0", wanted);
  const { file = "" } = parseVolume("qemu", "scsi0", drive);
  const key = addUnused(guest, file);
  await site.commit();
  return ok(
    `importing disk '${source}' to VM ${vmid} ...\n${key}: successfully imported disk '${file}'\n`,
  );
}

function volumeAtPath(site: Site, node: string, path: string): string | undefined {
  const { storages } = site;
  for (const id of storages.usableOn(node)) {
    if (!storages.answers(node, id)) continue;
    const config = storages.config(node, id);
    const found = storages
      .volumes(node, id)
      .find((volume) => volumePath(id, config, volume) === path);
    if (found) return `${id}:${found.name}`;
  }
  return undefined;
}
