import type { Site } from "../site";
import type { Corosync, HostState } from "../state/types";
import { qdeviceStatus } from "./qdevice";

/** `corosync-qdevice-tool -s`; undefined where no daemon answers. */
export function qdeviceToolText(site: Site, node: string): string | undefined {
  const status = qdeviceStatus(site, node);
  const { corosync } = site.pmxcfs(node);
  if (status.State === undefined || !corosync) return undefined;
  const own = corosync.nodes.find((member) => member.name === node)?.nodeid ?? 0;
  const members = site.quorum.reportedMembers(node);
  const lines = [
    "Qdevice information",
    "-------------------",
    line("Model", "Net"),
    line("Node ID", String(own)),
    line("Configuration version", String(corosync.configVersion)),
    "Configured node list:",
    ...corosync.nodes.map(({ nodeid }, index) => `    ${index}\tNode ID = ${nodeid}`),
    line("Membership node list", members.join(", ")),
    "",
    "Qdevice-net information",
    "----------------------",
    line("Cluster name", corosync.clusterName),
    ...["QNetd host", "Algorithm", "Tie-breaker", "State"].map((key) =>
      line(key, status[key] ?? ""),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** `corosync-qnetd-tool -l` on the witness: every cluster that is connected to it, or one, and its nodes. */
export function qnetdToolText(site: Site, witness: HostState, name?: string): string {
  return Object.values(site.state.pmxcfs)
    .map(({ corosync }) => corosync)
    .filter((corosync) => corosync?.qdevice?.host === witness.address)
    .filter((corosync) => name === undefined || corosync?.clusterName === name)
    .map((corosync) => (corosync ? clusterText(site, corosync) : ""))
    .join("");
}

function clusterText(site: Site, corosync: Corosync): string {
  const connected = corosync.nodes.filter(({ name }) => site.quorum.deviceServed(name));
  if (connected.length === 0) return "";
  const split = corosync.qdevice?.algorithm === "ffsplit";
  const configured = corosync.nodes.map(({ nodeid }) => nodeid).join(", ");
  const nodes = connected.map(({ name, nodeid, address }) => {
    const { deviceVotes } = site.quorum.view(name);
    const members = site.quorum.reportedMembers(name).join(", ");
    return [
      `    Node ID ${nodeid}:`,
      `        Client address:\t\t::ffff:${address}:${48_000 + nodeid}`,
      `        Configuration version:\t${corosync.configVersion}`,
      `        Configured node list:\t${configured}`,
      `        Membership node list:\t${members}`,
      `        Vote:\t\t\t${deviceVotes ? "ACK (ACK)" : "NACK (NACK)"}`,
    ].join("\n");
  });
  const algorithm = split ? "Fifty-Fifty split (KAP Tie-breaker)" : "LMS";
  return [
    `Cluster "${corosync.clusterName}":`,
    `    Algorithm:\t\t${algorithm}`,
    "    Tie-breaker:\tNode with lowest node ID",
    ...nodes,
    "",
  ].join("\n");
}

/** Values stand in the fourth tab column. */
function line(key: string, value: string): string {
  const label = `${key}:`;
  return `${label}${"\t".repeat(Math.max(1, Math.ceil((24 - label.length) / 8)))}${value}`;
}
