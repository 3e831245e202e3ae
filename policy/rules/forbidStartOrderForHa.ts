import { judgeHaGuests } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

/** The HA manager starts its guests itself, in an order of its own, and only once there is quorum. */
export const forbidStartOrderForHa: Rule = {
  name: "forbid-start-order-for-ha",
  description: "No HA guest counts on the order in which a node starts its guests.",
  enforcementLevel: "advisory",
  severity: "low",
  remedy: "Take the order away, and let what is in the guests wait for what they need.",
  judge: (facts) =>
    judgeHaGuests(facts, "the start order", ({ urn, name, ordered }) => {
      if (!need(ordered, "it is")) return [];
      const message =
        `HA guest ${name} has a place in the start order, which the HA manager does not follow. ` +
        "Let its services wait for what they need, and take the order away.";
      return [{ urn, message }];
    }),
};
