import { planHa } from "../../components/ha/plan";
import type { Site } from "../../components/site";
import { type Connection, connectionsOf } from "../../toolchain/launcher/connections";
import { readStackFile } from "../../toolchain/launcher/stackFile";
import { OpsError } from "../errors";
import { readSiteFile } from "../installer/siteFile";
import { exportState, importState, pulumi, pulumiHere, type ResourceState } from "../pulumi";
import { resume } from "../resume";
import type { Stack } from "../stack";
import { askRules, difference, inTheWay } from "./ask";
import { hasGroups, withRules } from "./state";

/** What says the release to hosts: the cluster's steps and the account. */
const TOLD = [
  "proxmox-ha:cluster:Cluster",
  "proxmox-ha:cluster:Cluster$command:remote:Command",
  "proxmox-ha:access:Access",
];

/**
 * Takes the stack of a cluster that was upgraded from release 8 to 9. Proxmox VE has made HA rules of the groups by
 * then; the state takes them over as they are, and nothing is asked of the HA manager. Safe to run again.
 */
export async function switchRelease(stack: Stack): Promise<void> {
  const { file, site } = readSiteFile(stack);
  const { release, upgradedFrom } = site.cluster;
  if (release === 9 && upgradedFrom === undefined) {
    throw new OpsError(`${file} says release 9 already: there is nothing to switch.`);
  }
  const plan = planHa(ofRelease9(site));
  const connections = await upgraded(stack, site);
  await compareRules(connections, plan.rules);
  say(`all nodes are on release 9, and its HA rules are what ${file} says`);

  await note(stack, "release", 9);
  await note(stack, "upgradedFrom", 8);
  await resume(stack);
  const state = await exportState(stack);
  if (!state) {
    say(`${file} says release 9 now. Stack ${stack.name} has built nothing yet: that is all.`);
    return;
  }
  if (hasGroups(state)) {
    await importState(stack, withRules(state, plan));
    say(`the state has the rules in the place of the groups: ${names(plan.rules)}`);
  }
  await tellHosts(stack, state.deployment.resources ?? []);
  const code = await pulumiHere(stack, ["preview", "--refresh", "--expect-no-changes"]);
  if (code !== 0) {
    throw new OpsError(
      "The stack is on release 9, but a preview shows what is to change; see above. If that is wanted: " +
        `pulumi up --stack ${stack.name}`,
    );
  }
  say("the stack is on release 9, and there is nothing to change");
}

/** The same site, as the file says it in the end. */
function ofRelease9(site: Site): Site {
  return { ...site, cluster: { ...site.cluster, release: 9, upgradedFrom: 8 } };
}

/** The connections to all nodes, in the order of the file. Throws while one of them is not on release 9. */
async function upgraded(stack: Stack, site: Site): Promise<Connection[]> {
  const file = readStackFile(stack.root, stack.name);
  const all = connectionsOf(stack.root, file, process.env);
  const nodes = Object.keys(site.nodes);
  const reasons = await Promise.all(nodes.map((name) => inTheWay(name, all[name])));
  const told = reasons.filter((reason) => reason !== undefined);
  if (told.length > 0) {
    const lines = told.map((reason) => `  ${reason}`).join("\n");
    throw new OpsError(
      `The whole cluster has to be on release 9 first, and nothing has been changed:\n${lines}\n` +
        "Upgrade each node as Proxmox describes it, and run this again: docs/runbooks/upgrading-to-release-9.md",
    );
  }
  return nodes.flatMap((name) => all[name] ?? []);
}

async function compareRules(
  [connection]: Connection[],
  rules: ReturnType<typeof planHa>["rules"],
): Promise<void> {
  if (!connection) throw new OpsError("The site has no nodes.");
  const found = await askRules(connection).catch((error: Error) => {
    throw new OpsError(`${connection.host} does not tell the HA rules: ${error.message}`);
  });
  if (!found) {
    throw new OpsError(
      "The HA manager has not made rules of the groups yet, and nothing has been changed. It does once all nodes are " +
        "online and on release 9, within a minute or so; look at: journalctl -u pve-ha-crm. Then run this again.",
    );
  }
  const told = rules.map((rule) => difference(rule, found)).filter((line) => line !== undefined);
  if (told.length === 0) return;
  throw new OpsError(
    `The HA rules are not what the site file says, and nothing has been changed:\n${told.map((line) => `  ${line}`).join("\n")}\n` +
      "Correct them (ha-manager rules set), or the site file, and run this again.",
  );
}

/** Scripts and privileges of release 9. Each finds out for itself that there is nothing left to do. */
async function tellHosts(stack: Stack, resources: ResourceState[]): Promise<void> {
  const targets = resources.filter(
    ({ urn, type }) => TOLD.some((told) => typesIn(urn) === told) || isAccount(urn, type),
  );
  if (targets.length === 0) return;
  say("telling the hosts");
  const args = targets.flatMap(({ urn }) => ["--target", urn]);
  const code = await pulumiHere(stack, [
    "up",
    "--yes",
    "--skip-preview",
    "--refresh=false",
    ...args,
  ]);
  if (code !== 0) {
    throw new OpsError("Not every host could be told; see above. Run this again: it goes on.");
  }
}

/** `a:b:C$d:e:F`, the resource's type behind those of its parents. */
function typesIn(urn: string): string {
  return urn.split("::")[2] ?? "";
}

function isAccount(urn: string, type: string): boolean {
  return type === "command:remote:Command" && urn.endsWith("::account");
}

async function note(stack: Stack, key: string, value: number): Promise<void> {
  await pulumi(stack, ["config", "set", "--path", `proxmox-ha:site.cluster.${key}`, String(value)]);
}

function names(rules: { id: string }[]): string {
  return rules.map(({ id }) => id).join(", ");
}

function say(text: string): void {
  process.stdout.write(`release: ${text}\n`);
}
