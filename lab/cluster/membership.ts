import { randomBytes } from "node:crypto";
import { badParameters, die, noQuorum } from "../api/errors";
import { linksOf } from "../node/links";
import { AUTHKEY, followCorosyncConf } from "../pmxcfs/database";
import type { Site } from "../site";
import { issueCertificate } from "../state/pki";
import type { Corosync, CorosyncNode, HostState } from "../state/types";
import { join } from "./join";
import {
  ensureRootKey,
  linkAuthorizedKeys,
  mergeRootKey,
  prepareSsh,
  shareHostKey,
} from "./sshKeys";

export interface JoinOptions {
  /** With what may follow an address. */
  link0?: string;
  link1?: string;
  nodeid?: number;
  votes?: number;
  /** Whether the process that joins was killed. */
  killed?: () => boolean;
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
    const links = linksFor(this.site, host, options);
    const { nodeid = 1, votes = 1 } = options;
    config.corosync = {
      clusterName,
      configVersion: 1,
      nodes: [{ name: node, nodeid, votes, ...links }],
    };
    await ensureRootKey(host);
    prepareSsh(host);
    linkAuthorizedKeys(host, config);
    mergeRootKey(host, config);
    shareHostKey(host, config);
    host.files[AUTHKEY] ??= { content: randomBytes(48).toString("base64"), mode: 0o400 };
    followCorosyncConf(this.site.state, host);
    startCorosync(host);
    this.site.quorum.reconfigured();
  }

  /** What stands in the way of `node` joining, in PVE's words (Setup.pm assert_joinable). */
  obstacles(node: string, { link0, link1 }: JoinOptions = {}): string[] {
    const host = this.site.host(node);
    const config = this.site.pmxcfs(node);
    const found: string[] = [];
    if (host.files[AUTHKEY]) found.push(`authentication key '${AUTHKEY}' already exists`);
    if (config.corosync) found.push("cluster config '/etc/pve/corosync.conf' already exists");
    if (Object.keys(config.guests).length > 0)
      found.push("this host already contains virtual guests");
    if (this.site.quorum.runs(node))
      found.push("corosync is already running, is this node already in a cluster?!");
    for (const [link, text] of Object.entries({ link0, link1 })) {
      const address = text === undefined ? host.address : linkAddressOf(text);
      if (isOwn(this.site, host, address)) continue;
      found.push(`${link}: cannot use IP '${address}', not found on local node!\n`);
    }
    return found;
  }

  /** `pvecm add --use_ssh` on the node that joins. */
  async join(node: string, member: string, options: JoinOptions = {}): Promise<void> {
    await join(this.site, node, member, options);
  }

  /** Another API certificate from the cluster's authority, as a join and `pvecm updatecerts --force` make it. */
  async renewCertificate(node: string): Promise<void> {
    const state = this.site.nodeState(node);
    const { ca } = this.site.pmxcfs(node);
    state.certificate = await issueCertificate(ca, this.site.host(node), this.site.clock.now());
    delete state.joining;
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
}

/** ClusterConfig.pm addnode with force, as `pvecm add` calls it: a node that is listed already is listed anew. */
export function addNode(
  site: Site,
  corosync: Corosync,
  host: HostState,
  options: JoinOptions,
): void {
  const links = linksFor(site, host, options);
  const others = corosync.nodes.filter((member) => member.name !== host.name);
  requireUnused(links.address, "ring0_addr", others);
  if (links.link1 !== undefined) requireUnused(links.link1, "ring1_addr", others);
  const two = others.some(({ link1 }) => link1 !== undefined);
  if (two && links.link1 === undefined) {
    throw die("corosync: link 1 exists in cluster config but wasn't specified for new node");
  }
  if (!two && links.link1 !== undefined) {
    throw die("corosync: link 1 specified for new node doesn't exist in cluster config");
  }
  const known = corosync.nodes.find((member) => member.name === host.name);
  const { nodeid = known?.nodeid ?? lowestFreeId(corosync), votes = known?.votes ?? 1 } = options;
  if (known && (known.nodeid !== nodeid || known.votes !== votes)) {
    throw die(`can't add existing node '${host.name}'`);
  }
  corosync.nodes = [...others, { name: host.name, nodeid, votes, ...links }];
  corosync.nodes.sort((a, b) => a.nodeid - b.nodeid);
  corosync.configVersion++;
}

function requireUnused(address: string, link: string, others: CorosyncNode[]): void {
  const taken = others.find((member) => member.address === address || member.link1 === address);
  if (taken) {
    throw die(
      `corosync: address '${address}' already used on link ${link} by node '${taken.name}'`,
    );
  }
}

/** The node's addresses on the links, which must be its own. */
function linksFor(
  site: Site,
  host: HostState,
  { link0, link1 }: JoinOptions,
): Pick<CorosyncNode, "address" | "link1"> {
  const own = (link: string, text: string): string => {
    const address = linkAddressOf(text);
    if (!isOwn(site, host, address)) {
      throw die(`${link}: cannot use IP '${address}', not found on local node!`);
    }
    return address;
  };
  return {
    address: link0 === undefined ? host.address : own("link0", link0),
    ...(link1 === undefined ? {} : { link1: own("link1", link1) }),
  };
}

const isOwn = (site: Site, host: HostState, address: string): boolean =>
  address === host.address || linksOf(site, host).some((link) => link.address === address);

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
