import type { BridgeFacts, ClusterFacts } from "../facts/site";
import { known } from "./known";
import {
  type CollectedResource,
  flag,
  list,
  optionalNumber,
  optionalText,
  type Props,
  texts,
} from "./resource";

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
        cpuLevel: known(() => optionalText(node.cpuLevel)),
        cpuVendor: known(() => optionalText(node.cpuVendor)),
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

/** What ifupdown2 takes where nothing is said. */
const ALL_VLANS = "2-4094";

export function readBridge({ urn, name, props }: CollectedResource): BridgeFacts {
  return {
    urn,
    name,
    bridge: known(() => String(props.name)),
    node: known(() => optionalText(props.nodeName)),
    vlanAware: flag(props, "vlanAware", false),
    vids: known(() => optionalText(props.vids) ?? ALL_VLANS),
    ports: known(() => texts(props.ports)),
  };
}

/** A virtual network is on every node of its zone, and a zone on all unless it is restricted, which is not read. */
export function readVnet({ urn, name, props }: CollectedResource): BridgeFacts {
  return {
    urn,
    name,
    bridge: known(() => String(props.resourceId)),
    node: undefined,
    vlanAware: flag(props, "vlanAware", false),
    vids: ALL_VLANS,
    ports: [],
  };
}
