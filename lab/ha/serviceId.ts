import type { Site } from "../site";
import type { Guest } from "../state/types";

/** `vm:100` or `ct:103`, as the HA manager names a guest. */
export function serviceId({ type, vmid }: Pick<Guest, "type" | "vmid">): string {
  return `${type === "qemu" ? "vm" : "ct"}:${vmid}`;
}

/** The HA manager decides about the guest: it is a resource, and not an ignored one. */
export function isManaged(site: Site, guest: Guest): boolean {
  const resource = site.pmxcfs(guest.node).ha.resources[serviceId(guest)];
  return resource !== undefined && resource.state !== "ignored";
}
