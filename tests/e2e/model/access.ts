import type { LabClient } from "../support/labClient";
import type { Fragment } from "./fragment";

const ANNA = "anna's first password";
const VMID = 380;

/** Who may do what: over SSH, but for the guest that somebody gets. */
export const access: Fragment = {
  secrets: { annaPassword: ANNA, bindPassword: "bind-secret" },
  created: {
    guests: {
      kiosk: {
        type: "container",
        vmid: VMID,
        node: "pve02",
        cores: 1,
        memory: "16 MiB",
        swap: "0 MiB",
        template: "debian-13-standard_13.1-2_amd64.tar.zst",
        templateStorage: "Data",
        disk: { storage: "Data", size: "1 GiB" },
      },
    },
    access: {
      realms: {
        directory: {
          type: "ldap",
          server: "ldap.example.com",
          baseDn: "ou=people,dc=example,dc=com",
          bindDn: "cn=proxmox,dc=example,dc=com",
          passwordFrom: "bindPassword",
          port: 3269,
        },
        login: {
          type: "openid",
          issuer: "https://login.example.com/realms/office",
          clientId: "proxmox",
          usernameClaim: "email",
        },
      },
      roles: { Operator: { privileges: ["VM.PowerMgmt", "VM.Audit"] } },
      groups: { office: { comment: "The office." }, it: {} },
      users: {
        "anna@pve": {
          groups: ["office"],
          email: "anna@example.com",
          comment: "It's Anna's.",
          passwordFrom: "annaPassword",
        },
        "ben@directory": { groups: ["office"] },
      },
      tokens: { "anna@pve!watch": { comment: "Watches.", expires: "2031-12-31" } },
      permissions: [
        { role: "Operator", group: "office", guest: "kiosk" },
        { role: "PVEAuditor", user: "anna@pve", path: "/nodes" },
        { role: "PVEAuditor", token: "anna@pve!watch", path: "/nodes" },
        { role: "PVEDatastoreUser", group: "it", storage: "Data" },
      ],
    },
  },
  changed: {
    access: {
      realms: {
        directory: { mode: "ldap+starttls", port: undefined, comment: "Directory" },
        login: { createUsers: true },
      },
      roles: { Operator: { privileges: ["VM.Console", "VM.PowerMgmt", "VM.Audit"] } },
      groups: { office: { comment: "The whole office." } },
      users: {
        "anna@pve": { groups: ["it", "office"], comment: undefined, expires: "2031-12-31" },
        "ben@directory": { enabled: false, groups: [] },
      },
      tokens: { "anna@pve!watch": { generation: 2, expires: undefined } },
      permissions: [
        { role: "PVEDatastoreUser", group: "it", storage: "Data", propagate: false },
        { role: "PVEVMUser", group: "office", guest: "kiosk" },
        { role: "PVEAuditor", token: "anna@pve!watch", path: "/nodes" },
      ],
    },
  },
  async check(step, lab) {
    expect(await found(lab)).toEqual(
      { created: CREATED, changed: CHANGED, removed: REMOVED }[step],
    );
    const login = { username: "anna@pve", password: ANNA };
    const { status } = await lab.api("pve01", "POST", "/access/ticket", login);
    expect(status).toBe(step === "removed" ? 401 : 200);
  },
};

type Row = Record<string, unknown>;

async function found(lab: LabClient): Promise<Record<string, unknown>> {
  const get = async (path: string): Promise<Row[]> =>
    (await lab.api("pve01", "GET", path)).data as Row[];
  const users = await get("/access/users?full=1");
  const groups = await get("/access/groups");
  const roles = await get("/access/roles");
  const realms = await get("/access/domains");
  const acl = await get("/access/acl");
  const ours = /^(anna@pve|ben@directory)/;
  return {
    users: users
      .filter(({ userid }) => ours.test(String(userid)))
      .map(({ userid, enable, expire, comment, email, groups: memberOf }) => [
        userid,
        enable,
        expire,
        comment,
        email,
        String(memberOf).split(",").sort().join(","),
      ]),
    tokens: users
      .filter(({ userid }) => ours.test(String(userid)))
      .flatMap(({ tokens }) => (tokens ?? []) as Row[])
      .map(({ tokenid, expire, privsep, comment }) => [tokenid, expire, privsep, comment]),
    groups: groups.map(({ groupid, comment }) => [groupid, comment]).sort(),
    role: roles.find(({ roleid }) => roleid === "Operator")?.privs,
    realms: realms
      .map(({ realm, type, comment }) => [realm, type, comment])
      .filter(([realm]) => realm !== "pam" && realm !== "pve"),
    permissions: acl
      .filter(({ ugid }) => /^(anna|office|it$)/.test(String(ugid)))
      .map(({ path, roleid, ugid, propagate }) => [path, roleid, ugid, propagate].join(" "))
      .sort(),
  };
}

const END = Date.UTC(2031, 11, 31) / 1000;
const CREATED = {
  users: [
    ["anna@pve", 1, 0, "It's Anna's.", "anna@example.com", "office"],
    ["ben@directory", 1, 0, undefined, undefined, "office"],
  ],
  tokens: [["watch", END, 1, "Watches."]],
  groups: [
    ["it", undefined],
    ["office", "The office."],
  ],
  role: "VM.Audit,VM.PowerMgmt",
  realms: [
    ["directory", "ldap", undefined],
    ["login", "openid", undefined],
  ],
  permissions: [
    "/nodes PVEAuditor anna@pve 1",
    "/nodes PVEAuditor anna@pve!watch 1",
    "/storage/Data PVEDatastoreUser it 1",
    `/vms/${VMID} Operator office 1`,
  ],
};
const CHANGED = {
  users: [
    ["anna@pve", 1, END, undefined, "anna@example.com", "it,office"],
    ["ben@directory", 0, 0, undefined, undefined, ""],
  ],
  tokens: [["watch", 0, 1, "Watches."]],
  groups: [
    ["it", undefined],
    ["office", "The whole office."],
  ],
  role: "VM.Audit,VM.Console,VM.PowerMgmt",
  realms: [
    ["directory", "ldap", "Directory"],
    ["login", "openid", undefined],
  ],
  permissions: [
    "/nodes PVEAuditor anna@pve!watch 1",
    "/storage/Data PVEDatastoreUser it 0",
    `/vms/${VMID} PVEVMUser office 1`,
  ],
};
const REMOVED = {
  users: [],
  tokens: [],
  groups: [],
  role: undefined,
  realms: [],
  permissions: [],
};
