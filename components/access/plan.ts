export interface AccessPlan {
  role: string;
  user: string;
  tokenId: string;
  /** Raised to make a new secret: `ops token rotate`. */
  generation: number;
  /** This run makes a new secret, and so takes today's connection and script. */
  rotating: boolean;
  /** Day on which the secret was made, where somebody noted it. It makes no new one. */
  issued?: string;
  privileges: string[];
}

export type TokenSettings = Pick<AccessPlan, "generation" | "rotating" | "issued">;

/** What the stack does through the API, and the privileges that it takes (pve-access-control). */
const PRIVILEGES: Record<string, string[]> = {
  "read the cluster": ["Sys.Audit"],
  "HA resources and rules": ["Sys.Console"],
  "backup jobs, options of the cluster, places in the start order": ["Sys.Modify"],
  "backup jobs for a pool": ["VM.Backup"],
  pools: ["Pool.Allocate", "Pool.Audit"],
  "storage definitions": ["Datastore.Allocate", "Datastore.Audit"],
  "disks on storages": ["Datastore.AllocateSpace"],
  "ISO images, templates and cloud images on storages": ["Datastore.AllocateTemplate"],
  "network cards on bridges": ["SDN.Use"],
  "create and remove guests": ["VM.Allocate", "VM.Audit"],
  "configure guests": [
    "VM.Config.CDROM",
    "VM.Config.CPU",
    "VM.Config.Cloudinit",
    "VM.Config.Disk",
    "VM.Config.HWType",
    "VM.Config.Memory",
    "VM.Config.Network",
    "VM.Config.Options",
  ],
  "clone guests": ["VM.Clone"],
  "start and stop guests": ["VM.PowerMgmt"],
};

/** Addresses of guests, and replication jobs, which on 8 whoever defines storages may have (pve-access-control). */
const BY_RELEASE: Record<8 | 9, string[]> = {
  8: ["VM.Monitor"],
  9: ["VM.GuestAgent.Audit", "VM.Replicate"],
};

/** One role, user and token a stack, so that two stacks never take each other's away. */
export function planAccess(stack: string, token: TokenSettings, release: 8 | 9): AccessPlan {
  const name = `proxmox-ha-${stack}`.replace(/[^A-Za-z0-9._-]/g, "-");
  return {
    role: name,
    user: `${name}@pve`,
    tokenId: `pulumi-${stack}`.replace(/[^A-Za-z0-9._-]/g, "-"),
    ...token,
    privileges: [...new Set([...Object.values(PRIVILEGES).flat(), ...BY_RELEASE[release]])].sort(),
  };
}
