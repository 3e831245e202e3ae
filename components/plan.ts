import { type AccessPlan, planAccess, type TokenSettings } from "./access/plan";
import { type AccountsPlan, planAccounts } from "./accounts/plan";
import { type CopyPlan, planCopies } from "./backup/copyPlan";
import { type BackupPlan, planBackups } from "./backup/plan";
import { type ClusterPlan, planCluster } from "./cluster/plan";
import { type FirewallPlan, planFirewall } from "./firewall/plan";
import { type GuestPlan, type GuestRules, planGuests } from "./guest/plan";
import { type HaPlan, planHa } from "./ha/plan";
import { type MediaPlan, planMedia } from "./media/plan";
import { type MetricServerPlan, planMetrics } from "./metrics/plan";
import type { Outputs } from "./outputs";
import type { Site } from "./schema";
import { type OptionsPlan, planOptions } from "./options/plan";
import { type NotificationsPlan, planNotifications } from "./notifications/plan";
import { planSystem, type SystemPlan } from "./system/plan";
import { planPools, type PoolPlan } from "./pool/plan";
import { planReplications, type ReplicationPlan } from "./replication/plan";
import { planStorages, planTemplates, type StoragePlan, type TemplatePlan } from "./storage/plan";

/** Everything that is to exist, with every name and id decided. */
export interface SitePlan {
  stack: string;
  cluster: ClusterPlan;
  access: AccessPlan;
  options: OptionsPlan;
  system: SystemPlan;
  notifications: NotificationsPlan;
  storages: StoragePlan[];
  templates: TemplatePlan[];
  media: MediaPlan[];
  guests: GuestPlan[];
  pools: PoolPlan[];
  replications: ReplicationPlan[];
  ha: HaPlan;
  firewall: FirewallPlan | undefined;
  backups: BackupPlan[];
  metrics: MetricServerPlan[];
  accounts: AccountsPlan;
  copies: CopyPlan[];
  /** Storages and guests are protected against deletion. */
  protect: boolean;
}

export interface Settings extends GuestRules {
  stack: string;
  token: TokenSettings;
}

export function planSite(site: Site, settings: Settings): SitePlan {
  return {
    stack: settings.stack,
    cluster: planCluster(site),
    access: planAccess(settings.stack, settings.token, site.cluster.release),
    options: planOptions(site),
    system: planSystem(site),
    notifications: planNotifications(site, settings.stack),
    storages: planStorages(site, settings.today),
    templates: planTemplates(site),
    media: planMedia(site),
    guests: planGuests(site, settings),
    pools: planPools(site),
    replications: planReplications(site),
    ha: planHa(site),
    firewall: planFirewall(site),
    backups: planBackups(site),
    metrics: planMetrics(site),
    accounts: planAccounts(site),
    copies: planCopies(site),
    protect: settings.protect,
  };
}

/** What the stack exports, apart from where the web interfaces are found from here. */
export function planOutputs(plan: SitePlan, webInterface: (node: string) => string): Outputs {
  const { cluster } = plan;
  const stateOf = new Map(plan.ha.resources.map((resource) => [resource.guest, resource.state]));
  return {
    cluster: {
      name: cluster.name,
      release: cluster.release,
      votes: cluster.votes,
      quorum: cluster.quorum,
      witness: cluster.qdevice ? (cluster.witness?.name ?? null) : null,
    },
    nodes: cluster.nodes.map(({ name, address }) => ({
      name,
      address,
      webInterface: webInterface(name),
    })),
    storages: plan.storages.map(({ id, type, shared, place, content, ...rest }) => ({
      id,
      type,
      shared,
      place,
      content,
      ...("export" in rest ? { server: rest.server, export: rest.export } : {}),
    })),
    guests: plan.guests.map(({ key, type, vmid, node, shutdownTimeout }) => ({
      key,
      type,
      vmid,
      homeNode: node,
      haState: stateOf.get(key) ?? null,
      ...(shutdownTimeout === undefined ? {} : { shutdownTimeout }),
    })),
    backupJobs: plan.backups.map(({ id, schedule, storage }) => ({ id, schedule, storage })),
  };
}
