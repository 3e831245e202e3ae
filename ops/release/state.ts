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
  /** URN of a group → that of the rule in its place. */
  const successors = new Map(groups.map(({ urn }) => [urn, urn.replace(GROUP, RULE)]));
  const after = before
    .filter(({ urn }) => !successors.has(urn))
    .flatMap((one) => {
      const plan = one.type === RESOURCE && resources.find(({ guest }) => guest === nameOf(one));
      if (!plan) return [withDependencies(one, successors)];
      const rule = rules.find(({ guest }) => guest === plan.guest);
      const group = groups.find((group) => nameOf(group) === rule?.name);
      // Behind what it depends on, before what depends on it.
      const made = rule && group ? [asRule(group, rule, one)] : [];
      return [outOfGroup(one, plan, successors), ...made];
    });
  return { ...checkpoint, deployment: { ...rest, resources: after } };
}

function outOfGroup(
  state: ResourceState,
  { failback }: HaResourcePlan,
  groups: ReadonlyMap<string, string>,
): ResourceState {
  const changed = (values: Record<string, unknown> = {}): Record<string, unknown> => {
    const { group: _, ...others } = values;
    return failback === undefined ? others : { ...others, failback };
  };
  const nowhere = new Map([...groups.keys()].map((urn) => [urn, undefined]));
  return {
    ...withDependencies(state, nowhere),
    inputs: changed(state.inputs),
    outputs: changed(state.outputs),
  };
}

/** What it depends on, with other URNs for some; `undefined` takes one out. */
function withDependencies(
  state: ResourceState,
  successors: ReadonlyMap<string, string | undefined>,
): ResourceState {
  const follow = (urns: string[]): string[] =>
    urns.flatMap((urn) => (successors.has(urn) ? (successors.get(urn) ?? []) : [urn]));
  const { dependencies, propertyDependencies } = state as Dependent;
  return {
    ...state,
    ...(dependencies ? { dependencies: follow(dependencies) } : {}),
    ...(propertyDependencies
      ? {
          propertyDependencies: Object.fromEntries(
            Object.entries(propertyDependencies).map(([property, urns]) => [
              property,
              // Where there are none Pulumi writes null.
              urns && follow(urns),
            ]),
          ),
        }
      : {}),
  };
}

interface Dependent {
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
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
