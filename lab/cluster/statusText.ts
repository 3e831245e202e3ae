import { asctime } from "../ha/status";
import type { Site } from "../site";

/** `pvecm status`: corosync-quorumtool's text below PVE's header. Exit 0 with quorum, 2 without. */
export function pvecmStatus(site: Site, node: string): { text: string; exitCode: number } {
  const { corosync } = site.pmxcfs(node);
  if (!corosync) throw new Error("corosync.conf is missing");
  const view = site.quorum.view(node);
  const votes = site.quorum.votes(node);
  const own = corosync.nodes.find((member) => member.name === node)?.nodeid ?? 0;
  const flags = [votes.quorate ? "Quorate" : "", corosync.qdevice ? "Qdevice" : ""].filter(Boolean);
  const lowest = Math.min(...view.members);
  const text = `${section("Cluster information", [
    ["Name:", corosync.clusterName],
    ["Config Version:", String(corosync.configVersion)],
    ["Transport:", "knet"],
    ["Secure auth:", "on"],
  ])}
${section("Quorum information", [
  ["Date:", asctime(site.clock.now())],
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
  ["Flags:", `${flags.join(" ")} `],
])}
${membership(site, node)}`;
  return { text, exitCode: votes.quorate ? 0 : 2 };
}

function membership(site: Site, node: string): string {
  const { corosync } = site.pmxcfs(node);
  const view = site.quorum.view(node);
  const device = corosync?.qdevice;
  const lines = ["Membership information", "----------------------"];
  lines.push(device ? "    Nodeid      Votes    Qdevice Name" : "    Nodeid      Votes Name");
  for (const member of corosync?.nodes ?? []) {
    if (!view.members.includes(member.nodeid)) continue;
    const flags = device ? ` ${(view.deviceVotes ? "A,V,NMW" : "A,NV,NMW").padStart(10)}` : "";
    const local = member.name === node ? " (local)" : "";
    lines.push(
      `${hex(member.nodeid)} ${String(member.votes).padStart(10)}${flags} ${member.address}${local}`,
    );
  }
  if (device) {
    lines.push(
      view.deviceVotes
        ? `0x00000000 ${String(device.votes).padStart(10)}            Qdevice`
        : `0x00000000          0            Qdevice (votes ${device.votes})`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function section(title: string, rows: [string, string][]): string {
  const lines = rows.map(([label, value]) => `${label.padEnd(17)} ${value}`);
  return `${title}\n${"-".repeat(title.length)}\n${lines.join("\n")}\n`;
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(8, "0")}`;
}
