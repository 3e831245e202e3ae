import { die, noQuorum } from "../api/errors";
import { AUTHKEY, COROSYNC_CONF, DATABASE, dump } from "../pmxcfs/database";
import { seconds, sleep } from "../seams/clock";
import type { Site } from "../site";
import { corosyncConf } from "./corosyncConf";
import { addNode, type JoinOptions } from "./membership";
import { ensureRootKey, linkAuthorizedKeys, mergeRootKey, prepareSsh } from "./sshKeys";

const BACKUPS = "/var/lib/pve-cluster/backup";
/** What a join takes between two of its changes, so that it can be cut off there. */
const STEP_MS = 300;

/**
 * The join as the joiner does it (pve-cluster: CLI/pvecm.pm, Setup.pm finish_join), change by change: the member lists
 * the new node; corosync's key and configuration are copied; the cluster file system stops, its database is saved and
 * removed; both daemons start, and a new database takes corosync.conf in; then it waits for quorum, as PVE does
 * without a limit. Whoever kills the process, or the power, leaves what has been done until then.
 */
export async function join(
  site: Site,
  node: string,
  member: string,
  options: JoinOptions,
): Promise<void> {
  const host = site.host(node);
  const { bootedAt } = host;
  const pause = async (ms: number): Promise<void> => {
    await sleep(site.clock, ms);
    const gone = !host.power || host.bootedAt !== bootedAt;
    if (gone || options.killed?.()) throw die("received interrupt");
  };
  /** The moment before a change. */
  const before = async (change: string, ms = STEP_MS): Promise<void> => {
    await site.commit();
    await site.faults.pass(`pvecm add ${node}: ${change}`, "before");
    await pause(ms);
  };

  await ensureRootKey(host);
  prepareSsh(host);
  linkAuthorizedKeys(host, site.pmxcfs(node));
  await before("list the node", 0);
  const config = site.pmxcfs(member);
  const { corosync } = config;
  if (!site.quorum.isQuorate(member)) throw noQuorum();
  if (!corosync) throw die("node is not in a cluster, no join info available!");
  addNode(site, corosync, host, options);
  site.quorum.reconfigured();

  await before("write authkey");
  const key = site.host(member).files[AUTHKEY];
  if (!key || !site.hardware.canReach(node, member)) {
    throw die(`can't rsync data from host '${site.host(member).address}'`);
  }
  host.files[AUTHKEY] = { ...key };
  await before("write corosync.conf");
  host.files[COROSYNC_CONF] = { content: corosyncConf(corosync), mode: 0o640 };
  await before("stop pve-cluster");
  site.units.stop(host, "pve-cluster");
  await before("save the database");
  const backup = `${BACKUPS}/config-${seconds(site.clock)}.sql.gz`;
  const saved = dump(site.state, host.files[DATABASE]?.content ?? "") ?? "";
  // gzip has written a part.
  host.files[backup] = { content: saved.slice(0, saved.length / 2), mode: 0o600 };
  await before("end the backup");
  host.files[backup] = { content: saved, mode: 0o600 };
  await before("remove the database");
  delete host.files[DATABASE];
  await before("start corosync and pve-cluster");
  site.units.start(host, "pve-cluster");
  site.units.start(host, "corosync");
  site.quorum.reconfigured();
  await before("wait for quorum");
  while (!site.quorum.isQuorate(node)) await pause(1000);
  await before("update certificates");
  mergeRootKey(host, config);
  await site.membership.renewCertificate(node);
  await before("restart services");
  for (const unit of ["pvedaemon", "pveproxy"]) site.units.start(host, unit);
}
