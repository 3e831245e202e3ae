import type { HaPlan, HaResourcePlan, HaRulePlan } from "../../components/ha/plan";
import type { Checkpoint, ResourceState } from "../pulumi";

const GROUP = "proxmoxve:index/hagroup:Hagroup";
const RULE = "proxmoxve:index/harule:Harule";
const RESOURCE = "proxmoxve:index/haresource:Haresource";

/** Whether the state is still that of release 8. */
export function hasGroups({ deployment: { resources = [] } }: Checkpoint): boolean {
  return resources.some(({ type }) => type === GROUP);
}

/**
 * The state as release 9 would have written it: rules in the place of groups, and no guest in a group. Nothing is asked
 * of the cluster here; the next refresh fills in the rest.
 */
export function withRules(
  checkpoint: Checkpoint,
  { resources, rules }: Pick<HaPlan, "resources" | "rules">,
): Checkpoint {
  const { resources: before = [], ...rest } = checkpoint.deployment;
  const groups = before.filter(({ type }) => type === GROUP);
  const gone = new Set(groups.map(({ urn }) => urn));
  const kept = before
    .filter(({ urn }) => !gone.has(urn))
    .map((one) => {
      const plan = one.type === RESOURCE && resources.find(({ guest }) => guest === nameOf(one));
      return plan ? outOfGroup(one, plan, gone) : one;
    });
  const made = rules.flatMap((rule) => {
    const group = groups.find((one) => nameOf(one) === rule.name);
    const resource = kept.find((one) => one.type === RESOURCE && nameOf(one) === rule.guest);
    return group && resource ? [asRule(group, rule, resource)] : [];
  });
  // A resource stands behind those that it depends on.
  return { ...checkpoint, deployment: { ...rest, resources: [...kept, ...made] } };
}

function outOfGroup(
  state: ResourceState,
  { failback }: HaResourcePlan,
  groups: Set<string>,
): ResourceState {
  const changed = (values: Record<string, unknown> = {}): Record<string, unknown> => {
    const { group: _, ...others } = values;
    return { ...others, failback };
  };
  const { dependencies, propertyDependencies } = state;
  return {
    ...state,
    inputs: changed(state.inputs),
    outputs: changed(state.outputs),
    ...(dependencies ? { dependencies: without(dependencies, groups) } : {}),
    ...(propertyDependencies
      ? {
          propertyDependencies: Object.fromEntries(
            Object.entries(propertyDependencies)
              .filter(([property]) => property !== "group")
              .map(([property, urns]) => [property, without(urns, groups)]),
          ),
        }
      : {}),
  };
}

function without(urns: unknown, gone: Set<string>): unknown {
  return Array.isArray(urns) ? urns.filter((urn: string) => !gone.has(urn)) : urns;
}

function asRule(group: ResourceState, rule: HaRulePlan, resource: ResourceState): ResourceState {
  const { id, sid, nodes, strict } = rule;
  const inputs = { rule: id, type: "node-affinity", resources: [sid], nodes, strict };
  return {
    ...group,
    urn: group.urn.replace(GROUP, RULE),
    type: RULE,
    id,
    inputs,
    outputs: { ...inputs, id },
    dependencies: [resource.urn],
    propertyDependencies: {},
  };
}

function nameOf({ urn }: ResourceState): string {
  return urn.split("::").at(-1) ?? urn;
}
