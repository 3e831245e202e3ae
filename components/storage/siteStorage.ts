import { Cifs } from "@muhlba91/pulumi-proxmoxve/storage/cifs";
import { Directory } from "@muhlba91/pulumi-proxmoxve/storage/directory";
import { Lvmthin } from "@muhlba91/pulumi-proxmoxve/storage/lvmthin";
import { Nfs } from "@muhlba91/pulumi-proxmoxve/storage/nfs";
import { Pbs } from "@muhlba91/pulumi-proxmoxve/storage/pbs";
import { Zfspool } from "@muhlba91/pulumi-proxmoxve/storage/zfspool";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config";
import type { StoragePlan } from "./plan";

export interface SiteStorageArgs {
  plan: StoragePlan;
  secret: StackConfig["secret"];
}

/** A storage of the cluster. Where it lies is fixed once it exists. */
export class SiteStorage extends pulumi.ComponentResource {
  constructor(
    name: string,
    { plan, secret }: SiteStorageArgs,
    opts: pulumi.ComponentResourceOptions & { protect: boolean },
  ) {
    const { protect, ...rest } = opts;
    // Another type would give every storage another URN, and so make it anew.
    super("proxmox-ha:storage:SharedStorage", name, {}, rest);
    // The id is taken while the old definition stands.
    define(name, plan, secret, {
      parent: this,
      deleteBeforeReplace: true,
      protect,
      ignoreChanges: ignored(plan),
    });
    this.registerOutputs({});
  }
}

function define(
  name: string,
  plan: StoragePlan,
  secret: StackConfig["secret"],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const common = {
    resourceId: plan.id,
    contents: plan.content,
    ...(plan.nodes ? { nodes: plan.nodes } : {}),
    ...(plan.disabled ? { disable: true } : {}),
  };
  const backups = backupsOf(plan);
  switch (plan.type) {
    case "nfs": {
      const { server, export: path, options, preallocation } = plan;
      const inputs = { ...common, ...backups, server, export: path };
      return new Nfs(
        name,
        {
          ...inputs,
          ...(options ? { options } : {}),
          ...(preallocation ? { preallocation } : {}),
        },
        opts,
      );
    }
    case "cifs": {
      const { server, share, folder, username, passwordFrom, domain, preallocation } = plan;
      const inputs = { ...common, ...backups, server, share, username, preallocation };
      return new Cifs(
        name,
        {
          ...inputs,
          password: secret(passwordFrom),
          ...(folder ? { subdirectory: folder } : {}),
          ...(domain ? { domain } : {}),
        },
        opts,
      );
    }
    case "pbs": {
      const { server, datastore, namespace, username, passwordFrom } = plan;
      const { fingerprint, encryptionKeyFrom } = plan;
      const inputs = { ...common, ...backups, server, datastore, username };
      return new Pbs(
        name,
        {
          ...inputs,
          password: secret(passwordFrom),
          ...(namespace ? { namespace } : {}),
          ...(fingerprint ? { fingerprint } : {}),
          ...(encryptionKeyFrom ? { encryptionKey: secret(encryptionKeyFrom) } : {}),
        },
        opts,
      );
    }
    case "directory": {
      const { path, shared, preallocation } = plan;
      return new Directory(name, { ...common, ...backups, path, shared, preallocation }, opts);
    }
    case "lvm-thin": {
      const { volumeGroup, thinPool } = plan;
      return new Lvmthin(name, { ...common, volumeGroup, thinPool }, opts);
    }
    case "zfs": {
      const { pool, thin } = plan;
      return new Zfspool(name, { ...common, zfsPool: pool, thinProvision: thin }, opts);
    }
  }
}

/** Inputs for which the provider deletes the definition and makes it anew. */
const REPLACING: Record<StoragePlan["type"], string[]> = {
  nfs: ["server", "export", "preallocation"],
  cifs: ["server", "share", "subdirectory", "username", "domain"],
  pbs: ["server", "datastore", "namespace", "username", "encryptionKey"],
  directory: ["path"],
  "lvm-thin": ["volumeGroup", "thinPool"],
  zfs: ["zfsPool"],
};

function ignored({ type, replaceable }: StoragePlan): string[] {
  return [
    // The provider would do so for another password as well, which Proxmox VE just takes.
    ...(type === "cifs" || type === "pbs" ? ["password"] : []),
    ...(replaceable ? [] : REPLACING[type]),
  ];
}

/** `{ last: 3 }` as the provider names it. */
function backupsOf({ retention }: StoragePlan): {
  backups?: Record<string, number> | { keepAll: true };
} {
  if (!retention) return {};
  if (retention === "all") return { backups: { keepAll: true } };
  const kept = Object.entries(retention).filter(([, count]) => count !== undefined);
  return {
    backups: Object.fromEntries(
      kept.map(([period, count]) => [
        `keep${period.charAt(0).toUpperCase()}${period.slice(1)}`,
        count,
      ]),
    ),
  };
}
