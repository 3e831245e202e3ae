import { judgeHaGuests } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

/** Seconds that the HA manager waits for a guest to shut down, whatever the guest's own setting (PVE::HA::Resources). */
const PATIENCE = 60;

/** The HA manager starts and stops its guests itself, in an order and a time of its own. */
export const forbidStartOrderForHa: Rule = {
  name: "forbid-start-order-for-ha",
  description: "No HA guest counts on the order and the time in which a node starts and stops it.",
  enforcementLevel: "advisory",
  severity: "low",
  remedy: "Take order and time away, let services wait for what they need and be done in a minute.",
  judge: (facts) =>
    judgeHaGuests(facts, "the start order", ({ urn, name, kind, ...guest }) => {
      const shutdown = need(guest.shutdown, "its time to shut down is");
      const end = kind === "vm" ? "then kills it" : "then leaves it running";
      return [
        ...(need(guest.ordered, "it is")
          ? [
              "has a place in the start order, which the HA manager does not follow. " +
                "Let its services wait for what they need, and take the order away.",
            ]
          : []),
        ...(shutdown > PATIENCE
          ? [
              `is given ${shutdown} s to shut down, but the HA manager waits ${PATIENCE} s and ${end}. ` +
                `Let it be done by then, or stop it with ha-manager crm-command stop ${kind}:ID ${shutdown} first.`,
            ]
          : []),
      ].map((reason) => ({ urn, message: `HA guest ${name} ${reason}` }));
    }),
};
