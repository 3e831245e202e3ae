import {
  PolicyPack,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { type CollectedResource, readFacts } from "./inputs/read";
import { RULES } from "./rules";

/**
 * Rules judge inputs. In a preview of a new stack the provider's configuration is unknown, and `validateStack` then
 * sees `{}` for each of its resources; `validateResource` always sees the inputs.
 */
const collected = new Map<string, CollectedResource>();

/** The next resource belongs to another run. The CLI starts a process for each, but need not. */
let judged = false;

const collector: ResourceValidationPolicy = {
  name: "collect-inputs",
  description: "Keeps what the rules over the whole site need. It never objects.",
  enforcementLevel: "advisory",
  validateResource: ({ type, urn, name, props }) => {
    if (judged) collected.clear();
    judged = false;
    collected.set(urn, { type, urn, name, props });
  },
};

const rules = RULES.map((rule): StackValidationPolicy => ({
  name: rule.name,
  description: rule.description,
  enforcementLevel: rule.enforcementLevel,
  validateStack: (_stack, report) => {
    judged = true;
    for (const { message, urn } of rule.judge(readFacts([...collected.values()])))
      report(message, urn);
  },
}));

new PolicyPack("proxmox-ha", { policies: [collector, ...rules] });
