import type { Violation } from "../facts/judge";
import { waitingFor } from "../facts/order";
import { managedResources } from "../facts/placement";
import type { Rule } from "./rule";

/** From the first HA resource on, losing the majority resets a node. Until the witness votes, that is any lost node. */
export const requireHaAfterWitness: Rule = {
  name: "require-ha-after-witness",
  description: "No HA resource is created before the cluster and its witness are complete.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remedy: "Let HA resources depend on the cluster: dependsOn.",
  judge: (facts) =>
    facts.clusters.flatMap((cluster) => {
      const steps = facts.order.filter(({ parent }) => parent === cluster.urn);
      const waiting = steps.map((step) => ({ step, urns: waitingFor(facts.order, step.urn) }));
      return managedResources(facts).flatMap(({ urn, name }): Violation[] => {
        const missing = waiting.filter(({ urns }) => !urns.has(urn)).map(({ step }) => step.name);
        if (missing.length === 0) return [];
        const message =
          `HA resource ${name} does not wait for ${missing.join(", ")} of cluster ${cluster.name}, ` +
          "so that HA may begin before all votes count, and a node that is lost then takes the others along. " +
          "Let it depend on the cluster: dependsOn.";
        return [{ urn, message }];
      });
    }),
};
