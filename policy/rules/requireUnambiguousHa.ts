import { attempt, type Violation } from "../facts/judge";
import { need, UNKNOWN } from "../facts/known";
import type { Named, SiteFacts } from "../facts/site";
import type { Rule } from "./rule";

/** Proxmox VE refuses the second, when the first and the guest are there already (PVE::API2::HA). */
export const requireUnambiguousHa: Rule = {
  name: "require-unambiguous-ha",
  description: "Each guest has one HA resource and at most one rule about its nodes.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Take one of the two out, or put what both say into one.",
  judge: (facts) => [
    ...facts.haResources.flatMap(({ urn, name, sid }) =>
      attempt(urn, `HA resource ${name}`, () => {
        need(sid, "its HA resource id is");
        return [];
      }),
    ),
    ...twice(
      facts.haResources.map(({ sid, ...named }) => ({ named, sids: sid === UNKNOWN ? [] : [sid] })),
      "HA resource",
    ),
    ...judgeRules(facts),
  ],
};

function judgeRules({ haRules }: SiteFacts): Violation[] {
  const tying = haRules.map((rule) => {
    const { urn, name } = rule;
    let sids: string[] = [];
    const unsure = attempt(urn, `HA rule ${name}`, () => {
      const inForce = !need(rule.disabled, "whether it is in force is");
      if (inForce && need(rule.type, "its type is") === "node-affinity")
        sids = need(rule.sids, "its guests are");
      return [];
    });
    return { named: rule, sids, unsure };
  });
  return [...tying.flatMap(({ unsure }) => unsure), ...twice(tying, "HA rule about nodes")];
}

function twice(named: { named: Named; sids: string[] }[], kind: string): Violation[] {
  const first = new Map<string, string>();
  return named.flatMap(({ named: { urn, name }, sids }) =>
    sids.flatMap((sid): Violation[] => {
      const before = first.get(sid);
      if (before === undefined) {
        first.set(sid, name);
        return [];
      }
      const message = `${name} is the second ${kind} of ${sid}, after ${before}: Proxmox VE refuses it. Take one of the two out.`;
      return [{ urn, message }];
    }),
  );
}
