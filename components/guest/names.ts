import type { GuestPlan } from "./plan";

/** Types of a guest's component and of the provider's resource in it. Changing either gives every guest a new URN. */
export const VM_TYPE = {
  component: "proxmox-ha:guest:VirtualMachine",
  resource: "proxmoxve:index/vmLegacy:VmLegacy",
} as const;

export const CONTAINER_TYPE = {
  component: "proxmox-ha:guest:Container",
  resource: "proxmoxve:index/containerLegacy:ContainerLegacy",
} as const;

/** The URN that Pulumi gives a guest's resource, and so the mark in its notes. */
export function guestUrn(
  plan: Pick<GuestPlan, "key" | "type">,
  stack: string,
  project: string,
): string {
  const { component, resource } = plan.type === "vm" ? VM_TYPE : CONTAINER_TYPE;
  return `urn:pulumi:${stack}::${project}::${component}$${resource}::${plan.key}`;
}
