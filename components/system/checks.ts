import { type DraftSite, entries, problem } from "../draft";
import type { Problem } from "../problems";

/** A host that asks itself for the time has no time server. Only the witness can serve it to the others. */
export function timeServersOfHosts({ system, nodes }: DraftSite): Problem[] {
  return (system?.timeServers ?? []).flatMap((server, index) => {
    const own = entries(nodes).find(([name, { address }]) => server === name || server === address);
    return own === undefined
      ? []
      : problem(
          ["system", "timeServers", index],
          `${String(server)} is the node ${own[0]}; name a machine that is no node: the router, the NAS`,
        );
  });
}

/** The addresses of nodes and hosts are said once, with them. */
export function namesOfSystem({ system, nodes, hosts }: DraftSite): Problem[] {
  return entries(system?.hosts).flatMap(([name]) => {
    const section = [
      ["nodes", nodes],
      ["hosts", hosts],
    ].find(([, section]) => section !== undefined && Object.hasOwn(section as object, name));
    return section === undefined
      ? []
      : problem(
          ["system", "hosts", name],
          `${String(section[0])}.${name} has an address already, and every node learns it; leave this line out`,
        );
  });
}
