import { randomBytes } from "node:crypto";
import { badParameters, die, noQuorum } from "../api/errors";
import { seconds, sleep } from "../seams/clock";
import type { Site } from "../site";
import { issueCertificate } from "../state/pki";
import type { Corosync, HostState } from "../state/types";
import {
  ensureRootKey,
  linkAuthorizedKeys,
  mergeRootKey,
  prepareSsh,
  shareHostKey,
} from "./sshKeys";

const AUTHKEY = "/etc/corosync/authkey";
const BACKUPS = "/var/lib/pve-cluster/backup";

export interface JoinOptions {
  link0?: string;
  nodeid?: number;
  votes?: number;
}

/** Creating a cluster, joining it and leaving it (pve-cluster: ClusterConfig.pm, Setup.pm). */
export class Membership {
  private readonly listeners: ((node: string) => void)[] = [];

  constructor(private readonly site: Site) {}

  /** Calls back when a node has got another API certificate. */
  onCertificate(listener: (node: string) => void): void {
    this.listeners.push(listener);
  }

  /** `pvecm create`: the node's own cluster file system becomes the cluster's. */
  async create(node: string, clusterName: string, options: JoinOptions = {}): Promise<void> {
    const config = this.site.pmxcfs(node);
    if (config.corosync) throw die("cluster config '/etc/pve/corosync.conf' already exists");
    if (clusterName.length > 15) {
      throw badParameters({ clustername: "value may only be 15 characters long" });
    }
    if (!/^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(clusterName)) {
      throw badParameters({
        clustername: "invalid format - value does not look like a valid node name\n",
      });
    }
    const host = this.site.host(node);
    const address = this.linkAddress(host, options.link0);
    const { nodeid = 1, votes = 1 } = options;
    config.corosync = {
      clusterName,
      configVersion: 1,
      nodes: [{ name: node, nodeid, votes, address }],
    };
    await ensureRootKey(host);
    prepareSsh(host);
    linkAuthorizedKeys(host, config);
    mergeRootKey(host, config);
    shareHostKey(host, config);
    host.files[AUTHKEY] ??= { content: randomBytes(48).toString("base64"), mode: 0o400 };
    startCorosync(host);
    this.site.quorum.reconfigured();
  }

  /** What stands in the way of `node` joining, in PVE's words (Setup.pm assert_joinable). */
  obstacles(node: string, link0?: string): string[] {
    const host = this.site.host(node);
    const config = this.site.pmxcfs(node);
    const found: string[] = [];
    if (host.files[AUTHKEY]) found.push(`authentication key '${AUTHKEY}' already exists`);
    if (config.corosync) found.push("cluster config '/etc/pve/corosync.conf' already exists");
    if (Object.keys(config.guests).length > 0)
      found.push("this host already contains virtual guests");
    if (config.corosync)
      found.push("corosync is already running, is this node already in a cluster?!");
    if (link0 !== undefined && link0 !== host.address) {
      found.push(`link0: cannot use IP '${link0}', not found on local node!\n`);
    }
    return found;
  }

  /**
   * The join as the joiner does it: the member lists the new node, the joiner's own configuration is dropped for
   * the cluster's, and then it waits for quorum, as PVE does without a limit.
   */
  async join(node: string, member: string, options: JoinOptions = {}): Promise<void> {
    const host = this.site.host(node);
    const config = this.site.pmxcfs(member);
    const { corosync } = config;
    await ensureRootKey(host);
    prepareSsh(host);
    linkAuthorizedKeys(host, this.site.pmxcfs(node));
    if (!this.site.quorum.isQuorate(member)) throw noQuorum();
    if (!corosync) throw die("node is not in a cluster, no join info available!");
    this.addNode(corosync, host, options);
    this.site.quorum.reconfigured();
    await this.site.commit();
    host.files[AUTHKEY] = {
      ...(this.site.host(member).files[AUTHKEY] ?? { content: "", mode: 0o400 }),
    };
    const backup = `${BACKUPS}/config-${seconds(this.site.clock)}.sql.gz`;
    host.files[backup] = { content: "", mode: 0o600 };
    const state = this.site.nodeState(node);
    delete this.site.state.pmxcfs[state.pmxcfs];
    state.pmxcfs = config.id;
    startCorosync(host);
    this.site.quorum.reconfigured();
    await this.site.commit();
    while (!this.site.quorum.isQuorate(node)) await sleep(this.site.clock, 1000);
    mergeRootKey(host, config);
    await this.renewCertificate(node);
  }

  /** Another API certificate from the cluster's authority, as a join and `pvecm updatecerts --force` make it. */
  async renewCertificate(node: string): Promise<void> {
    const state = this.site.nodeState(node);
    const { ca } = this.site.pmxcfs(node);
    state.certificate = await issueCertificate(ca, this.site.host(node), this.site.clock.now());
    for (const listener of this.listeners) listener(node);
    await this.site.commit();
  }

  /** `pvecm delnode`, by name or address: needs quorum; the node itself must be off. Returns its id. */
  remove(node: string, name: string): number {
    if (name === node) throw die("Cannot delete myself from cluster!");
    if (!this.site.quorum.isQuorate(node)) throw noQuorum();
    const { corosync } = this.site.pmxcfs(node);
    const leaving = corosync?.nodes.find(
      (member) => member.name === name || member.address === name,
    );
    if (!corosync || !leaving) throw die(`Node/IP: ${name} is not a known host of the cluster.`);
    corosync.nodes = corosync.nodes.filter((member) => member !== leaving);
    corosync.configVersion++;
    this.site.quorum.reconfigured();
    return leaving.nodeid;
  }

  /** ClusterConfig.pm addnode with force, as `pvecm add` calls it: a node that is listed already is listed anew. */
  private addNode(corosync: Corosync, host: HostState, options: JoinOptions): void {
    const address = this.linkAddress(host, options.link0);
    const others = corosync.nodes.filter((member) => member.name !== host.name);
    const taken = others.find((member) => member.address === address);
    if (taken) {
      throw die(
        `corosync: address '${address}' already used on link ring0_addr by node '${taken.name}'`,
      );
    }
    const known = corosync.nodes.find((member) => member.name === host.name);
    const { nodeid = known?.nodeid ?? lowestFreeId(corosync), votes = known?.votes ?? 1 } = options;
    if (known && (known.nodeid !== nodeid || known.votes !== votes)) {
      throw die(`can't add existing node '${host.name}'`);
    }
    corosync.nodes = [...others, { name: host.name, nodeid, votes, address }];
    corosync.nodes.sort((a, b) => a.nodeid - b.nodeid);
    corosync.configVersion++;
  }

  private linkAddress(host: HostState, link0: string | undefined): string {
    if (link0 === undefined) return host.address;
    const address = linkAddressOf(link0);
    if (address !== host.address) {
      throw die(`link0: cannot use IP '${address}', not found on local node!`);
    }
    return address;
  }
}

/** `ADDRESS`, `ADDRESS,priority=N` or `address=ADDRESS,…`. */
export function linkAddressOf(link: string): string {
  return (link.split(",")[0] ?? link).replace(/^address=/, "");
}

function lowestFreeId(corosync: Corosync): number {
  let id = 1;
  while (corosync.nodes.some((member) => member.nodeid === id)) id++;
  return id;
}

function startCorosync(host: HostState): void {
  for (const unit of ["corosync", "pve-cluster"]) {
    if (!host.services.includes(unit)) host.services.push(unit);
  }
}
