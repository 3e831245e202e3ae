import { refuses } from "../support/broken";

const admins = { "access.groups.admins": {} };
const permission = (entry: object) => ({
  ...admins,
  "access.permissions": [{ role: "PVEAuditor", group: "admins", path: "/", ...entry }],
});
const ldap = { type: "ldap", server: "ldap.example.com", baseDn: "dc=example,dc=com" };

describe("a role", () => {
  refuses([
    [
      "has a privilege that Proxmox VE 9 has taken away",
      { "access.roles.Operator": { privileges: ["VM.Audit", "VM.Monitor"] } },
      'access.roles.Operator.privileges.1: "VM.Monitor": Proxmox VE 9 has it no more; VM.GuestAgent.Audit and its like took its place',
    ],
    [
      "has a privilege that 8 does not have yet",
      {
        "cluster.release": 8,
        "access.roles.Operator": { privileges: ["VM.Monitor", "VM.Replicate"] },
      },
      'access.roles.Operator.privileges.1: "VM.Replicate": Proxmox VE 8 does not have it; VM.Monitor has its place',
    ],
    [
      "has a privilege that there is not",
      { "access.roles.Operator": { privileges: ["Pool.Modify", "Everything"] } },
      'access.roles.Operator.privileges.0: "Pool.Modify": there is no such privilege; Pool has Allocate, Audit',
      'access.roles.Operator.privileges.1: "Everything": there is no such privilege; they begin with Datastore, Group, Mapping, Permissions, Pool, Realm, SDN, Sys, User, VM',
    ],
    [
      "has a privilege twice",
      { "access.roles.Operator": { privileges: ["VM.Audit", "VM.Audit"] } },
      "access.roles.Operator.privileges: a list; name each only once",
    ],
    [
      "has a name of Proxmox VE's, or of a stack",
      {
        "access.roles.PVEOperator": { privileges: [] },
        "access.roles.proxmox-ha-dev": { privileges: [] },
      },
      "access.roles.PVEOperator: this name cannot be used; names that begin with PVE are Proxmox VE's own",
      "access.roles.proxmox-ha-dev: this is the role of a stack; give yours another name",
    ],
    [
      "is one that every Proxmox VE has",
      { "access.roles.Administrator": { privileges: [] } },
      "access.roles.Administrator: every Proxmox VE has this role; give yours another name",
    ],
  ]);
});

describe("a user", () => {
  refuses([
    [
      "is root@pam",
      { access: { users: { "root@pam": { enabled: false } } } },
      "access.users.root@pam: root@pam is always there, may do everything, and can neither be disabled nor removed; take it out",
    ],
    [
      "is the account of a stack",
      { access: { users: { "proxmox-ha-dev@pve": {} } } },
      "access.users.proxmox-ha-dev@pve: this is the account of a stack, which up makes; take it out",
    ],
    [
      "has no realm",
      { access: { users: { anna: {} } } },
      "access.users.anna: this name cannot be used; write name@realm, as in anna@pve",
    ],
    [
      "names what there is not",
      { access: { users: { "anna@office": { groups: ["admins"] } } } },
      'access.users.anna@office: there is no realm "office"; realms has pam, pve',
      'access.users.anna@office.groups.0: there is no group "admins"; groups is empty',
    ],
    [
      "has a password that Proxmox VE does not keep",
      {
        access: {
          realms: { office: ldap },
          users: {
            "anna@office": { passwordFrom: "anna" },
            "ben@pam": { passwordFrom: "ben" },
          },
        },
      },
      "access.users.anna@office.passwordFrom: the password is kept by office and not by Proxmox VE; take it out",
      "access.users.ben@pam.passwordFrom: passwords of pam are Debian's, each node its own; set it there with passwd, or take this out",
    ],
    [
      "has its password in the file",
      { access: { users: { "anna@pve": { password: "secret" } } } },
      "access.users.anna@pve.password: unknown key; see docs/configuration.md for what may stand here",
    ],
  ]);
});

describe("a token", () => {
  refuses([
    [
      "is root's, or of a user that there is not",
      { access: { tokens: { "root@pam!all": {}, "anna@pve!ci": {} } } },
      "access.tokens.root@pam!all: such a token may do everything; make a user with the role that it needs, and give it the token",
      'access.tokens.anna@pve!ci: there is no user "anna@pve"; users is empty',
    ],
    [
      "has no name of its own",
      { access: { users: { "anna@pve": {} }, tokens: { "anna@pve": {} } } },
      "access.tokens.anna@pve: this name cannot be used; write name@realm!token, as in anna@pve!backup",
    ],
  ]);
});

