import type { InterfaceFacts, OptionsFacts, UserFacts } from "../facts/site";
import { UNKNOWN } from "../facts/known";
import { known } from "./known";
import { type CollectedResource, list, optionalNumber, optionalText, texts } from "./resource";

/** A bridge, bond or VLAN of a node. */
export function readInterface(
  kind: InterfaceFacts["kind"],
): (resource: CollectedResource) => InterfaceFacts {
  return ({ urn, name, props }) => ({
    urn,
    name,
    kind,
    id: known(() => String(props.name)),
    node: known(() => String(props.nodeName)),
    mtu: known(() => optionalNumber(props.mtu)),
    on: known(() => {
      if (kind === "bridge") return texts(props.ports);
      if (kind === "bond") return texts(props.slaves);
      // Without an interface the name says it: `bond0.50`.
      return [optionalText(props.interface) ?? String(props.name).split(".")[0] ?? ""];
    }),
    mode: known(() =>
      kind === "bond" ? (optionalText(props.bondMode) ?? "balance-rr") : undefined,
    ),
    addresses: known(() =>
      [props.address, props.address6].flatMap((address) => optionalText(address) ?? []),
    ),
  });
}

/** Interfaces that the cluster's component describes, as if they were the provider's resources. */
export function describedInterfaces(
  { type, urn, props }: CollectedResource,
  kind: InterfaceFacts["kind"],
): CollectedResource[] {
  const interfaces = known(() => list(props.interfaces));
  if (interfaces === UNKNOWN) return [];
  return interfaces
    .filter((one) => one.kind === kind)
    .map((one) => ({
      type,
      urn,
      name: `${String(one.name)} of ${String(one.nodeName)}`,
      props: one,
    }));
}

const LIMITS = ["Clone", "Default", "Migration", "Move", "Restore"];

export function readOptions({ urn, name, props }: CollectedResource): OptionsFacts {
  return {
    urn,
    name,
    limits: known(() =>
      Object.fromEntries(
        LIMITS.flatMap((task) => {
          const limit = optionalNumber(props[`bandwidthLimit${task}`]);
          return limit === undefined ? [] : [[task.toLowerCase(), limit]];
        }),
      ),
    ),
  };
}

export function readUser({ urn, name, props }: CollectedResource): UserFacts {
  return {
    urn,
    name,
    user: known(() => String(props.userId)),
    email: known(() => optionalText(props.email)),
  };
}
