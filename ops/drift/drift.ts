import { connectionsOf } from "../../toolchain/launcher/connections";
import { lookAtCopies } from "../copies";
import { readSiteFile } from "../installer/siteFile";
import { followMoves } from "../moves";
import { lookAtSite, type Seen } from "../preflight/look";
import { exportState, pulumiJson } from "../pulumi";
import { findSite } from "../site";
import type { Stack } from "../stack";
import { OpsError } from "../errors";
import { acceptedIn } from "./accepted";
import { askInventory, askLogins, askNode } from "./ask";
import { changedResources, type Step } from "./changes";
import { lateCopies } from "./copies";
import { withoutFactor } from "./factors";
import type { Finding } from "./findings";
import { unmanaged } from "./inventory";
import { clusterDrift, type NodeFacts } from "./nodeFacts";

/** Everything that is not as the stack describes it: its resources, what else is in the cluster, the cluster itself, second factors, and copies. */
export async function findDrift(stack: Stack): Promise<Finding[]> {
  const accepted = acceptedIn(stack);
  const [site, state] = await Promise.all([findSite(stack), exportState(stack)]);
  const resources = state?.deployment.resources ?? [];
  if (resources.length === 0) {
    throw new OpsError(`Stack ${stack.name} has built nothing yet, so nothing can have drifted.`);
  }
  // A container that HA has moved is no drift.
  await followMoves(stack, { ...site, resources }, { say: toStandardError });
  const seen = await lookAtSite(stack);
  const inventory = await askInventory(site.connection, seen.plan.release);
  const nodes = await askNodes(stack, seen);
  const { secondFactor } = readSiteFile(stack).site.access;
  const logins = secondFactor === "required" ? await askLogins(site.connection) : undefined;
  const copies = await lookAtCopies(stack, site, resources);
  const steps = await stepsOf(stack);
  return [
    ...changedResources(steps, stack.name),
    ...unmanaged(inventory, resources, accepted),
    ...hostFindings(seen),
    ...clusterDrift(seen.plan, nodes, stack.name),
    ...(logins ? withoutFactor(logins, accepted, Date.now() / 1000) : []),
    ...lateCopies(copies),
  ];
}

/** Standard output is for the findings. */
function toStandardError(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What an update would do after it has looked at every resource. */
async function stepsOf(stack: Stack): Promise<Step[]> {
  const preview = (await pulumiJson(stack, ["preview", "--json", "--refresh"])) as {
    steps?: Step[];
  };
  return preview.steps ?? [];
}

/** Nodes that do not answer are told of already. Whoever falls silent now makes this a failure: nothing is known of it. */
async function askNodes(stack: Stack, { plan, stackFile, reports }: Seen): Promise<NodeFacts[]> {
  const connections = connectionsOf(stack.root, stackFile, process.env);
  const asked = plan.nodes.flatMap(({ name }) => {
    const connection = connections[name];
    const silent = reports.find((report) => report.name === name)?.silent !== undefined;
    return connection && !silent ? [askNode(name, connection)] : [];
  });
  return Promise.all(asked);
}

/** By the scripts that an update begins with: silence, membership, and what is left to do or in the way on a host. */
function hostFindings({ reports, plan }: Seen): Finding[] {
  return reports.flatMap(({ name, silent, state, will, problems }): Finding[] => {
    const on = { kind: "cluster", resource: `node/${name}` } as const;
    if (silent !== undefined) {
      return [
        {
          ...on,
          what: `it does not answer: ${silent}`,
          remedy: "switch it on, or look at its network",
        },
      ];
    }
    const node = plan.nodes.some((one) => one.name === name);
    const alone: Finding[] =
      node && state !== "member"
        ? [
            {
              ...on,
              what: `it is no member of cluster ${plan.name}`,
              remedy: "docs/runbooks/replacing-a-dead-node.md",
            },
          ]
        : [];
    return [
      ...alone,
      ...will.map((what) => ({
        ...on,
        what: `left to do: ${what}`,
        remedy: "the next update does it",
      })),
      ...problems.map((problem) => ({ ...on, ...problem })),
    ];
  });
}
