import { UNKNOWN } from "../facts/known";
import type {
  FirewallFacts,
  FirewallRule,
  FirewallRulesFacts,
  IpSetFacts,
  Place,
  SecurityGroupFacts,
} from "../facts/security";
import { known } from "./known";
import { type CollectedResource, flag, list, optionalText, type Props } from "./resource";

/** Proxmox VE keeps a cluster's firewall off until it is told otherwise. */
export function readClusterFirewall({ urn, name, props }: CollectedResource): FirewallFacts {
  return {
    urn,
    name,
    place: { kind: "cluster" },
    enabled: flag(props, "enabled", false),
    inputPolicy: policy(props, "inputPolicy", "DROP"),
    outputPolicy: policy(props, "outputPolicy", "ACCEPT"),
  };
}

export function readNodeFirewall({ urn, name, props }: CollectedResource): FirewallFacts {
  return {
    urn,
    name,
    place: known(() => ({ kind: "node", node: String(props.nodeName) })),
    enabled: flag(props, "enabled", true),
    inputPolicy: UNKNOWN,
    outputPolicy: UNKNOWN,
  };
}

/** Of the provider's resource, or of the component whose script sets the same. */
export function readGuestFirewall({ urn, name, props }: CollectedResource): FirewallFacts {
  return {
    urn,
    name,
    place: placeOf(props),
    enabled: flag(props, "enabled", false),
    inputPolicy: policy(props, "inputPolicy", "DROP"),
    outputPolicy: policy(props, "outputPolicy", "ACCEPT"),
  };
}

export function readFirewallRules({ urn, name, props }: CollectedResource): FirewallRulesFacts {
  return { urn, name, place: placeOf(props), rules: rulesIn(props) };
}

export function readSecurityGroup({ urn, name, props }: CollectedResource): SecurityGroupFacts {
  return { urn, name, id: known(() => String(props.name)), rules: rulesIn(props) };
}

export function readIpSet({ urn, name, props }: CollectedResource): IpSetFacts {
  return {
    urn,
    name,
    place: placeOf(props),
    id: known(() => String(props.name)),
    networks: known(() =>
      list(props.cidrs).flatMap((one) => (one.nomatch === true ? [] : [String(one.name)])),
    ),
  };
}

/** A guest's resource names the guest's node as well. */
function placeOf(props: Props): FirewallFacts["place"] {
  return known((): Place => {
    const vmid = props.vmId ?? props.containerId;
    if (vmid !== undefined && vmid !== null) return { kind: "guest", vmid: Number(vmid) };
    const node = optionalText(props.nodeName);
    return node === undefined ? { kind: "cluster" } : { kind: "node", node };
  });
}

function policy(
  props: Props,
  key: "inputPolicy" | "outputPolicy",
  usual: string,
): FirewallFacts["inputPolicy"] {
  return known(() => (optionalText(props[key]) ?? usual).toUpperCase());
}

function rulesIn(props: Props): FirewallRulesFacts["rules"] {
  return known(() =>
    list(props.rules).map((rule): FirewallRule => ({
      enabled: (rule.enabled ?? true) === true,
      type: said(rule.type)?.toLowerCase(),
      action: said(rule.action)?.toUpperCase(),
      group: said(rule.securityGroup),
      macro: said(rule.macro),
      proto: said(rule.proto)?.toLowerCase(),
      port: said(rule.dport),
      source: said(rule.source),
      dest: said(rule.dest),
      iface: said(rule.iface),
    })),
  );
}

/** An option of a rule that is empty is as good as none. */
function said(value: unknown): string | undefined {
  return optionalText(value) || undefined;
}
