import { die } from "../api/errors";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { allocate } from "../storage/volumes";
import type { TaskLog } from "../tasks/tasks";
import { memoryOf } from "./status";
import { storageIn, volumesIn } from "./volumes";

const MIB = 1024 ** 2;

/** Resources that a VM's memory cannot be saved or sent with (check_non_migratable_resources). */
export function requireSaveable({ config }: Guest): void {
  const blockers = ["amd-sev", "intel-tdx"].filter((key) => config[key] !== undefined);
  if (Object.keys(config).some((key) => /^virtiofs\d+$/.test(key))) blockers.push("virtiofs");
  if (blockers.length === 0) return;
  throw die(
    `Cannot live-migrate, snapshot (with RAM), or hibernate a VM with: ${blockers.join(", ")}`,
  );
}

/**
 * Saves the memory of a running VM and returns the volume: twice the memory and 500 MiB, raw
 * (__snapshot_save_vmstate).
 */
export function saveState(
  site: Site,
  guest: Guest,
  suffix: string,
  storage: string | undefined,
  log: TaskLog,
): string {
  requireSaveable(guest);
  const target = storage ?? stateStorage(site, guest);
  const { files } = site.storages.type(site.storages.config(guest.node, target));
  const volid = allocate(site, guest.node, target, {
    vmid: guest.vmid,
    size: memoryOf(guest) * 2 + 500 * MIB,
    content: "images",
    suffix,
    ...(files ? { format: "raw" } : {}),
  });
  log.info(`saving VM state and RAM using storage '${target}'`);
  return volid;
}

/** Where a VM's memory is saved: a shared storage that it uses, else any that it uses, files preferred. */
export function stateStorage(site: Site, guest: Guest): string {
  const { vmstatestorage } = guest.config;
  if (vmstatestorage !== undefined) return vmstatestorage;
  const used = volumesIn(guest.type, guest.config)
    .filter(({ cdrom, kind }) => !cdrom && kind === "volume")
    .map(({ volid }) => storageIn(volid))
    .map((id) => ({ id, config: site.storages.config(guest.node, id) }));
  const pick = (shared: boolean): string | undefined => {
    const fitting = used.filter(({ config }) => site.storages.isShared(config) === shared);
    const files = fitting.filter(({ config }) => site.storages.type(config).files);
    return files.at(-1)?.id ?? fitting[0]?.id;
  };
  return pick(true) ?? pick(false) ?? "local";
}
