import { Provider } from "@muhlba91/pulumi-proxmoxve/provider";
import type { VmLegacy } from "@muhlba91/pulumi-proxmoxve/vmLegacy";
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
import { Container } from "./guest/container";
import { mountLines } from "./guest/containerMounts";
import { originalsFirst } from "./guest/plan";
import { VirtualMachine } from "./guest/virtualMachine";
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
  /** The tokens of users, by `user@realm!token`: secrets. Undefined where the site describes none. */
  userTokens: Record<string, pulumi.Output<string>> | undefined;
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

  const guests: Record<string, pulumi.Resource> = {};
  const machines = new Map<string, VmLegacy>();
  for (const guest of originalsFirst(plan.guests)) {
    const needed = [
      ...guest.storages.flatMap((id) => storages.get(id) ?? []),
      ...guest.files.flatMap((volume) => media.get(volume) ?? []),
    ];
    const { stack } = plan;
    const options = { ...providers, ...sameAsBefore(guest) };
    if (guest.type === "vm") {
      const { clone, cloudInit } = guest;
      const original = clone?.guest === undefined ? undefined : machines.get(clone.guest);
      const made = new VirtualMachine(
        guest.key,
        {
          plan: guest,
          dependsOn: needed,
          stack,
          ...(original ? { original } : {}),
          ...(cloudInit?.passwordFrom ? { password: secret(cloudInit.passwordFrom) } : {}),
        },
        options,
      ).resource;
      machines.set(guest.key, made);
      guests[guest.key] = guest.drivers
        ? remoteScript(
            `drivers-${guest.key}`,
            {
              host,
              script: "guest/drivers",
              words: [String(guest.vmid), guest.drivers, guest.restart ? "restart" : "wait"],
              removes: true,
            },
            connections,
            { dependsOn: [made], ...sameAsBefore(guest, (key) => `drivers-${key}`) },
          )
        : made;
    } else {
      const template = templates.get(guest.template.key);
      const dependsOn = [...needed, ...(template ? [template] : [])];
      const password = guest.passwordFrom ? { password: secret(guest.passwordFrom) } : {};
      const args = { plan: guest, dependsOn, stack, ...password };
      const container = new Container(guest.key, args, options).resource;
      guests[guest.key] = container;
      if (guest.nesting !== undefined) {
        remoteScript(
          `nesting-${guest.key}`,
          {
            host,
            script: "guest/nesting",
            variables: { VMID: String(guest.vmid), NESTING: guest.nesting ? "1" : "0" },
          },
          connections,
          { dependsOn: container, ...sameAsBefore(guest, (key) => `nesting-${key}`) },
        );
      }
      if (guest.mounts.length === 0) continue;
      remoteScript(
        `mounts-${guest.key}`,
        {
          host,
          script: "guest/mounts",
          variables: { VMID: String(guest.vmid), MOUNTS: mountLines(guest) },
        },
        connections,
        { dependsOn: container, ...sameAsBefore(guest, (key) => `mounts-${key}`) },
      );
    }
  }

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
  if (Object.values(accounts).every((plans: unknown[]) => plans.length === 0)) return undefined;
  const { tokens } = new Accounts("access", { plan: accounts, ...args }, { dependsOn: ready });
  return Object.keys(tokens).length === 0 ? undefined : tokens;
}
