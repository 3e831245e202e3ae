import type { Site } from "../site";

/** `/etc/pve/.members`: what pmxcfs knows of the cluster's nodes (pve-cluster, status.c). */
export function membersFile(site: Site, node: string): string {
  const { corosync } = site.pmxcfs(node);
  if (!corosync) return `{\n"nodename": "${node}",\n"version": 0\n}\n`;
  const nodes = corosync.nodes.map((member) => {
    const online = site.quorum.sees(node, member.name) ? 1 : 0;
    return `  "${member.name}": { "id": ${member.nodeid}, "online": ${online}, "ip": "${member.address}"}`;
  });
  const quorate = site.quorum.isQuorate(node) ? 1 : 0;
  return `{
"nodename": "${node}",
"version": ${corosync.configVersion},
"cluster": { "name": "${corosync.clusterName}", "version": ${corosync.configVersion}, "nodes": ${corosync.nodes.length}, "quorate": ${quorate} },
"nodelist": {
${nodes.join(",\n")}
  }
}
`;
}

/** `/etc/pve/.vmlist`: every guest and the node that has its file. */
export function guestListFile(site: Site, node: string): string {
  const config = site.pmxcfs(node);
  const guests = Object.values(config.guests).map(
    (guest) =>
      `"${guest.vmid}": { "node": "${guest.node}", "type": "${guest.type}", "version": ${config.version} }`,
  );
  return `{\n"version": ${config.version},\n"ids": {\n${guests.join(",\n")}}\n\n}\n`;
}
