import type { PlannedNode } from "../cluster/plan";
import type { PlannedInterface } from "./plan";

/** A node's interfaces as the provider's own resources would have them: policies read both alike. */
export function interfaceInputs({ name: nodeName, interfaces }: PlannedNode): object[] {
  return interfaces
    .filter(({ kind }) => kind !== "card")
    .map((one) => ({ ...common(one), nodeName, ...own(one) }));
}

function common({ kind, name, mtu, address }: PlannedInterface): object {
  return {
    kind,
    name,
    ...(mtu === undefined ? {} : { mtu }),
    ...(address === undefined ? {} : { address }),
  };
}

function own({ kind, on, mode, vlanAware, vids }: PlannedInterface): object {
  switch (kind) {
    case "bond":
      return { slaves: on, bondMode: mode };
    case "vlan":
      return { interface: on[0] };
    default:
      return { ports: on, vlanAware: vlanAware ?? false, ...(vids === undefined ? {} : { vids }) };
  }
}