describe("a realm", () => {
  refuses([
    [
      "is there in any case",
      { access: { realms: { pve: ldap } } },
      "access.realms.pve: every Proxmox VE has this realm; give this one another name",
    ],
    [
      "is not the only default",
      {
        access: {
          realms: { one: { ...ldap, default: true }, two: { ...ldap, default: true } },
        },
      },
      "access.realms.two.default: one is the default too; choose one",
    ],
    [
      "has a password for nobody",
      { access: { realms: { office: { ...ldap, passwordFrom: "ldap" } } } },
      "access.realms.office.passwordFrom: nobody asks with it; write bindDn, or take it out",
    ],
    [
      "is of a type that there is not",
      { access: { realms: { office: { ...ldap, type: "radius" } } } },
      'access.realms.office.type: "radius"; write ldap, ad or openid',
    ],
  ]);
});

describe("second factors", () => {
  refuses([
    [
      "are neither optional nor required",
      { "access.secondFactor": "enforced" },
      'access.secondFactor: "enforced"; write one of optional, required',
    ],
  ]);
});

describe("a permission", () => {
  refuses([
    [
      "is nobody's, or of several",
      {
        ...admins,
        "access.users.anna@pve": {},
        "access.permissions": [
          { role: "PVEAuditor", path: "/" },
          { role: "PVEAuditor", path: "/", group: "admins", user: "anna@pve" },
        ],
      },
      "access.permissions.0: name one of user, group and token, who gets the role",
      "access.permissions.1: name one of user, group and token, who gets the role",
    ],
    [
      "is given nowhere, or in several places",
      {
        ...admins,
        "access.permissions": [
          { role: "PVEAuditor", group: "admins" },
          { role: "PVEAuditor", group: "admins", path: "/", guest: "web" },
        ],
      },
      "access.permissions.0: name one of path, guest, pool and storage, where it counts",
      "access.permissions.1: name one of path, guest, pool and storage, where it counts",
    ],
    [
      "names what there is not",
      {
        "access.permissions": [
          { role: "Operator", group: "admins", guest: "mail" },
          { role: "PVEAuditor", user: "anna@pve", pool: "office" },
          { role: "PVEAuditor", token: "anna@pve!ci", storage: "nas" },
        ],
      },
      'access.permissions.0.group: there is no group "admins"; groups is empty',
      'access.permissions.0.role: there is no role "Operator"; roles is empty, and Proxmox VE has roles of its own, as PVEVMUser',
      'access.permissions.0.guest: there is no guest "mail"; guests has win2016, ubuntu, web',
      'access.permissions.1.user: there is no user "anna@pve"; users is empty',
      'access.permissions.1.pool: there is no pool "office"; pools is empty',
      'access.permissions.2.token: there is no token "anna@pve!ci"; tokens is empty',
      'access.permissions.2.storage: there is no storage "nas"; storages has Data, Backup, local, local-lvm, local-zfs',
    ],
    [
      "has a path that Proxmox VE does not know",
      permission({ path: "/guests/100" }),
      "access.permissions.0.path: Proxmox VE has no path /guests/100; they begin with /access, /nodes, /vms, /storage, /pool, /sdn or /mapping",
    ],
    [
      "has the path of a guest that there is not",
      permission({ path: "/vms/999" }),
      "access.permissions.0.path: no guest has the VMID 999; name one of guests by its key: guest: web",
    ],
    [
      "has the path of a node that there is not",
      permission({ path: "/nodes/pve09" }),
      'access.permissions.0.path: there is no node "pve09"; nodes has pve01, pve02',
    ],
    [
      "is there twice, in other words",
      {
        ...admins,
        "access.permissions": [
          { role: "PVEVMUser", group: "admins", guest: "web" },
          { role: "PVEVMUser", group: "admins", path: "/vms/102/", propagate: false },
        ],
      },
      "access.permissions.1: access.permissions.0 gives admins the same role there; keep one of both",
    ],
    [
      "is of a token that has all of its user's",
      {
        access: {
          users: { "anna@pve": {} },
          tokens: { "anna@pve!ci": { separated: false } },
          permissions: [{ role: "PVEAuditor", token: "anna@pve!ci", path: "/" }],
        },
      },
      "access.permissions.0.token: anna@pve!ci has all permissions of its user and none of its own (separated: false); give them to the user",
    ],
  ]);
});
