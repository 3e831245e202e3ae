import { randomBytes } from "node:crypto";
import { badParameters, die } from "../api/errors";
import { sleep } from "../seams/clock";
import type { Site } from "../site";
import { issueCertificate } from "../state/pki";
import type { Corosync, HostState, Pmxcfs } from "../state/types";
import { ensureClusterKeys } from "./sshKeys";

const AUTHKEY = "/etc/corosync/authkey";

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
    if (!/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,13}[a-zA-Z0-9])?$/.test(clusterName)) {
      throw badParameters({ clustername: "value may only be 15 characters long" });
    }
    const host = this.site.host(node);
    const address = this.linkAddress(host, options.link0);
    const { nodeid = 1, votes = 1 } = options;
    config.corosync = {
      clusterName,
      configVersion: 1,
      nodes: [{ name: node, nodeid, votes, address }],
    };
    await this.prepareHost(host, config);
    this.site.quorum.reconfigured();
  }

  /** What stands in the way of `node` joining, in PVE's words (Setup.pm assert_joinable). */
  obstacles(node: string, link0?: string): string[] {
    const host = this.site.host(node);
    const found: string[] = [];
    if (host.files[AUTHKEY]) found.push(`authentication key '${AUTHKEY}' already exists`);
    const config = this.site.pmxcfs(node);
    if (config.corosync) {
      found.push("cluster config '/etc/pve/corosync.conf' already exists");
      found.push("corosync is already running, is this node already in a cluster?!");
    }
    if (Object.keys(config.guests).length > 0)
      found.push("this host already contains virtual guests");
    if (link0 !== undefined && link0 !== host.address) {
      found.push(`cannot use IP '${link0}', it must be configured exactly once on local node!`);
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
    if (!corosync) throw die("node is not in a cluster, no join info available!");
    if (!this.site.quorum.isQuorate(member)) throw die("cluster not ready - no quorum?");
    this.addNode(corosync, host, options);
    this.site.quorum.reconfigured();
    await this.site.commit();
    const state = this.site.nodeState(node);
    const previous = state.pmxcfs;
    state.pmxcfs = config.id;
    delete this.site.state.pmxcfs[previous];
    state.certificate = await issueCertificate(config.ca, host, this.site.clock.now());
    for (const listener of this.listeners) listener(node);
    await this.prepareHost(host, config);
    this.site.quorum.reconfigured();
    await this.site.commit();
    while (!this.site.quorum.isQuorate(node)) await sleep(this.site.clock, 1000);
  }

  /** `pvecm delnode`: needs quorum; the node itself must be off. */
  remove(node: string, name: string): void {
    const config = this.site.pmxcfs(node);
    const { corosync } = config;
    if (!corosync) throw die("no cluster configured");
    if (!this.site.quorum.isQuorate(node)) throw die("cluster not ready - no quorum?");
    if (name === node) throw die("Cannot delete myself from cluster!");
    if (!corosync.nodes.some((member) => member.name === name)) {
      throw die(`Node/IP: ${name} is not a known host of the cluster.`);
    }
    corosync.nodes = corosync.nodes.filter((member) => member.name !== name);
    corosync.configVersion++;
    this.site.quorum.reconfigured();
  }

  private addNode(corosync: Corosync, host: HostState, options: JoinOptions): void {
    const address = this.linkAddress(host, options.link0);
    const known = corosync.nodes.find((member) => member.name === host.name);
    if (known) throw die(`can't add existing node '${host.name}'`);
    if (corosync.nodes.some((member) => member.address === address)) {
      throw die(`corosync: address '${address}' already used on link 0 by another node`);
    }
    const highest = Math.max(...corosync.nodes.map((member) => member.nodeid));
    const { nodeid = highest + 1, votes = 1 } = options;
    corosync.nodes.push({ name: host.name, nodeid, votes, address });
    corosync.configVersion++;
  }

  private linkAddress(host: HostState, link0: string | undefined): string {
    if (link0 === undefined) return host.address;
    const address = link0.split(",")[0] ?? link0;
    if (address !== host.address) {
      throw die(`cannot use IP '${address}', it must be configured exactly once on local node!`);
    }
    return address;
  }

  /** What create and join both do to the host itself. */
  private async prepareHost(host: HostState, config: Pmxcfs): Promise<void> {
    host.files[AUTHKEY] ??= { content: randomBytes(48).toString("base64"), mode: 0o400 };
    if (!host.services.includes("corosync")) host.services.push("corosync");
    await ensureClusterKeys(host, config);
  }
}
