import type { RulePlan } from "./rules";

/** A rule as the provider takes it: the same for lists of rules and for groups. */
export function ruleInputs({ group, ...rule }: RulePlan) {
  return { ...rule, ...(group === undefined ? {} : { securityGroup: group }) };
}
