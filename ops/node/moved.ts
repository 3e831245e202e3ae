import type { GuestReport } from "../../toolchain/launcher/probe";
import { exportState, importState, type ResourceState } from "../pulumi";
import type { Stack } from "../stack";

const GUEST = /^proxmoxve:index\/(vm|container)Legacy:/;

/**
 * Tells the state where guests of a node that has left are now. The provider asks for a container at the node that the
 * state names, and one that is no member cannot be asked. Returns the guests' names.
 */
export async function followGuests(
  stack: Stack,
  node: string,
  guests: GuestReport[],
): Promise<string[]> {
  const state = await exportState(stack);
  const homes = new Map(guests.map((guest) => [String(guest.vmid), guest.node]));
  const moved = (state?.deployment.resources ?? []).filter(
    ({ type, id = "", outputs }) =>
      GUEST.test(type) && outputs?.nodeName === node && (homes.get(id) ?? node) !== node,
  );
  if (!state || moved.length === 0) return [];
  for (const resource of moved) moveTo(resource, homes.get(resource.id ?? ""));
  await importState(stack, state);
  return moved.map(({ urn }) => urn.split("::").at(-1) ?? urn);
}

function moveTo(resource: ResourceState, node: string | undefined): void {
  if (resource.inputs) resource.inputs.nodeName = node;
  if (resource.outputs) resource.outputs.nodeName = node;
}
