import { Provider } from "@muhlba91/pulumi-proxmoxve/provider";
import type * as pulumi from "@pulumi/pulumi";
import { Access } from "./access/access";
import { Accounts, type AccountsArgs } from "./accounts/accounts";
import { ArchiveCopy } from "./backup/archiveCopy";
import { sameAsBefore } from "./aliases";
import { BackupJob } from "./backup/backupJob";
import { onceTrusted } from "./cluster/authority";
import { Cluster } from "./cluster/cluster";
import { founder } from "./cluster/plan";
import type { StackConfig } from "./config";
import type { Connections } from "./connections";
import { SiteFirewall } from "./firewall/siteFirewall";
import { buildGuests } from "./guest/guests";
import { HighAvailability } from "./ha/highAvailability";
import { MediaFile } from "./media/mediaFile";
import { MetricServer } from "./metrics/metricServer";
import type { SitePlan } from "./plan";
import { ClusterOptions } from "./options/clusterOptions";
import { ResourcePool } from "./pool/resourcePool";
import { ReplicationJob } from "./replication/replicationJob";
import { remoteScript } from "./remoteScript";
import { Notifications } from "./notifications/notifications";
import { isSilent } from "./notifications/plan";
import { SiteStorage } from "./storage/siteStorage";
import { isEmpty } from "./system/plan";
import { SystemSettings } from "./system/systemSettings";

export interface Built {
  /** The tokens of users, by `user@realm!token`: secrets. Pulumi warns of an output that is undefined, so `{}` means none. */
  userTokens: Record<string, pulumi.Output<string>>;
}

/**
 * Creates what the plan says, in the order that Proxmox VE needs: cluster and QDevice, account, storages, guests, HA,
 * backup jobs.
 */
export function build(
  plan: SitePlan,
  connections: Connections,
  secret: StackConfig["secret"],
): Built {
  const host = founder(plan.cluster).name;
  const cluster = new Cluster(plan.cluster.name, {
    plan: plan.cluster,
    storages: plan.storages,
    connections,
  });
  const access = new Access(plan.access.tokenId, plan.access, host, connections, {
    dependsOn: cluster.ready,
  });
  // No endpoint: the launcher says at each run which node answers. A node in the state would be needed to destroy.
  const provider = new Provider("pve", {
    apiToken: onceTrusted(access.token, cluster.authority, process.env),
  });
  const providers = { providers: [provider] };

  new ClusterOptions("options", plan.options, providers);
  if (!isEmpty(plan.system)) {
    const args = { connections, node: cluster.node.bind(cluster), dependsOn: cluster.ready };
    new SystemSettings("system", { plan: plan.system, ...args }, providers);
  }
  for (const server of plan.metrics) new MetricServer(server, secret, providers);

  const storages = new Map(
    plan.storages.map((storage) => [
      storage.id,
      new SiteStorage(
        storage.id,
        { plan: storage, secret },
        { ...providers, protect: plan.protect },
      ),
    ]),
  );
  const templates = new Map(
    plan.templates.map((template) => {
      const storage = storages.get(template.storage);
      const step = remoteScript(
        `template-${template.key}`,
        {
          host: template.node ?? host,
          script: "storage/template",
          words: [template.storage, template.file],
        },
        connections,
        { dependsOn: [storage ?? cluster] },
      );
      return [template.key, step];
    }),
  );

  const media = new Map<string, MediaFile[]>();
  for (const file of plan.media) {
    const dependsOn = [storages.get(file.storage) ?? cluster];
    const made = new MediaFile(file.key, file, { ...providers, dependsOn });
    media.set(file.volume, [...(media.get(file.volume) ?? []), made]);
  }

  const guests = buildGuests(plan.guests, {
    ...{ stack: plan.stack, host, connections, secret, options: providers },
    neededBy: (guest) => [
      ...guest.storages.flatMap((id) => storages.get(id) ?? []),
      ...guest.files.flatMap((volume) => media.get(volume) ?? []),
      ...(guest.type === "container" ? [templates.get(guest.template.key) ?? []].flat() : []),
    ],
  });

  const pools = Object.fromEntries(
    plan.pools.map((pool) => [
      pool.id,
      new ResourcePool(pool.id, { plan: pool, guests }, providers),
    ]),
  );

  const replications: Record<string, pulumi.Resource[]> = {};
  for (const job of plan.replications) {
    const guest = guests[job.guest];
    const options = { ...providers, ...sameAsBefore(job, (key) => `${key}-${job.target}`) };
    const made = new ReplicationJob(job.key, { plan: job, ...(guest ? { guest } : {}) }, options);
    (replications[job.guest] ??= []).push(made.resource);
  }

  const ha = new HighAvailability("ha", { plan: plan.ha, guests, replications }, providers);
  if (plan.firewall) {
    const args = { plan: plan.firewall, guests, host, connections };
    new SiteFirewall("firewall", args, providers);
  }
  const jobs = plan.backups.map((job) => {
    const storage = storages.get(job.storage);
    return new BackupJob(job.id, job, {
      ...providers,
      dependsOn: [
        ...(storage ? [storage] : []),
        ...Object.values(guests),
        ...Object.values(pools),
        ha,
      ],
    });
  });
  if (!isSilent(plan.notifications)) {
    new Notifications("notifications", {
      plan: plan.notifications,
      ...{ stack: plan.stack, host, connections, secret },
      dependsOn: [...cluster.ready, access, ...Object.values(guests), ha, ...jobs],
    });
  }
  for (const copy of plan.copies) {
    const dependsOn = [copy.from, copy.to].flatMap((id) => storages.get(id) ?? cluster);
    new ArchiveCopy(copy.id, copy, connections, { dependsOn });
  }

  const places = { guest: guests, pool: pools, storage: Object.fromEntries(storages) };
  return { userTokens: buildAccounts(plan, { host, connections, secret, places }, cluster) };
}

/** Nothing where the site describes nobody. */
function buildAccounts(
  { accounts }: SitePlan,
  args: Omit<AccountsArgs, "plan">,
  { ready }: Cluster,
): Built["userTokens"] {
  if (Object.values(accounts).every((plans: unknown[]) => plans.length === 0)) return {};
  return new Accounts("access", { plan: accounts, ...args }, { dependsOn: ready }).tokens;
}
