import type { Release } from "../api/version";

/** PVE 9's privileges (pve-access-control 9.1, AccessControl.pm). */
const PRIVILEGES_9: readonly string[] = [
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

/** Those that came with 9, in the place of VM.Monitor (pve-access-control 8.2.2 and 9.0.0, AccessControl.pm). */
const SINCE_9 = /^VM\.(GuestAgent\.|Replicate$)/;

const PRIVILEGES: Record<Release, readonly string[]> = {
  8: [...PRIVILEGES_9.filter((privilege) => !SINCE_9.test(privilege)), "VM.Monitor"].sort(),
  9: PRIVILEGES_9,
};

/** What only Administrator and root@pam hold. */
const ROOT_ONLY = [
  "Mapping.Modify",
  "Permissions.Modify",
  "Realm.Allocate",
  "Sys.AccessNetwork",
  "Sys.Incoming",
  "Sys.Modify",
  "Sys.PowerMgmt",
];

const VM_USER = [
  "VM.Audit",
  "VM.Backup",
  "VM.Config.CDROM",
  "VM.Config.Cloudinit",
  "VM.Console",
  "VM.GuestAgent.Audit",
  "VM.GuestAgent.FileRead",
  "VM.GuestAgent.FileSystemMgmt",
  "VM.GuestAgent.FileWrite",
  "VM.PowerMgmt",
];

/** The roles that every installation has and nobody may change, and their privileges. */
const BUILTIN_ROLES: Record<Release, Record<string, readonly string[]>> = {
  8: rolesOf(PRIVILEGES[8]),
  9: rolesOf(PRIVILEGES[9]),
};

export function privilegesOf(release: Release): readonly string[] {
  return PRIVILEGES[release];
}

export function builtinRoles(release: Release): Record<string, readonly string[]> {
  return BUILTIN_ROLES[release];
}

export function isPrivilege(name: string, release: Release = 9): boolean {
  return PRIVILEGES[release].includes(name);
}

function rolesOf(all: readonly string[]): Record<string, readonly string[]> {
  const startingWith = (prefix: string): string[] =>
    all.filter((privilege) => privilege.startsWith(prefix));
  return {
    Administrator: all,
    NoAccess: [],
    PVEAdmin: all.filter((privilege) => !ROOT_ONLY.includes(privilege)),
    PVEAuditor: all.filter((privilege) => privilege.endsWith(".Audit")),
    PVEDatastoreAdmin: startingWith("Datastore."),
    PVEDatastoreUser: ["Datastore.AllocateSpace", "Datastore.Audit"],
    PVEMappingAdmin: startingWith("Mapping."),
    PVEMappingUser: ["Mapping.Audit", "Mapping.Use"],
    PVEPoolAdmin: startingWith("Pool."),
    PVEPoolUser: ["Pool.Audit"],
    PVESDNAdmin: startingWith("SDN."),
    PVESDNUser: ["SDN.Audit", "SDN.Use"],
    PVESysAdmin: ["Sys.Audit", "Sys.Console", "Sys.Syslog"],
    PVETemplateUser: ["VM.Audit", "VM.Clone"],
    PVEUserAdmin: ["Group.Allocate", "Realm.AllocateUser", "User.Modify"],
    PVEVMAdmin: startingWith("VM."),
    PVEVMUser: VM_USER.filter((privilege) => all.includes(privilege)),
  };
}
