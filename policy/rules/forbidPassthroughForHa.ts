import { judgeHaGuests } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

export const forbidPassthroughForHa: Rule = {
  name: "forbid-passthrough-for-ha",
  description: "No HA guest uses a device of one node.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Take the device away, or map it for the whole cluster with a counterpart on each node.",
  judge: (facts) =>
    judgeHaGuests(facts, "the devices", ({ urn, name, devices }) => {
      const used = need(devices, "they are");
      if (used.length === 0) return [];
      const message =
        `HA guest ${name} uses ${used.join(", ")}, which the other nodes do not have: it can neither migrate ` +
        "nor be sure to start there. Take the device away (a CD drive by cdrom.fileId: none), map it for the cluster, " +
        "or take the guest out of HA.";
      return [{ urn, message }];
    }),
};
