import { die } from "../api/errors";
import type { Site } from "../site";
import type { HostState } from "../state/types";

/**
 * `pvecm qdevice setup ADDRESS` (CLI/pvecm.pm): in its order of checks and with its words. The caller has already
 * proved that this node's root may log in at the witness.
 */
export function setupQdevice(site: Site, node: string, witness: HostState, force: boolean): void {
  const config = site.pmxcfs(node);
  const { corosync } = config;
  if (!corosync)
    throw die(
      "Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster?",
    );
  if (!site.quorum.isQuorate(node)) throw die("cluster not ready - no quorum?");
  if (!corosync.nodes.every((member) => site.isOnline(node, member.name))) {
    throw die("All nodes must be online! Node(s) offline, aborting.");
  }
  if (corosync.qdevice) throw die("QDevice already configured!");
  const odd = corosync.nodes.length % 2 === 1;
  if (odd && !force) {
    throw die("Clusters with an odd node count are not officially supported!");
  }
  for (const { name } of corosync.nodes) {
    if (!site.host(name).packages.includes("corosync-qdevice")) {
      throw die(
        `'corosync-qdevice-net-certutil' is missing on '${name}'. Install 'corosync-qdevice' first.`,
      );
    }
  }
  if (!witness.packages.includes("corosync-qnetd")) {
    throw die(
      "corosync-qnetd-certutil: command not found (install 'corosync-qnetd' on the witness)",
    );
  }
  corosync.qdevice = {
    host: witness.address,
    algorithm: odd ? "lms" : "ffsplit",
    votes: odd ? corosync.nodes.length - 1 : 1,
  };
  corosync.configVersion++;
  for (const { name } of corosync.nodes) {
    const { services } = site.host(name);
    if (!services.includes("corosync-qdevice")) services.push("corosync-qdevice");
  }
  site.quorum.reconfigured();
}

export function removeQdevice(site: Site, node: string): void {
  const { corosync } = site.pmxcfs(node);
  if (!corosync?.qdevice) throw die("No QDevice configured!");
  if (!corosync.nodes.every((member) => site.isOnline(node, member.name))) {
    throw die("All nodes must be online! Node(s) offline, aborting.");
  }
  delete corosync.qdevice;
  corosync.configVersion++;
  site.quorum.reconfigured();
}

/** What `GET /cluster/config/qdevice` and `corosync-qdevice-tool -s` tell of one node. */
export function qdeviceStatus(site: Site, node: string): Record<string, string> {
  const { corosync } = site.pmxcfs(node);
  if (!corosync?.qdevice) return {};
  const id = corosync.nodes.find((member) => member.name === node)?.nodeid ?? 0;
  return {
    Model: "Net",
    "Node ID": String(id),
    "Cluster name": corosync.clusterName,
    "QNetd host": `${corosync.qdevice.host}:5403`,
    Algorithm: corosync.qdevice.algorithm === "ffsplit" ? "Fifty-Fifty split" : "Last man standing",
    "Tie-breaker": "Node with lowest node ID",
    State: site.quorum.deviceConnected(node) ? "Connected" : "Connect failed",
  };
}
