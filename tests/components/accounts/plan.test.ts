import { planAccounts } from "../../../components/accounts/plan";
import { PRIVILEGES } from "../../../components/accounts/privileges";
import { EVERYTHING } from "../support/reference";
import { reversed, site, siteWith } from "../support/site";
import { parseSite } from "../../../components/site";

const plan = planAccounts(site(EVERYTHING));

describe("who may do what", () => {
  it("is nobody's business in the reference site", () => {
    expect(Object.values(planAccounts(site())).flat()).toEqual([]);
  });

  it("does not change with the order in the file", () => {
    const turned = parseSite(reversed(siteWith(EVERYTHING)));
    const sorted = (plans: { id?: string; name?: string }[]) =>
      [...plans].sort((a, b) => ((a.id ?? a.name ?? "") < (b.id ?? b.name ?? "") ? -1 : 1));
    const other = planAccounts(turned);
    for (const key of ["realms", "roles", "groups", "users", "tokens", "permissions"] as const) {
      expect(sorted(other[key])).toEqual(sorted(plan[key]));
    }
  });

  it("has roles and groups with their privileges in order", () => {
    expect(plan.roles).toEqual([
      { id: "Operator", privileges: ["VM.Audit", "VM.Console", "VM.PowerMgmt"] },
    ]);
    expect(plan.groups).toEqual([
      { id: "admins", comment: "All of us." },
      { id: "office", comment: "" },
    ]);
  });

  it("has users with the day from which they count no more", () => {
    expect(plan.users).toEqual([
      {
        id: "anna@pve",
        groups: ["admins", "office"],
        settings: {
          firstname: "Anna",
          lastname: "Muster",
          email: "anna@example.com",
          comment: "Until the year's end.",
        },
        enabled: false,
        expires: Date.UTC(2026, 11, 31) / 1000,
        passwordFrom: "annaPassword",
      },
      {
        id: "ben@directory",
        realm: "directory",
        groups: [],
        settings: { firstname: "", lastname: "", email: "", comment: "" },
        enabled: true,
        expires: 0,
      },
    ]);
  });

  it("has tokens of users", () => {
    expect(plan.tokens).toEqual([
      {
        id: "anna@pve!backup",
        user: "anna@pve",
        tokenId: "backup",
        separated: true,
        generation: 2,
        comment: "",
        expires: Date.UTC(2027, 0, 1) / 1000,
      },
    ]);
  });

  it("has permissions by the paths of what they name", () => {
    expect(plan.permissions).toEqual([
      {
        name: "/vms/102 Operator office",
        path: "/vms/102",
        role: "Operator",
        who: { kind: "group", id: "office" },
        propagate: true,
        on: { kind: "guest", key: "web" },
      },
      {
        name: "/pool/office PVEVMUser anna@pve",
        path: "/pool/office",
        role: "PVEVMUser",
        who: { kind: "user", id: "anna@pve" },
        propagate: false,
        on: { kind: "pool", key: "office" },
      },
      {
        name: "/storage/Backup PVEDatastoreUser anna@pve!backup",
        path: "/storage/Backup",
        role: "PVEDatastoreUser",
        who: { kind: "token", id: "anna@pve!backup" },
        propagate: true,
        on: { kind: "storage", key: "Backup" },
        generation: 2,
      },
      {
        name: "/nodes PVEAuditor admins",
        path: "/nodes",
        role: "PVEAuditor",
        who: { kind: "group", id: "admins" },
        propagate: true,
      },
    ]);
  });
});

describe("realms", () => {
  it("say all that Proxmox VE would choose badly, and what they are not to have", () => {
    const realms = {
      plain: { type: "ldap", server: "ldap.example.com", baseDn: "dc=example,dc=com" },
      open: { type: "openid", issuer: "https://login.example.com", clientId: "proxmox" },
    };
    const [ldap, openid] = planAccounts(site({ "access.realms": realms })).realms;
    expect(ldap).toMatchObject({
      settings: {
        server1: "ldap.example.com",
        base_dn: "dc=example,dc=com",
        user_attr: "uid",
        mode: "ldaps",
        verify: "1",
        "sync-defaults-options": "scope=both",
      },
      unset: [
        "bind_dn",
        "comment",
        "default",
        "filter",
        "group_dn",
        "group_filter",
        "port",
        "server2",
        "sync_attributes",
      ],
    });
    expect(openid).toEqual({
      id: "open",
      type: "openid",
      fixed: { "username-claim": "subject" },
      settings: {
        "issuer-url": "https://login.example.com",
        "client-id": "proxmox",
        autocreate: "0",
        scopes: "email profile",
      },
      unset: ["comment", "default", "groups-claim"],
    });
  });

  it("have all that the file says, and name their password", () => {
    expect(plan.realms).toEqual([
      {
        id: "directory",
        type: "ad",
        fixed: {},
        settings: {
          server1: "dc1.example.com",
          server2: "dc2.example.com",
          port: "3269",
          mode: "ldap+starttls",
          verify: "1",
          bind_dn: "cn=proxmox,dc=example,dc=com",
          filter: "(memberOf=cn=it)",
          group_dn: "ou=groups,dc=example,dc=com",
          group_filter: "(cn=it)",
          sync_attributes: "email=mail,firstname=givenName,lastname=sn",
          "sync-defaults-options": "scope=users",
          domain: "example.com",
          base_dn: "dc=example,dc=com",
          comment: "Directory",
          default: "1",
        },
        unset: [],
        passwordFrom: "bindPassword",
      },
    ]);
  });
});

describe("the privileges", () => {
  it("are each there once, and in order", () => {
    expect([...new Set(PRIVILEGES)].sort()).toEqual([...PRIVILEGES]);
  });
});
