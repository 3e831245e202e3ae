import type { HaRulePlan } from "../../components/ha/plan";
import type { Connection } from "../../toolchain/launcher/connections";
import { runOverSsh } from "../../toolchain/launcher/ssh";

/** pvesh takes a second or two to start on a small node. */
const SLOW_MS = 60_000;

const VERSION = "dpkg-query -W -f '${Version}' pve-manager";

/** Why a node keeps the stack from going on to release 9; undefined when it does not. */
export async function inTheWay(
  name: string,
  connection: Connection | undefined,
): Promise<string | undefined> {
  if (!connection) return `${name}: nobody knows how to reach it`;
  try {
    const { stdout, stderr, code } = await runOverSsh(connection, VERSION);
    if (code !== 0) return `${name} does not tell its release: ${stderr.trim()}`;
    const release = Number(stdout.split(".")[0]);
    return release >= 9
      ? undefined
      : `${name} is still on Proxmox VE ${release} (${stdout.trim()})`;
  } catch (error) {
    return `${name} does not answer over SSH: ${(error as Error).message}`;
  }
}

/** A node affinity rule, as Proxmox VE tells it. */
export interface FoundRule {
  rule: string;
  type: string;
  resources?: string;
  /** `pve01:1,pve02:2` */
  nodes?: string;
  strict?: number | boolean;
}

/** `undefined` as long as the HA manager has not made rules of the groups. */
export async function askRules(connection: Connection): Promise<FoundRule[] | undefined> {
  const command =
    "if [ -s /etc/pve/ha/groups.cfg ]; then echo groups; else pvesh get /cluster/ha/rules --output-format json; fi";
  const { stdout, stderr, code } = await runOverSsh(connection, command, SLOW_MS);
  if (code !== 0) throw new Error(stderr.trim());
  return stdout.trim() === "groups" ? undefined : (JSON.parse(stdout) as FoundRule[]);
}

/** How a rule of the cluster differs from what the site file says; undefined when it does not. */
export function difference(
  { id, sid, nodes, strict }: HaRulePlan,
  found: FoundRule[],
): string | undefined {
  const rule = found.find((one) => one.rule === id);
  if (!rule) return `there is no rule ${id}`;
  if (rule.resources !== sid) return `rule ${id} is about ${rule.resources}, and not about ${sid}`;
  const there = sorted((rule.nodes ?? "").split(","));
  const wanted = sorted(Object.entries(nodes).map(([node, priority]) => written(node, priority)));
  if (there !== wanted) return `rule ${id} prefers ${there}, and not ${wanted}`;
  if (Boolean(Number(rule.strict ?? 0)) !== strict) {
    return `rule ${id} is ${strict ? "not strict, and should be" : "strict, and should not be"}`;
  }
  return undefined;
}

/** Proxmox VE leaves a priority of 0 out. */
const written = (node: string, priority: number): string =>
  priority === 0 ? node : `${node}:${priority}`;

const sorted = (list: string[]): string => list.sort().join(", ");
