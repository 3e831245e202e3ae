import { formatBytes } from "../values";
import type { ContainerPlan, MountPlan } from "./containerPlan";
import { existingDisks, GIB, shrinks, sizes } from "./disks";
import type { ExistingGuest, Findings } from "../inventory";

/** What the script that follows changes has to know: slot, storage, GiB, options in order. */
export function mountLines(plan: ContainerPlan): string {
  return plan.mounts
    .map((mount) => `${mount.slot} ${mount.storage} ${mount.size} ${mountOptions(mount)}\n`)
    .join("");
}

/** As Proxmox VE has them in the container's file, those that are usual left out. */
function mountOptions({
  path,
  backup,
  acl,
  readOnly,
  quota,
  replicate,
  options,
}: MountPlan): string {
  return [
    ...(acl ? ["acl=1"] : []),
    ...(backup ? ["backup=1"] : []),
    ...(options.length > 0 ? [`mountoptions=${options.join(";")}`] : []),
    `mp=${path}`,
    ...(quota ? ["quota=1"] : []),
    ...(replicate ? [] : ["replicate=0"]),
    ...(readOnly ? ["ro=1"] : []),
  ].join(",");
}

/** While a replacement is allowed, the provider makes another container for other mount points. */
export function mountsReason(plan: ContainerPlan, own: ExistingGuest): string | undefined {
  if (!plan.replaceable) return undefined;
  const there = mountsOf(own);
  const same =
    there.length === plan.mounts.length &&
    plan.mounts.every(({ slot, storage, size }) =>
      there.some(
        (disk) => disk.slot === slot && disk.storage === storage && disk.size === size * GIB,
      ),
    );
  return same ? undefined : `its mount points (guests.${plan.key}.mounts) would change`;
}

/** What mount points cannot become while the container stays, and those that are no longer in the file. */
export function compareMounts(plan: ContainerPlan, own: ExistingGuest): Findings {
  const found: Findings = { refusals: [], notices: [] };
  const path = `guests.${plan.key}.mounts`;
  for (const disk of mountsOf(own)) {
    const { slot, storage, label } = disk;
    const wanted = plan.mounts.find((mount) => mount.slot === slot);
    if (!wanted) {
      found.notices.push(
        `${path}: ${label} is not in the site file and stays with the container. Detach it yourself: pct set ${own.vmid} --delete ${slot}`,
      );
    } else if (wanted.storage !== storage) {
      found.refusals.push(
        `${path}.${slot}.storage: ${label} would move from ${storage} to ${wanted.storage}. Undo that change, or stop the container and move it ` +
          `yourself, then write it here: pct move-volume ${own.vmid} ${slot} ${wanted.storage} --delete 1`,
      );
    } else if (shrinks(disk, wanted.size)) {
      found.refusals.push(
        `${path}.${slot}.size: ${label} would shrink from ${sizes(disk, wanted.size)} and disks only grow. ` +
          `Write ${formatBytes(Math.ceil((disk.size ?? 0) / GIB) * GIB)} or more.`,
      );
    }
  }
  return found;
}

function mountsOf(own: ExistingGuest): ReturnType<typeof existingDisks> {
  return existingDisks(own).filter(({ slot }) => /^mp\d+$/.test(slot));
}
