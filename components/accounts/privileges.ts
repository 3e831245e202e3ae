/** What Proxmox VE 9 lets a role hold (pve-access-control 9.1, PVE::AccessControl). */
export const PRIVILEGES: readonly string[] = [
  "Datastore.Allocate",
  "Datastore.AllocateSpace",
  "Datastore.AllocateTemplate",
  "Datastore.Audit",
  "Group.Allocate",
  "Mapping.Audit",
  "Mapping.Modify",
  "Mapping.Use",
  "Permissions.Modify",
  "Pool.Allocate",
  "Pool.Audit",
  "Realm.Allocate",
  "Realm.AllocateUser",
  "SDN.Allocate",
  "SDN.Audit",
  "SDN.Use",
  "Sys.AccessNetwork",
  "Sys.Audit",
  "Sys.Console",
  "Sys.Incoming",
  "Sys.Modify",
  "Sys.PowerMgmt",
  "Sys.Syslog",
  "User.Modify",
  "VM.Allocate",
  "VM.Audit",
  "VM.Backup",
  "VM.Clone",
  "VM.Config.CDROM",
  "VM.Config.CPU",
  "VM.Config.Cloudinit",
  "VM.Config.Disk",
  "VM.Config.HWType",
  "VM.Config.Memory",
  "VM.Config.Network",
  "VM.Config.Options",
  "VM.Console",
  "VM.GuestAgent.Audit",
  "VM.GuestAgent.FileRead",
  "VM.GuestAgent.FileSystemMgmt",
  "VM.GuestAgent.FileWrite",
  "VM.GuestAgent.Unrestricted",
  "VM.Migrate",
  "VM.PowerMgmt",
  "VM.Replicate",
  "VM.Snapshot",
  "VM.Snapshot.Rollback",
];

/** Those that Proxmox VE 9 has taken away, and what is in their place. */
const GONE: Record<string, string> = {
  "VM.Monitor": "Proxmox VE 9 has it no more; VM.GuestAgent.Audit and its like took its place",
};

/** Those that only 9 has; 8 has VM.Monitor instead. */
const SINCE_9 = /^VM\.(GuestAgent\.|Replicate$)/;

/** Roles that every installation has and nobody can change. */
export const BUILT_IN_ROLES: readonly string[] = [
  "Administrator",
  "NoAccess",
  "PVEAdmin",
  "PVEAuditor",
  "PVEDatastoreAdmin",
  "PVEDatastoreUser",
  "PVEMappingAdmin",
  "PVEMappingUser",
  "PVEPoolAdmin",
  "PVEPoolUser",
  "PVESDNAdmin",
  "PVESDNUser",
  "PVESysAdmin",
  "PVETemplateUser",
  "PVEUserAdmin",
  "PVEVMAdmin",
  "PVEVMUser",
];

/** Why a role cannot hold this; nothing where it can. */
export function privilegeProblem(name: string, release: number): string | undefined {
  if (release < 9) {
    if (name === "VM.Monitor") return undefined;
    if (SINCE_9.test(name))
      return `Proxmox VE ${release} does not have it; VM.Monitor has its place`;
  }
  if (PRIVILEGES.includes(name)) return undefined;
  const gone = Object.hasOwn(GONE, name) ? GONE[name] : undefined;
  if (gone !== undefined) return gone;
  const family = name.split(".")[0] ?? "";
  const near = PRIVILEGES.filter((privilege) => privilege.startsWith(`${family}.`));
  const choice =
    near.length > 0
      ? `${family} has ${near.map((privilege) => privilege.slice(family.length + 1)).join(", ")}`
      : `they begin with ${[...new Set(PRIVILEGES.map((one) => one.split(".")[0]))].join(", ")}`;
  return `there is no such privilege; ${choice}`;
}
