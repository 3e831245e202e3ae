import type { InterfaceFacts, OrderFacts, SiteFacts } from "../facts/site";
import { readAccount, readConnection, readProvider, readRole } from "./access";
import { readBareVm, readClonedVm } from "./clonedVm";
import { readBridge, readCluster, readVnet } from "./cluster";
import {
  readClusterFirewall,
  readFirewallRules,
  readGuestFirewall,
  readIpSet,
  readNodeFirewall,
  readSecurityGroup,
} from "./firewall";
import { withDrivers } from "./drivers";
import { readContainer, readVm } from "./guest";
import { groupMembers, readHaGroup, readHaResource, readHaRule } from "./ha";
import { describedInterfaces, readInterface, readOptions, readUser } from "./network";
import { readNotifications } from "./notification";
import { nameSince8 } from "./otherNames";
import { withPools } from "./pools";
import type { CollectedResource } from "./resource";
import { readBackupJob, readCopy, readReplication, readStorage, STORAGES } from "./storage";

const ACCESS = "proxmox-ha:access:Access";
const USER_TOKEN = "proxmox-ha:accounts:UserToken";
const ROLE = "proxmox-ha:accounts:Role";
const CLUSTER = "proxmox-ha:cluster:Cluster";
const MACHINE = "proxmox-ha:guest:VirtualMachine";

/**
 * Turns the collected inputs into facts. Only named properties are read, each on its own. `today` is the day of the run, as in
 * "2026-11-26"; without one, nobody knows how old anything is.
 */
export function readFacts(
  resources: CollectedResource[],
  order: OrderFacts[] = [],
  today?: string,
): SiteFacts {
  const byType = new Map<string, CollectedResource[]>();
  for (const resource of resources) {
    const type = nameSince8(resource.type);
    const same = byType.get(type);
    if (same) same.push(resource);
    else byType.set(type, [resource]);
  }
  const all = (...types: string[]): CollectedResource[] =>
    types.flatMap((type) => byType.get(type) ?? []);
  const withLegacy = (type: string): CollectedResource[] => all(type, legacy(type));

  const described = (kind: InterfaceFacts["kind"]): CollectedResource[] =>
    all(CLUSTER).flatMap((cluster) => describedInterfaces(cluster, kind));

  const haResources = withLegacy("proxmoxve:index/haresource:Haresource");
  const members = groupMembers(haResources);
  return {
    clusters: all(CLUSTER).map(readCluster),
    haResources: haResources.map(readHaResource),
    haRules: [
      ...withLegacy("proxmoxve:index/harule:Harule").map(readHaRule),
      ...withLegacy("proxmoxve:index/hagroup:Hagroup").map((group) => readHaGroup(group, members)),
    ],
    guests: withPools(
      [
        ...withDrivers(all("proxmoxve:index/vmLegacy:VmLegacy").map(readVm), all(MACHINE)),
        ...withLegacy("proxmoxve:cloned/vm:Vm").map(readClonedVm),
        ...all("proxmoxve:index/vm:Vm", "proxmoxve:index/vm2Legacy:Vm2Legacy").map(readBareVm),
        ...all("proxmoxve:index/containerLegacy:ContainerLegacy").map(readContainer),
      ],
      withLegacy("proxmoxve:pool/membership:Membership"),
    ),
    storages: Object.entries(STORAGES).flatMap(([type, shared]) =>
      withLegacy(`proxmoxve:storage/${type}`).map((storage) => readStorage(storage, shared)),
    ),
    replications: withLegacy("proxmoxve:index/replication:Replication").map(readReplication),
    backupJobs: all("proxmoxve:backup/job:Job").map(readBackupJob),
    copies: all("proxmox-ha:backup:ArchiveCopy").map(readCopy),
    bridges: [
      ...withLegacy("proxmoxve:network/linux/bridge:Bridge").map(readBridge),
      ...described("bridge").map(readBridge),
      ...withLegacy("proxmoxve:sdn/vnet:Vnet").map(readVnet),
    ],
    interfaces: (["bridge", "bond", "vlan"] as const).flatMap((kind) =>
      [
        ...withLegacy(`proxmoxve:network/linux/${kind}:${kind[0]?.toUpperCase()}${kind.slice(1)}`),
        ...described(kind),
      ].map(readInterface(kind)),
    ),
    options: withLegacy("proxmoxve:cluster/options:Options").map(readOptions),
    users: all("proxmoxve:index/userLegacy:UserLegacy").map(readUser),
    notifications: all("proxmox-ha:notifications:Notifications").map(readNotifications),
    providers: all("pulumi:providers:proxmoxve").map(readProvider),
    accounts: [...all(ACCESS, USER_TOKEN), ...withLegacy("proxmoxve:user/token:Token")].map(
      (account) => readAccount(account, today),
    ),
    roles: [...all(ACCESS, ROLE), ...withLegacy("proxmoxve:index/role:Role")].map(readRole),
    firewalls: [
      ...withLegacy("proxmoxve:cluster/firewall:Firewall").map(readClusterFirewall),
      ...withLegacy("proxmoxve:node/firewall:Firewall").map(readNodeFirewall),
      ...[
        ...withLegacy("proxmoxve:firewall/options:Options"),
        ...all("proxmox-ha:firewall:GuestFirewall"),
      ].map(readGuestFirewall),
    ],
    firewallRules: withLegacy("proxmoxve:firewall/rules:Rules").map(readFirewallRules),
    securityGroups: withLegacy("proxmoxve:cluster/firewall/security/group:Group").map(
      readSecurityGroup,
    ),
    ipSets: withLegacy("proxmoxve:firewall/ipset:Ipset").map(readIpSet),
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
