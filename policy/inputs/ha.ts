import { type Known, UNKNOWN } from "../facts/known";
import type { HaResourceFacts, HaRuleFacts } from "../facts/site";
import { known } from "./known";
import { type CollectedResource, flag, optionalNumber, optionalText, type Props } from "./resource";

export function readHaResource({ urn, name, props }: CollectedResource): HaResourceFacts {
  return {
    urn,
    name,
    sid: known(() => String(props.resourceId)),
    state: known(() => optionalText(props.state) ?? "started"),
    maxRestart: known(() => optionalNumber(props.maxRestart) ?? 1),
    maxRelocate: known(() => optionalNumber(props.maxRelocate) ?? 1),
  };
}

export function readHaRule({ urn, name, props }: CollectedResource): HaRuleFacts {
  return {
    urn,
    name,
    type: known(() => String(props.type)),
    sids: known(() => [...((props.resources as string[] | undefined) ?? [])]),
    nodes: known(() => Object.keys((props.nodes as Props | undefined) ?? {})),
    strict: known(() => props.strict === true),
    disabled: known(() => props.disable === true),
    apart: known(() => props.affinity === "negative"),
  };
}

/** A group of Proxmox VE 8 is what a rule about nodes is in 9, with its guests named by their HA resources. */
export function readHaGroup(
  { urn, name, props }: CollectedResource,
  members: (group: string) => Known<string[]>,
): HaRuleFacts {
  const group = known(() => String(props.group));
  return {
    urn,
    name,
    type: "node-affinity",
    sids: group === UNKNOWN ? UNKNOWN : members(group),
    nodes: known(() => Object.keys((props.nodes as Props | undefined) ?? {})),
    strict: flag(props, "restricted", false),
    disabled: false,
    apart: false,
  };
}

/** HA resources by the group that they name. */
export function groupMembers(resources: CollectedResource[]): (group: string) => Known<string[]> {
  const named = new Map<string, Known<string[]>>();
  for (const { props } of resources) {
    const group = known(() => optionalText(props.group));
    if (group === UNKNOWN) return () => UNKNOWN;
    if (group === undefined) continue;
    const before = named.get(group) ?? [];
    const sid = known(() => String(props.resourceId));
    named.set(group, before === UNKNOWN || sid === UNKNOWN ? UNKNOWN : [...before, sid]);
  }
  return (group) => named.get(group) ?? [];
}
