import type { OrderFacts, SiteFacts } from "../facts/site";
import { readAccount, readConnection, readProvider } from "./access";
import { readBridge, readCluster, readVnet } from "./cluster";
import { readContainer, readVm } from "./guest";
import { groupMembers, readHaGroup, readHaResource, readHaRule } from "./ha";
import type { CollectedResource } from "./resource";
import { readBackupJob, readStorage, STORAGES } from "./storage";

/** Turns the collected inputs into facts. Only named properties are read, each on its own. */
export function readFacts(resources: CollectedResource[], order: OrderFacts[] = []): SiteFacts {
  const byType = new Map<string, CollectedResource[]>();
  for (const resource of resources) {
    const same = byType.get(resource.type);
    if (same) same.push(resource);
    else byType.set(resource.type, [resource]);
  }
  const all = (...types: string[]): CollectedResource[] =>
    types.flatMap((type) => byType.get(type) ?? []);
  const withLegacy = (type: string): CollectedResource[] => all(type, legacy(type));

  const haResources = withLegacy("proxmoxve:index/haresource:Haresource");
  const members = groupMembers(haResources);
  return {
    clusters: all("proxmox-ha:cluster:Cluster").map(readCluster),
    haResources: haResources.map(readHaResource),
    haRules: [
      ...withLegacy("proxmoxve:index/harule:Harule").map(readHaRule),
      ...withLegacy("proxmoxve:index/hagroup:Hagroup").map((group) => readHaGroup(group, members)),
    ],
    guests: [
      ...all("proxmoxve:index/vmLegacy:VmLegacy").map(readVm),
      ...all("proxmoxve:index/containerLegacy:ContainerLegacy").map(readContainer),
    ],
    storages: Object.entries(STORAGES).flatMap(([type, shared]) =>
      withLegacy(`proxmoxve:storage/${type}`).map((storage) => readStorage(storage, shared)),
    ),
    backupJobs: all("proxmoxve:backup/job:Job").map(readBackupJob),
    bridges: [
      ...withLegacy("proxmoxve:network/linux/bridge:Bridge").map(readBridge),
      ...withLegacy("proxmoxve:sdn/vnet:Vnet").map(readVnet),
    ],
    providers: all("pulumi:providers:proxmoxve").map(readProvider),
    accounts: [...all("proxmox-ha:access:Access"), ...withLegacy("proxmoxve:user/token:Token")].map(
      readAccount,
    ),
    connections: all(
      "command:remote:Command",
      "command:remote:CopyFile",
      "command:remote:CopyToRemote",
    ).map(readConnection),
    order,
  };
}

/** The provider has most resources twice: `x:Xy` and `xLegacy:XyLegacy`. */
function legacy(type: string): string {
  return type.replace(/(\w+):(\w+)$/, "$1Legacy:$2Legacy");
}
