import { type Known, UNKNOWN } from "./known";
import type { GuestFacts, NodeFacts } from "./site";

/** What part of the cluster the witness is; undefined when it stands outside, as it must. */
export function witnessInside(
  witness: { name: string; address: string },
  nodes: NodeFacts[],
  guests: GuestFacts[],
): Known<string | undefined> {
  const node = nodes.find(
    ({ name, address }) => name === witness.name || address === witness.address,
  );
  if (node) return `the node ${node.name}`;
  const guest = guests.find(
    ({ name, addresses }) =>
      name === witness.name || (addresses !== UNKNOWN && addresses.includes(witness.address)),
  );
  if (guest) return `the guest ${guest.name} of this cluster`;
  return guests.some(({ addresses }) => addresses === UNKNOWN) ? UNKNOWN : undefined;
}
