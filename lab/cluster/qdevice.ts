import { randomBytes } from "node:crypto";
import type { PveError } from "../api/errors";
import { die } from "../api/errors";
import type { Site } from "../site";
import type { Corosync, HostState } from "../state/types";

export const NO_CLUSTER =
  "Error: Corosync config '/etc/pve/corosync.conf' does not exist - is this node part of a cluster?";

/** Certificates that a setup leaves on a node, and that stand in the way of the next one. */
const CERTIFICATE_STORE = "/etc/corosync/qdevice/net/nssdb/cert9.db";
/** The witness's own authority; a witness that is installed anew makes another. */
const AUTHORITY = "/etc/corosync/qnetd/nssdb/cert9.db";

/** Whether the two get past TLS: the node's certificate is of the witness's authority. */
export function trustEachOther(node: HostState, witness: HostState): boolean {
  const [issued, own] = [node.files[CERTIFICATE_STORE], witness.files[AUTHORITY]];
  return (issued?.content ?? "") === (own?.content ?? "");
}

/**
 * `pvecm qdevice setup ADDRESS` (CLI/pvecm.pm), in its order of checks and with its words. `logIn` gives the witness,
 * or throws when this node's root may not log in there with its RSA key.
 */
export function setupQdevice(
  site: Site,
  node: string,
  logIn: () => HostState,
  force: boolean,
): void {
  const corosync = requireAllOnline(site, node);
  if (corosync.qdevice && !force) throw die("QDevice already configured!");
  const odd = corosync.nodes.length % 2 === 1;
  if (odd && !force) throw die("Clusters with an odd node count are not officially supported!");
  const witness = logIn();
  if (site.host(node).files[CERTIFICATE_STORE] && !force) {
    throw die("QDevice certificate store already initialised, set force to delete!");
  }
  makeCertificates(site, node, corosync, witness);
  if (corosync.qdevice) {
    throw die("Qdevice already configured, must be removed before setting up new one!");
  }
  corosync.qdevice = {
    host: witness.address,
    algorithm: odd ? "lms" : "ffsplit",
    votes: odd ? corosync.nodes.length - 1 : 1,
  };
  corosync.configVersion++;
  for (const { name } of corosync.nodes) {
    site.units.enable(site.host(name), "corosync-qdevice", true);
    site.units.start(site.host(name), "corosync-qdevice");
  }
  site.quorum.reconfigured();
}

/** `pvecm qdevice remove`: the section goes, and on every node the service and its certificates. */
export function removeQdevice(site: Site, node: string): void {
  const corosync = requireAllOnline(site, node);
  if (!corosync.qdevice) throw die("No QDevice configured!");
  delete corosync.qdevice;
  corosync.configVersion++;
  for (const { name } of corosync.nodes) {
    const host = site.host(name);
    delete host.files[CERTIFICATE_STORE];
    site.units.enable(host, "corosync-qdevice", false);
    site.units.stop(host, "corosync-qdevice");
  }
  site.quorum.reconfigured();
}

function requireAllOnline(site: Site, node: string): Corosync {
  const { corosync } = site.pmxcfs(node);
  if (!corosync) throw die(NO_CLUSTER);
  const names = corosync.nodes.map(({ name }) => name).sort();
  const offline = names.find((name) => !site.isOnline(node, name));
  if (offline !== undefined) {
    throw die(`All nodes must be online! Node ${offline} is offline, aborting.`);
  }
  return corosync;
}

/** The tools of corosync-qnetd and corosync-qdevice run one after the other; what is missing ends it there. */
function makeCertificates(site: Site, node: string, corosync: Corosync, witness: HostState): void {
  if (!witness.packages.includes("corosync-qnetd")) {
    throw commandFailed(
      "bash: line 1: corosync-qnetd-certutil: command not found\n" +
        "scp: /etc/corosync/qnetd/nssdb/qnetd-cacert.crt: No such file or directory",
      `scp -o 'BatchMode=yes' 'root@[${witness.address}]:/etc/corosync/qnetd/nssdb/qnetd-cacert.crt' /etc/pve/qnetd-cacert.crt`,
      1,
    );
  }
  const hosts = corosync.nodes.map(({ name }) => site.host(name));
  const without = hosts.filter(({ packages }) => !packages.includes("corosync-qdevice"));
  const authority = (witness.files[AUTHORITY] ??= {
    content: randomBytes(8).toString("hex"),
    mode: 0o600,
  });
  for (const host of hosts) {
    // On the other nodes a database that is there stays as it is, whatever authority it is of.
    if (host.name === node) delete host.files[CERTIFICATE_STORE];
    if (without.includes(host)) continue;
    host.files[CERTIFICATE_STORE] ??= { content: authority.content, mode: 0o600 };
  }
  if (without.some(({ name }) => name === node)) {
    throw die(
      `command 'corosync-qdevice-net-certutil -r -n ${corosync.clusterName}' failed: failed to execute`,
    );
  }
  const [other] = without;
  if (other) {
    throw commandFailed(
      "bash: line 1: corosync-qdevice-net-certutil: command not found",
      `/usr/bin/ssh -e none -o 'BatchMode=yes' -o 'HostKeyAlias=${other.name}' root@${other.address} -- corosync-qdevice-net-certutil -m -c /etc/pve/qdevice-net-node.p12`,
      127,
    );
  }
}

/** PVE::Tools::run_command, below what the command itself said. */
export function commandFailed(said: string, command: string, exitCode: number): PveError {
  return die(`${said}\ncommand '${command}' failed: exit code ${exitCode}`);
}

/** What `GET /cluster/config/qdevice` tells of one node: of all that the daemon says these keys, {} without it. */
export function qdeviceStatus(site: Site, node: string): Record<string, string> {
  const { corosync } = site.pmxcfs(node);
  if (!corosync?.qdevice || !site.quorum.deviceRegistered(node)) return {};
  const connected = site.quorum.deviceConnected(node);
  return {
    Model: "Net",
    "QNetd host": `${corosync.qdevice.host}:5403`,
    Algorithm: corosync.qdevice.algorithm === "ffsplit" ? "Fifty-Fifty split" : "Last Man Standing",
    "Tie-breaker": "Node with lowest node ID",
    State: connected ? "Connected" : "Connect failed",
    ...(connected ? { "Echo reply": "Yes" } : {}),
  };
}
