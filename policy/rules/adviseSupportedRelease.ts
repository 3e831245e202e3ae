import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

/** The oldest major release that Proxmox still mends; release 8 ended in August 2026 (Proxmox VE's FAQ). */
const OLDEST = 9;

export const adviseSupportedRelease: Rule = {
  name: "advise-supported-release",
  description: "The cluster is on a release that still gets updates.",
  enforcementLevel: "advisory",
  severity: "high",
  remedy: "Upgrade each node as Proxmox describes it, and then: npm run -s ops -- release switch.",
  judge: ({ clusters }) =>
    clusters.flatMap(({ urn, name, release }) =>
      attempt(urn, `the release of cluster ${name}`, () => {
        const told = need(release, "its release is");
        if (told === undefined || told >= OLDEST) return [];
        const message =
          `cluster ${name} is on Proxmox VE ${told}, which has got no updates since August 2026, ` +
          "not even against holes that everybody knows. Upgrade its nodes.";
        return [{ urn, message }];
      }),
    ),
};
