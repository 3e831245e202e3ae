import type { BridgeFacts, ClusterFacts } from "../facts/site";
import { known } from "./known";
import { type CollectedResource, list, optionalNumber, optionalText, type Props } from "./resource";

export function readCluster({ urn, name, props }: CollectedResource): ClusterFacts {
  return {
    urn,
    name,
    nodes: known(() =>
      list(props.nodes).map((node) => ({
        name: String(node.name),
        address: String(node.address),
        votes: Number(node.votes ?? 1),
        memory: known(() => optionalNumber(node.memory)),
        cpus: known(() => optionalNumber(node.cpus)),
        links: known(() => Number(node.links ?? 1)),
      })),
    ),
    witness: known(() => {
      const witness = props.witness as Props | undefined;
      return witness && { name: String(witness.name), address: String(witness.address) };
    }),
    qdevice: known(() => props.qdevice === true),
    release: known(() => optionalNumber(props.release)),
  };
}

export function readBridge({ urn, name, props }: CollectedResource): BridgeFacts {
  return {
    urn,
    name,
    bridge: known(() => String(props.name)),
    node: known(() => optionalText(props.nodeName)),
  };
}

/** A virtual network is on every node of its zone, and a zone on all unless it is restricted, which is not read. */
export function readVnet({ urn, name, props }: CollectedResource): BridgeFacts {
  return { urn, name, bridge: known(() => String(props.resourceId)), node: undefined };
}
