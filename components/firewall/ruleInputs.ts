import type { RulePlan } from "./rules";

const UNSAID = {
  comment: "",
  dest: "",
  dport: "",
  iface: "",
  log: "",
  macro: "",
  proto: "",
  securityGroup: "",
  source: "",
  sport: "",
};

/**
 * A rule as the provider takes it: the same for lists of rules and for groups. What is not said is said to be empty:
 * after a refresh the provider's bridge takes an option that is left out from the rule that had this place before.
 */
export function ruleInputs({ group, ...rule }: RulePlan) {
  return { ...UNSAID, ...rule, ...(group === undefined ? {} : { securityGroup: group }) };
}
