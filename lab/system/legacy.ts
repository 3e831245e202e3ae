import { releaseOf } from "../api/version";
import type { HostState } from "../state/types";
import { debianKeyring, proxmoxKeyring } from "./keyrings";
import { INSTALLED_NAS, installedProxmox } from "./packageTable";
import { defaultServices } from "./unitTable";

/** A host of an older lab knew a handful of packages and services; it gets the others that it always had. */
export function modernize(host: HostState): void {
  if (host.units) return;
  const usual = host.node ? installedProxmox(releaseOf(host)) : INSTALLED_NAS;
  host.packages = [...new Set([...usual, ...host.packages])];
  const known = ["pve-cluster", "pveproxy", "pvedaemon", "ssh", "nfs-server"];
  const added = defaultServices(usual).filter((name) => !known.includes(name));
  host.services = [...new Set([...host.services, ...added])];
  host.units = host.services.includes("corosync-qdevice")
    ? { "corosync-qdevice": { enabled: true } }
    : {};
  host.files = {
    ...debianKeyring(),
    ...(host.node ? proxmoxKeyring(releaseOf(host)) : {}),
    ...host.files,
  };
}
