import type { Registered } from "../../components/support/pulumi";
import { title } from "../../components/support/resources";
import { type Diagnostic, type Pack, type PackResource, run } from "./pack";

export const SHARED_DISKS = "require-shared-disks-for-ha";
export const VM_URN =
  "urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:VirtualMachine$proxmoxve:index/vmLegacy:VmLegacy::win2016";

/** What the hardware of the reference site cannot be, and no change of a test is about; prod accepts it. */
const WEAK = [
  "require-second-copy",
  "require-firewall",
  "forbid-exposed-guests",
  "require-protection",
  "require-notification",
];

/** What stops the run, but for that. */
export async function objectionsOf(pack: Pack, resources: PackResource[]): Promise<Diagnostic[]> {
  return (await run(pack, resources)).filter(
    ({ level, policy }) => level === "mandatory" && !WEAK.includes(policy),
  );
}

/** The reference site with other inputs of one resource. */
export function withInputs(
  reference: Registered[],
  wanted: string,
  change: Record<string, unknown>,
): PackResource[] {
  return reference.map((resource) =>
    title(resource) === wanted
      ? { ...resource, inputs: { ...resource.inputs, ...change } }
      : resource,
  );
}
