import { attempt } from "../facts/judge";
import { some } from "../facts/known";
import { nodesOnOneLink, withoutLimit } from "../facts/links";
import type { Rule } from "./rule";

interface Config {
  redundant: string[];
  limited: string[];
}

/** Corosync on a busy link loses tokens, and with HA that resets nodes. */
export const requireLimitsOnSharedLink: Rule<Config> = {
  name: "require-limits-on-shared-link",
  description: "Where corosync shares its only link, nothing may fill that link.",
  enforcementLevel: "mandatory",
  development: "advisory",
  severity: "high",
  remedy: "Limit the bandwidth of the cluster's tasks and of backup jobs, or add a second link.",
  settings: {
    redundant: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Names of clusters whose nodes have a bond that no resource describes.",
    },
    limited: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Names of clusters whose limits no resource describes.",
    },
  },
  judge: (facts, { redundant, limited }) =>
    facts.clusters
      .filter(({ name }) => !redundant.includes(name) && !limited.includes(name))
      .flatMap((cluster) => {
        const { urn, name } = cluster;
        return attempt(urn, `the limits of cluster ${name}`, () => {
          const nodes = nodesOnOneLink(cluster, facts.interfaces);
          if (nodes.length === 0) return [];
          const free = withoutLimit(facts);
          if (free.length === 0) return [];
          const message =
            `cluster ${name}: corosync has one link on ${some(nodes)} and shares it with what nothing limits: ${some(free)}. ` +
            "At full speed that delays corosync until nodes reset. Say a limit in KiB/s, as 60000 for half of 1 Gbit/s, " +
            "in the options of the cluster and in backup jobs, or add a second link.";
          return [{ urn, message }];
        });
      }),
};
