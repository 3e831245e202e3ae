import {
  PolicyPack,
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import type { OrderFacts, SiteFacts } from "./facts/site";
import { GIVEN_SCHEMA, type Given, givenClusters } from "./inputs/given";
import { readFacts } from "./inputs/read";
import type { CollectedResource } from "./inputs/resource";
import { RULES } from "./catalogue";
import { configured, type Rule } from "./rules/rule";

/**
 * Rules judge inputs. In a preview of a new stack the provider's configuration is unknown, and `validateStack` then
 * sees `{}` for each of its resources; `validateResource` always sees the inputs.
 */
const collected = new Map<string, CollectedResource>();

/**
 * What all rules of a run judge, read once. A resource that comes after it belongs to another run: the CLI starts a
 * process for each, but need not.
 */
let facts: SiteFacts | undefined;

let given: Given = {};

const collector: ResourceValidationPolicy = {
  name: "collect-inputs",
  description: "Keeps what the rules over the whole site need. It never objects.",
  enforcementLevel: "advisory",
  configSchema: GIVEN_SCHEMA,
  validateResource: ({ type, urn, name, props, getConfig }) => {
    if (facts) collected.clear();
    facts = undefined;
    given = getConfig<Given>();
    collected.set(urn, { type, urn, name, props });
  },
};

const policies = RULES.map((rule: Rule): StackValidationPolicy => ({
  name: rule.name,
  description: rule.description,
  enforcementLevel: rule.enforcementLevel,
  severity: rule.severity,
  remediationSteps: rule.remedy,
  url: `docs/policies.md#${rule.name}`,
  ...(rule.settings ? { configSchema: { properties: { ...rule.settings } } } : {}),
  validateStack: (stack, report) => {
    facts ??= readFacts(
      [...collected.values(), ...givenClusters(given, collected)],
      // The engine lists what is about to be deleted too, without having asked about it.
      stack.resources.filter(({ urn }) => collected.has(urn)).map(readOrder),
    );
    for (const { message, urn } of rule.judge(facts, configured(rule, stack.getConfig())))
      report(message, urn);
  },
}));

function readOrder({ urn, name, parent, dependencies, provider }: PolicyResource): OrderFacts {
  return {
    urn,
    name,
    parent: parent?.urn ?? "",
    needs: [...dependencies.map((needed) => needed.urn), ...(provider ? [provider.urn] : [])],
  };
}

new PolicyPack("proxmox-ha", { policies: [collector, ...policies] });
