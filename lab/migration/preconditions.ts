import { parseSize } from "../guests/config";
import { isRunning } from "../guests/power";
import { storageIn, volumesIn } from "../guests/volumes";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import { isManaged } from "../ha/serviceId";

/**
 * Devices of the host that a VM holds on to, and so cannot leave (check_local_resources). A running VM cannot leave
 * shared directories either.
 */
export function localResources({ config }: Guest, running: boolean): string[] {
  const blocking = ["amd-sev", "intel-tdx"].filter((key) => running && config[key] !== undefined);
  if (config.ivshmem !== undefined) blocking.push("ivshmem");
  for (const [key, value] of Object.entries(config)) {
    if (!/^(usb|hostpci|serial|parallel)\d+$/.test(key)) continue;
    if (/^usb/.test(key) && /(^|host=)spice(,|$)/i.test(value)) continue;
    if (/^serial/.test(key) && value === "socket") continue;
    blocking.push(key);
  }
  return blocking;
}

/** Volumes that the target does not see, CDs and unused ones included (GET …/migrate). */
export function localDisks(site: Site, guest: Guest): Record<string, unknown>[] {
  return volumesIn(guest.type, guest.config, { unused: true })
    .filter(({ volid, kind }) => {
      if (kind !== "volume") return true;
      return !site.storages.isShared(site.storages.config(guest.node, storageIn(volid)));
    })
    .map(({ key, volid, cdrom, size }) => ({
      volid,
      cdrom: cdrom ? 1 : 0,
      is_unused: /^unused/.test(key) ? 1 : 0,
      is_attached: /^unused/.test(key) ? 0 : 1,
      drivename: key,
      ...(size === undefined ? {} : { size: parseSize(size) }),
    }));
}

/** Storages that the VM uses and `target` may not. */
function unavailableStorages(site: Site, guest: Guest, target: string): string[] {
  const used = volumesIn(guest.type, guest.config)
    .filter(({ kind }) => kind === "volume")
    .map(({ volid }) => storageIn(volid));
  return [...new Set(used)]
    .filter((id) => !site.storages.enabledOn(site.storages.config(guest.node, id), target))
    .sort();
}

/** Where a VM may go and what would stop it. */
export function vmPreconditions(site: Site, guest: Guest): Record<string, unknown> {
  const running = isRunning(site, guest);
  const others = site.members(guest.node).filter((name) => name !== guest.node);
  const closed = others
    .map((name): [string, string[]] => [name, unavailableStorages(site, guest, name)])
    .filter(([, storages]) => storages.length > 0);
  return {
    running: running ? 1 : 0,
    allowed_nodes: others.filter((name) => !closed.some(([other]) => other === name)),
    not_allowed_nodes: Object.fromEntries(
      closed.map(([name, storages]) => [name, { unavailable_storages: storages }]),
    ),
    local_disks: localDisks(site, guest),
    local_resources: localResources(guest, running),
    "mapped-resources": [],
    "mapped-resource-info": {},
    "has-dbus-vmstate": 1,
    ...(isManaged(site, guest) ? { "dependent-ha-resources": [] } : {}),
  };
}

/** Where a container may go; PVE looks at HA rules only. */
export function ctPreconditions(site: Site, guest: Guest): Record<string, unknown> {
  return {
    running: isRunning(site, guest) ? 1 : 0,
    "allowed-nodes": site.members(guest.node).filter((name) => name !== guest.node),
    "not-allowed-nodes": {},
    ...(isManaged(site, guest) ? { "dependent-ha-resources": [] } : {}),
  };
}
