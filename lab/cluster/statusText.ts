import type { ExecResult } from "just-bash";
import { asctime, seconds } from "../seams/clock";
import type { Site } from "../site";

const NO_COROSYNC = "Cannot initialize CMAP service\n";

/**
 * `pvecm status`: corosync-quorumtool's text below PVE's header. Exit 0 with quorum, 2 without, 1 where corosync does
 * not run.
 */
export function pvecmStatus(site: Site, node: string): ExecResult {
  const { corosync } = site.pmxcfs(node);
  if (!corosync) throw new Error("corosync.conf is missing");
  const view = site.quorum.view(node);
  const votes = site.quorum.votes(node);
  const own = corosync.nodes.find((member) => member.name === node)?.nodeid ?? 0;
  const registered = site.quorum.deviceRegistered(node);
  const flags = [...(votes.quorate ? ["Quorate"] : []), ...(registered ? ["Qdevice"] : [])];
  const lowest = Math.min(...view.members);
  const header = section("Cluster information", [
    ["Name:", corosync.clusterName],
    ["Config Version:", String(corosync.configVersion)],
    ["Transport:", "knet"],
    ["Secure auth:", "on"],
  ]);
  if (!site.quorum.runs(node)) return { stdout: `${header}\n`, stderr: NO_COROSYNC, exitCode: 1 };
  const stdout = `${header}
${section("Quorum information", [
  ["Date:", asctime(seconds(site.clock))],
  ["Quorum provider:", "corosync_votequorum"],
  ["Nodes:", String(view.members.length)],
  ["Node ID:", hex(own)],
  ["Ring ID:", `${lowest.toString(16)}.${view.ring.toString(16)}`],
  ["Quorate:", votes.quorate ? "Yes" : "No"],
])}
${section("Votequorum information", [
  ["Expected votes:", String(votes.expected)],
  ["Highest expected:", String(votes.expected)],
  ["Total votes:", String(votes.total)],
  ["Quorum:", `${votes.quorum} ${votes.quorate ? " " : "Activity blocked"}`],
  ["Flags:", flags.map((flag) => `${flag} `).join("")],
])}
${membership(site, node, hex, "address")}`;
  return { stdout, stderr: "", exitCode: votes.quorate ? 0 : 2 };
}

/** `pvecm nodes`: the same table with decimal ids and names. It ends with 0, quorum or not, where corosync runs. */
export function pvecmNodes(site: Site, node: string): ExecResult {
  if (!site.quorum.runs(node)) return { stdout: "", stderr: NO_COROSYNC, exitCode: 1 };
  const table = membership(site, node, (id) => column(String(id)), "name");
  return { stdout: `\n${table}`, stderr: "", exitCode: 0 };
}

/** corosync-quorumtool shows the QDevice as soon as one member in sight has registered it. */
function membership(
  site: Site,
  node: string,
  idOf: (id: number) => string,
  nameOf: "name" | "address",
): string {
  const { corosync } = site.pmxcfs(node);
  const { quorum } = site;
  const view = quorum.view(node);
  const members = (corosync?.nodes ?? []).filter(({ nodeid }) => view.members.includes(nodeid));
  const device = members.some(({ name }) => quorum.deviceRegistered(name));
  const lines = ["Membership information", "----------------------"];
  const head = ["Nodeid", "Votes", ...(device ? ["Qdevice"] : [])].map(column).join(" ");
  lines.push(`${head} Name`);
  for (const member of members) {
    const local = member.name === node ? " (local)" : "";
    const cells = [idOf(member.nodeid), column(String(member.votes))];
    if (device) cells.push(column(deviceFlags(site, node, member.name)));
    lines.push(`${cells.join(" ")} ${member[nameOf]}${local}`);
  }
  if (device && corosync?.qdevice) {
    const { votes } = corosync.qdevice;
    const cast = column(String(view.deviceVotes ? votes : 0));
    const note = view.deviceVotes ? "" : ` (votes ${votes})`;
    lines.push(`${idOf(0)} ${cast}            Qdevice${note}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Alive, vote, master wins; what another member cannot tell any more stays as it was. */
function deviceFlags(site: Site, node: string, member: string): string {
  const { quorum } = site;
  if (!quorum.deviceRegistered(member)) return "NR";
  const heard = site.hardware.canReach(node, member);
  const { deviceVotes } = quorum.view(heard ? member : node);
  return deviceVotes ? "A,V,NMW" : "A,NV,NMW";
}

function section(title: string, rows: [string, string][]): string {
  const lines = rows.map(([label, value]) => `${label.padEnd(17)} ${value}`);
  return `${title}\n${"-".repeat(title.length)}\n${lines.join("\n")}\n`;
}

function column(text: string): string {
  return text.padStart(10);
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(8, "0")}`;
}
