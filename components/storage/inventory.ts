import type { ExistingGuest, ExistingStorage, Findings, Inventory } from "../inventory";
import type { StoragePlan } from "./plan";

/** Proxmox VE's names of the types. */
const TYPES: Record<StoragePlan["type"], string> = {
  nfs: "nfs",
  cifs: "cifs",
  pbs: "pbs",
  directory: "dir",
  "lvm-thin": "lvmthin",
  zfs: "zfspool",
};

/**
 * Compares what is planned with what exists: storages whose definition would have to be deleted to become what the
 * file says. Nothing on them is deleted by that, and nothing there is found any more.
 */
export function compare(plans: StoragePlan[], existing: Inventory): Findings {
  const findings: Findings = { refusals: [], notices: [] };
  for (const plan of plans) {
    const own = existing.storages.find(({ id }) => id === plan.id);
    if (!own) continue;
    const held = heldBy(plan.id, existing.guests);
    if (own.type !== TYPES[plan.type]) {
      findings.refusals.push(otherType(plan, own));
      continue;
    }
    const reasons = changesOf(plan, own);
    if (reasons.length === 0) continue;
    const said =
      `storages.${plan.id}: ${reasons.join(" and ")}, so its definition would be deleted and made anew. ` +
      `What lies there stays, and is not found under the storage's name any more: ${held}.`;
    if (plan.replaceable)
      findings.notices.push(said.replace("would be deleted", "will be deleted"));
    else {
      findings.refusals.push(
        `${said} Undo that change, or allow the replacement up to and including a day: ` +
          `storages.${plan.id}.replaceUntil: "<date>"`,
      );
    }
  }
  return findings;
}

/** Another type is another resource, which is made before the old one goes; the id is taken then. */
function otherType({ id, type }: StoragePlan, own: ExistingStorage): string {
  return (
    `storages.${id}: its type would change from ${typeIn(own)} to ${type}, for which the storage has to go first. ` +
    `Undo that change, give the new storage another id, or take storages.${id} out and run an update before this one.`
  );
}

/** As the site file says it, or as Proxmox VE does. */
function typeIn({ type }: ExistingStorage): string {
  return Object.entries(TYPES).find(([, name]) => name === type)?.[0] ?? type;
}

function changesOf(plan: StoragePlan, { fields }: ExistingStorage): string[] {
  return fixedOf(plan).flatMap(([key, name, planned]) => {
    const before = fields[name];
    return before === planned
      ? []
      : [`its ${key} would change from ${before ?? "nothing"} to ${planned ?? "nothing"}`];
  });
}

/** What is fixed once the storage exists: the file's name of it, Proxmox VE's, and what is planned. */
function fixedOf(plan: StoragePlan): [string, string, string | undefined][] {
  switch (plan.type) {
    case "nfs":
      return [
        ["server", "server", plan.server],
        ["export", "export", plan.export],
        ["preallocation", "preallocation", plan.preallocation],
      ];
    case "cifs":
      return [
        ["server", "server", plan.server],
        ["share", "share", plan.share],
        ["folder", "subdir", plan.folder],
        ["username", "username", plan.username],
        ["domain", "domain", plan.domain],
      ];
    case "pbs":
      return [
        ["server", "server", plan.server],
        ["datastore", "datastore", plan.datastore],
        ["namespace", "namespace", plan.namespace],
        ["username", "username", plan.username],
      ];
    case "directory":
      return [["path", "path", plan.path.replace(/(.)\/+$/, "$1")]];
    case "lvm-thin":
      return [
        ["volumeGroup", "vgname", plan.volumeGroup],
        ["thinPool", "thinpool", plan.thinPool],
      ];
    case "zfs":
      return [["pool", "pool", plan.pool]];
  }
}

/** For people: which disks, and that there may be more. */
function heldBy(id: string, guests: ExistingGuest[]): string {
  const vmids = guests
    .filter(({ disks }) => Object.values(disks).some((volume) => volume.startsWith(`${id}:`)))
    .map(({ vmid }) => vmid)
    .sort((a, b) => a - b);
  return vmids.length === 0
    ? "no disk of a guest, but whatever else it holds"
    : `disks of VMID ${vmids.join(", ")}, and whatever else it holds`;
}
