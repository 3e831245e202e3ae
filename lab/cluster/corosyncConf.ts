import type { Corosync } from "../state/types";

/** corosync.conf as pve-cluster writes it: keys in order, an empty line after each section (Corosync.pm). */
export function corosyncConf(corosync: Corosync): string {
  const nodes = [...corosync.nodes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      (node) =>
        `  node {\n    name: ${node.name}\n    nodeid: ${node.nodeid}\n    quorum_votes: ${node.votes}\n    ring0_addr: ${node.address}\n${node.link1 === undefined ? "" : `    ring1_addr: ${node.link1}\n`}  }\n`,
    );
  const links = corosync.nodes.some(({ link1 }) => link1 !== undefined) ? [0, 1] : [0];
  const interfaces = links.map((link) => `  interface {\n    linknumber: ${link}\n  }\n`).join("");
  const sections = [
    "logging {\n  debug: off\n  to_syslog: yes\n}\n",
    `nodelist {\n${nodes.join("")}}\n`,
    `quorum {\n${device(corosync.qdevice)}  provider: corosync_votequorum\n}\n`,
    `totem {\n  cluster_name: ${corosync.clusterName}\n  config_version: ${corosync.configVersion}\n${interfaces}  ip_version: ipv4-6\n  link_mode: passive\n  secauth: on\n  version: 2\n}\n`,
  ];
  return `${sections.join("\n")}\n`;
}

/** The votes of an lms device are not written: corosync knows them from the number of nodes. */
function device(qdevice: Corosync["qdevice"]): string {
  if (!qdevice) return "";
  const { host, algorithm, votes } = qdevice;
  const written = algorithm === "ffsplit" ? `    votes: ${votes}\n` : "";
  return `  device {\n    model: net\n    net {\n      algorithm: ${algorithm}\n      host: ${host}\n      tls: on\n    }\n${written}  }\n`;
}
