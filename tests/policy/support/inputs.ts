import { unknownCheckingProxy } from "@pulumi/policy";
import { readFacts } from "../../../policy/inputs/read";
import type { CollectedResource } from "../../../policy/inputs/resource";
import { UNKNOWN } from "../../../policy/facts/known";
import type { DiskFacts, GuestFacts, SiteFacts } from "../../../policy/facts/site";

/** What CrossGuard puts where a value is not known yet. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
export const UNKNOWN_BOOLEAN = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7";
export const UNKNOWN_LIST = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
export const UNKNOWN_MAPPING = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";

/** A resource whose inputs are wrapped as CrossGuard wraps them: reading an unknown one throws. */
export function resource(
  type: string,
  name: string,
  props: Record<string, unknown>,
  protect = false,
): CollectedResource {
  const proxy = unknownCheckingProxy as (inputs: typeof props) => typeof props;
  return { type, name, urn: `urn:${name}`, props: proxy(props), protect };
}

export const CLUSTER = "proxmox-ha:cluster:Cluster";
export const HA_RESOURCE = "proxmoxve:index/haresource:Haresource";
export const HA_RULE = "proxmoxve:index/harule:Harule";
export const VM = "proxmoxve:index/vmLegacy:VmLegacy";
export const CONTAINER = "proxmoxve:index/containerLegacy:ContainerLegacy";
export const NFS = "proxmoxve:storage/nfs:Nfs";

/** The only fact of that kind that one resource makes. */
export function read<Kind extends keyof SiteFacts>(
  kind: Kind,
  type: string,
  props: Record<string, unknown>,
): SiteFacts[Kind][number] {
  const [fact, ...others] = readFacts([resource(type, "it", props)])[kind];
  if (!fact || others.length > 0) throw new Error(`${type} makes ${others.length} of ${kind}`);
  return fact;
}

/** Where a guest's disks lie. */
export function places({
  disks,
}: GuestFacts): GuestFacts["disks"] | Pick<DiskFacts, "slot" | "storage">[] {
  return disks === UNKNOWN ? disks : disks.map(({ slot, storage }) => ({ slot, storage }));
}
