import type { GuestReport } from "../toolchain/launcher/probe";
import { exportState, importState, type ResourceState } from "./pulumi";
import type { Stack } from "./stack";

const GUEST = /^proxmoxve:index\/(vm|container)Legacy:/;

/**
 * Tells the state where guests are that HA or an operator has moved. The provider asks for a container at the node that
 * the state names and nowhere else: one that has moved would count as gone. Returns the guests' names.
 */
export async function followGuests(stack: Stack, guests: GuestReport[]): Promise<string[]> {
  const state = await exportState(stack);
  const moved = movedGuests(state?.deployment.resources ?? [], guests);
  if (!state || moved.length === 0) return [];
  for (const { resource, node } of moved) {
    if (resource.inputs) resource.inputs.nodeName = node;
    if (resource.outputs) resource.outputs.nodeName = node;
  }
  await importState(stack, state);
  return moved.map(({ resource }) => resource.urn.split("::").at(-1) ?? resource.urn);
}

interface Moved {
  resource: ResourceState;
  /** Where it is now. */
  node: string;
}

/** Whether the provider would lose one of them: it follows VMs by itself. */
export function losesGuests(resources: ResourceState[], guests: GuestReport[]): boolean {
  return movedGuests(resources, guests).some(({ resource }) => /container/.test(resource.type));
}

/** Guests that are elsewhere than the state says, by their own marks. */
function movedGuests(resources: ResourceState[], guests: GuestReport[]): Moved[] {
  const homes = new Map(guests.map((guest) => [String(guest.vmid), guest]));
  return resources.flatMap((resource) => {
    const { urn, type, id = "", outputs } = resource;
    const found = homes.get(id);
    if (!GUEST.test(type) || !found?.notes.split(/\s+/).includes(urn)) return [];
    return outputs?.nodeName === found.node ? [] : [{ resource, node: found.node }];
  });
}
