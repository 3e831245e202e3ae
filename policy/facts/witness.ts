import { type Known, UNKNOWN } from "./known";
import type { GuestFacts, NodeFacts } from "./site";

/** What part of the cluster the witness is; undefined when it stands outside, as it must. */
export function witnessInside(
  witness: { name: string; address: string },
  nodes: NodeFacts[],
  guests: GuestFacts[],
): Known<string | undefined> {
  const node = nodes.find(
    ({ name, address }) => same(name, witness.name) || same(address, witness.address),
  );
  if (node) return `the node ${node.name}`;
  const guest = guests.find(
    ({ name, addresses }) =>
      same(name, witness.name) ||
      (addresses !== UNKNOWN && addresses.some((address) => same(address, witness.address))),
  );
  if (guest) return `the guest ${guest.name} of this cluster`;
  return guests.some(({ addresses }) => addresses === UNKNOWN) ? UNKNOWN : undefined;
}

/** Names of hosts and IPv6 addresses are the same in upper and lower case. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
