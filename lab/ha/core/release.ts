import type { HaEnvironment } from "./environment";

/** The pve-manager since which HA rules, and what came with them, are known (PVE::HA::Manager). */
export const RULES_SINCE = "9.0.0~16";

/** Compares versions as PVE::HA::Tools::has_min_version does: `9.0.0~15` is older than `9.0.0~16`, `9.0.0` is not. */
export function hasMinVersion(version: string, least: string): boolean {
  const have = partsOf(version);
  const need = partsOf(least);
  if (!have || !need) return false;
  for (const index of [0, 1, 2]) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return (have[3] ?? Infinity) >= (need[3] ?? 0);
}

/** Whether the daemons of `node` are those of release 9. */
export function knowsRules(env: HaEnvironment, node: string): boolean {
  return hasMinVersion(env.cluster.version(node, node) ?? "", RULES_SINCE);
}

function partsOf(version: string): number[] | undefined {
  const match = /^(\d+)\.(\d+)[.-](\d+)(?:~(\d+))?/.exec(version);
  return match
    ?.slice(1)
    .filter((part) => part !== undefined)
    .map(Number);
}
