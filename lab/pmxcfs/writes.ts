import { notificationsOf } from "../notifications/notifications";
import { parsePrivate } from "../notifications/text";
import type { Site } from "../site";
import { editedCorosync } from "./corosyncEdit";
import { CLUSTER } from "./files";

/** Files that may be written by hand and that PVE reads. */
export const BY_HAND = [
  "corosync.conf",
  "datacenter.cfg",
  "priv/authorized_keys",
  "priv/known_hosts",
  "priv/notifications.cfg",
] as const;
export type ByHand = (typeof BY_HAND)[number];

/** What belongs to PVE's commands; any other name is a file that only its writer understands. */
const RESERVED = [
  /^(\.|nodes|local|qemu-server|lxc|openvz|firewall|ha|mapping|sdn|virtual-guest)/,
  /^(authkey\.pub|pve-root-ca\.pem|pve-www\.key)$/,
  /^(domains|jobs|notifications|replication|status|storage|user|vzdump)\.(cfg|cron)$/,
  /^priv\/(authkey\.key|lock(?!\/file-)|pve-root-ca|storage|shadow\.cfg|tfa\.cfg|token\.cfg|acme|ldap|metricserver|notifications)/,
];

const GUEST_FILE = /^nodes\/([^/]+)\/(qemu-server|lxc)\/(\d+)\.conf$/;
const GUEST_PLACE = /^nodes\/([^/]+)\/(qemu-server|lxc)(?:\/(\d+)\.conf)?$/;

/** The path below `/etc/pve`, with the links of the node's own folder followed. */
export function relativePath(node: string, path: string): string {
  const bare = path.slice(CLUSTER.length + 1).replace(/\/+$/, "");
  return bare
    .replace(/^local(?=\/|$)/, `nodes/${node}`)
    .replace(/^(qemu-server|lxc|openvz)(?=\/|$)/, `nodes/${node}/$1`);
}

export function isReserved(relative: string): boolean {
  return RESERVED.some((pattern) => pattern.test(relative));
}

/** Takes up what was written into a file by hand. What corosync or the lab would not follow is not kept. */
export function takeUp(site: Site, node: string, file: ByHand, content: string): void {
  const config = site.pmxcfs(node);
  switch (file) {
    case "priv/authorized_keys":
      config.authorizedKeys = content;
      return;
    case "priv/known_hosts":
      config.knownHosts = content;
      return;
    case "priv/notifications.cfg":
      notificationsOf(config).secrets = parsePrivate(content);
      return;
    case "datacenter.cfg":
      config.options = Object.fromEntries(
        [...content.matchAll(/^([a-z][\w-]*):\s*(.*?)\s*$/gm)].map(([, key = "", value = ""]) => [
          key,
          value,
        ]),
      );
      return;
    case "corosync.conf": {
      const edited = config.corosync && editedCorosync(content, config.corosync);
      if (!edited) return;
      config.corosync = edited;
      site.quorum.reconfigured();
      return;
    }
    default: {
      const never: never = file;
      return never;
    }
  }
}

/** A guest's file that is moved to another node's folder takes the guest there: recovery by hand. */
export function moveGuestFile(site: Site, node: string, from: string, to: string): boolean {
  const [, , type, vmid = ""] = GUEST_FILE.exec(relativePath(node, from)) ?? [];
  const [, target = "", folder, name = vmid] = GUEST_PLACE.exec(relativePath(node, to)) ?? [];
  const config = site.pmxcfs(node);
  const guest = config.guests[vmid];
  if (!guest || folder !== type || name !== vmid) return false;
  if (!site.quorum.isQuorate(node)) return false;
  guest.node = target;
  return true;
}

/** A guest's file that is removed takes the guest's configuration with it; a former member's folder, what it holds. */
export function removeEntry(site: Site, node: string, path: string): boolean {
  if (!site.quorum.isQuorate(node)) return false;
  const config = site.pmxcfs(node);
  const relative = relativePath(node, path);
  const vmid = GUEST_FILE.exec(relative)?.[3];
  if (vmid !== undefined && config.guests[vmid]) {
    delete config.guests[vmid];
    return true;
  }
  const former = /^nodes\/([^/]+)$/.exec(relative)?.[1];
  if (former === undefined || site.members(node).includes(former)) return false;
  delete config.ha.files?.lrm_status[former];
  delete config.firewalls?.nodes?.[former];
  delete config.nodeConfigs?.[former];
  for (const guest of Object.values(config.guests)) {
    if (guest.node === former) delete config.guests[guest.vmid];
  }
  return true;
}
