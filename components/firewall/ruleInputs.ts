import type { RulePlan } from "./rules";

/**
 * A rule as the provider takes it: the same for lists of rules and for groups. What is not said is said to be empty:
 * after a refresh the provider's bridge takes an option that is left out from the rule that had this place before.
 */
export function ruleInputs({ group = "", ...rule }: RulePlan) {
  const unsaid = { comment: "", dest: "", dport: "", iface: "", log: "", macro: "", proto: "" };
  return { ...unsaid, source: "", sport: "", ...rule, securityGroup: group };
}
