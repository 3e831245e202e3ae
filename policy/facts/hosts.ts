import { UNKNOWN } from "./known";
import type { SiteFacts } from "./site";

/**
 * Writes every host in one way, its address, where a cluster tells both name and address of it. Names of hosts and IPv6
 * addresses are the same in upper and lower case.
 */
export function hostWriter({ clusters }: Pick<SiteFacts, "clusters">): (host: string) => string {
  const hosts = clusters.flatMap(({ nodes, witness }) => [
    ...(nodes === UNKNOWN ? [] : nodes),
    ...(witness === UNKNOWN || witness === undefined ? [] : [witness]),
  ]);
  const addresses = new Map(
    hosts.map(({ name, address }) => [name.toLowerCase(), address.toLowerCase()]),
  );
  return (host) => addresses.get(host.toLowerCase()) ?? host.toLowerCase();
}
