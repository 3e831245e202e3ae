import { exportState, pulumi, type ResourceState } from "../pulumi";
import type { Stack } from "../stack";

/** Steps that any host's change concerns: who may log in where, and the vote of the witness. */
const OF_THE_SITE = /^((trust|logins)-.+|qdevice)$/;

/**
 * Lets the next update run again what was once done to a node and for it: what stands in the state was done to a
 * machine that is gone. Their replacement runs the script and nothing else. Returns the steps' names.
 */
export async function runAgain(stack: Stack, node: string): Promise<string[]> {
  const state = await exportState(stack);
  const stale = (state?.deployment.resources ?? []).filter(
    (resource) => concerns(resource, node) && resource.taint !== true,
  );
  if (stale.length === 0) return [];
  await pulumi(stack, ["state", "taint", ...stale.map(({ urn }) => urn), "--yes"]);
  return stale.map(nameOf);
}

function concerns(resource: ResourceState, node: string): boolean {
  if (resource.type !== "command:remote:Command" || resource.delete === true) return false;
  const name = nameOf(resource);
  const [step = "", ...host] = name.split("-");
  return OF_THE_SITE.test(name) || (/^[a-z]+$/.test(step) && host.join("-") === node);
}

function nameOf({ urn }: ResourceState): string {
  return urn.split("::").at(-1) ?? urn;
}
