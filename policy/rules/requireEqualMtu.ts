import { attempt, type Violation } from "../facts/judge";
import { type Facing, facingServers, sized, unequal, USUAL_MTU } from "../facts/mtu";
import type { Rule } from "./rule";

interface Config {
  servers: Record<string, number>;
}

/** Small packets pass and large ones do not: it pings, and hangs with the first disk or migration. */
export const requireEqualMtu: Rule<Config> = {
  name: "require-equal-mtu",
  description: "All nodes, and the servers of their storages, have the same MTU in a network.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Give the interface the same MTU on each node, on the switch and on the server.",
  settings: {
    servers: {
      type: "object",
      additionalProperties: { type: "integer", minimum: 576, maximum: 65520 },
      default: {},
      description: "MTU of servers of storages, by their address in the program.",
    },
  },
  judge: (facts, { servers }) => {
    const [first] = facts.interfaces;
    if (!first) return [];
    return attempt(first.urn, "the MTU of networks", () => {
      const interfaces = sized(facts.interfaces);
      const nodes = unequal(interfaces).map(({ what, members }) => {
        const mtus = members.map(({ node, id, mtu }) => `${mtu} at ${id} of ${node}`).join(", ");
        const message = `${what} has MTU ${mtus}: large packets between them are lost. Say the same mtu on each.`;
        return { urn: members[0]?.at.urn ?? first.urn, message };
      });
      const facing = facingServers(facts.storages, interfaces).flatMap((each) =>
        judgeServer(each, servers[each.server]),
      );
      return [...nodes, ...facing];
    });
  },
};

function judgeServer({ storage, server, by }: Facing, mtu: number | undefined): Violation[] {
  const { node, id } = by;
  if (by.mtu === (mtu ?? USUAL_MTU)) return [];
  const told = mtu === undefined ? "nobody says which MTU it has" : `it has MTU ${mtu}`;
  const message =
    `storage ${storage.name}: ${node} speaks to its server ${server} by ${id} with MTU ${by.mtu}, and ${told}. ` +
    "Where they differ, large packets are lost and disks hang. Say the server's: require-equal-mtu.servers.";
  return [{ urn: storage.urn, message }];
}
