import * as pulumi from "@pulumi/pulumi";
import { build } from "../../../components/build";
import type { Connections } from "../../../components/connections";
import { planSite, type Settings } from "../../../components/plan";
import { type Registered, register } from "./pulumi";
import { type Changes, site } from "./site";

export const TOKEN_SECRET = "5e2b1a9c-0000-4000-8000-c0ffee000001";
export const PASSWORD = "correct horse battery staple";

export const SETTINGS: Settings = {
  stack: "dev",
  protect: false,
  today: "2026-11-23",
  token: { generation: 1, rotating: false },
};

/** What the hosts answer to the steps whose output is used. */
const ANSWERS = {
  "key-pve01": { stdout: "ssh-rsa AAAA1 root@pve01" },
  "key-pve02": { stdout: "ssh-rsa AAAA2 root@pve02" },
  authority: {
    stdout: "-----BEGIN CERTIFICATE-----\nMIIF\n-----END CERTIFICATE-----\n",
  },
  token: { stdout: `proxmox-ha-dev@pve!pulumi-dev=${TOKEN_SECRET}` },
};

/** Builds the reference site, with changes, against a stand-in for the engine. */
export function built(
  connections: Connections,
  changes: Changes = {},
  settings: Partial<Settings> = {},
  preview = false,
): Promise<Registered[]> {
  const all = { ...SETTINGS, ...settings };
  return register(
    () => build(planSite(site(changes), all), connections, () => pulumi.secret(PASSWORD)),
    { stack: all.stack, preview, answers: preview ? {} : ANSWERS },
  );
}

/** Changes after which every option of the site file is in use. */
export const EVERYTHING: Changes = {
  "network.linkSpeed": "2.5 Gbit/s",
  "network.bonds": {
    bond1: {
      ports: ["enp3s0f0", "enp3s0f1"],
      mode: "802.3ad",
      hash: "layer3+4",
      mtu: 9000,
      comment: "To both switches.",
    },
    bond2: { ports: ["eno3", "eno4"], mode: "active-backup", primary: "eno3", nodes: ["pve01"] },
  },
  "network.vlans": { "bond1.50": { on: "bond1", id: 50 } },
  "network.bridges": {
    vmbr1: { ports: ["bond1"], vlanAware: true, vlans: [10, "20-30"] },
    vmbr2: {},
  },
  "nodes.pve01.network": { "bond1.50": { address: "10.10.10.1/24" } },
  "nodes.pve02.network": {
    "bond1.50": { address: "10.10.10.2/24" },
    bond1: { ports: ["eno2", "eno3"] },
  },
  limits: {
    default: "60 MiB/s",
    migration: "50 MiB/s",
    restore: "40 MiB/s",
    move: "30 MiB/s",
    clone: "20 MiB/s",
    backup: "10 MiB/s",
    workers: 3,
  },
  migration: { type: "insecure", network: "10.10.10.0/24" },
  webInterface: { keyboard: "de", console: "xtermjs" },
  ha: {
    shutdownPolicy: "migrate",
    scheduling: "static",
    rebalanceOnStart: true,
    together: { office: ["web", "ubuntu"] },
    apart: { servers: ["ubuntu", "win2016"] },
  },
  system: {
    timeZone: "Europe/Berlin",
    timeServers: ["192.168.18.1"],
    dns: { servers: ["192.168.18.1"], domain: "example.org" },
    hosts: { "mail.example.org": "192.168.18.25" },
    repositories: true,
  },
  notifications: {
    rootMail: "root@example.org",
    targets: {
      office: {
        type: "smtp",
        server: "smtp.example.org",
        username: "pve",
        passwordFrom: "mailPassword",
        from: "pve@example.org",
        to: ["admin@example.org"],
      },
      chat: {
        type: "webhook",
        url: "https://chat.example.org",
        secrets: { token: { valueFrom: "hookToken" } },
      },
    },
    matchers: { failures: { targets: ["office", "chat"], severities: ["error"] } },
  },
  "nodes.pve01.notes": "In the cellar.",
  "pools.office": { comment: "The office's." },
  "pools.empty": {},
  "storages.Data.nfsVersion": "4.2",
  "storages.Data.content": ["images", "rootdir", "iso", "vztmpl", "import"],
  "storages.Data.options": "nconnect=4",
  "storages.Data.preallocation": "off",
  "storages.Data.nodes": ["pve01", "pve02"],
  "storages.Backup.retention.yearly": 1,
  "storages.share": {
    type: "cifs",
    server: "files.example.org",
    share: "backup",
    folder: "/pve",
    username: "pve",
    passwordFrom: "sharePassword",
    domain: "OFFICE",
    content: ["backup"],
    preallocation: "full",
    disabled: true,
  },
  "storages.pbs": {
    type: "pbs",
    server: "nas",
    datastore: "main",
    namespace: "mizar",
    username: "pve@pbs",
    passwordFrom: "backupServerSecret",
    fingerprint: Array.from({ length: 32 }, () => "0f").join(":"),
    encryptionKeyFrom: "backupKey",
    retention: { last: 2 },
  },
  "storages.files": {
    type: "directory",
    path: "/srv/pve",
    content: ["iso"],
    shared: true,
    nodes: ["pve01"],
  },
  "storages.thin": { type: "lvm-thin", volumeGroup: "pve", thinPool: "data", content: ["images"] },
  "storages.tank": { type: "zfs", pool: "rpool/data", thin: false },
  media: {
    "windows.iso": {
      type: "iso",
      storage: "Data",
      url: "https://example.org/windows.iso.gz",
      checksum: `sha256:${"0".repeat(64)}`,
      decompress: "gz",
    },
    "debian-13.qcow2": {
      type: "cloud-image",
      storage: "local",
      url: "https://example.org/debian-13.qcow2",
      checksum: `sha512:${"0".repeat(128)}`,
    },
    "alpine-3.22-default_20250617_amd64.tar.xz": { type: "template", storage: "Data" },
  },
  "guests.win2016.iso": "windows.iso",
  "guests.win2016.agent": true,
  "guests.win2016.notes": "In the cellar.",
  "guests.win2016.tags": ["windows"],
  "guests.win2016.disks.virtio0": { storage: "local-lvm", size: "1 GiB" },
  "guests.win2016.ha.nodes": { pve01: 1, pve02: 1 },
  "guests.win2016.protection": true,
  "guests.win2016.pool": "office",
  "guests.win2016.shutdownTimeout": 600,
  "guests.web.protection": true,
  "guests.web.pool": "office",
  "guests.web.address": "192.168.18.30/24",
  "guests.web.gateway": "192.168.18.1",
  "guests.web.bridge": "vmbr1",
  "guests.web.swap": "0 MiB",
  "guests.web.tags": ["web"],
  "guests.web.sshKeys": ["ssh-ed25519 AAAA admin"],
  "guests.web.passwordFrom": "webRootPassword",
  "guests.web.ha": { nodes: { pve02: 1 }, strict: true, state: "stopped", failback: false },
  firewall: {
    enabled: true,
    management: ["192.168.18.0/24", "office"],
    inbound: "reject",
    outbound: "drop",
    aliases: { office: "10.20.0.0/16" },
    sets: { monitoring: ["nas", "office", "10.20.0.5/32"] },
    groups: { web: [{ in: "accept", macro: "Web" }] },
    rules: [
      { in: "accept", protocol: "udp", port: [161, "5000-5010"], from: "monitoring", log: "info" },
      {
        out: "drop",
        macro: "Mail",
        to: ["10.0.0.1", "office"],
        comment: "no mail",
        disabled: true,
      },
      { group: "web", interface: "vmbr0" },
    ],
  },
  "nodes.pve02.firewall": { logIn: "info", rules: [{ in: "drop", macro: "Telnet" }] },
  "guests.ubuntu.firewall": { enabled: false, outbound: "reject" },
  "guests.web.firewall": {
    ipFilter: true,
    logOut: "warning",
    rules: [
      { group: "web", interface: "net0" },
      { in: "accept", macro: "SSH", from: "pve01" },
    ],
  },
  "backups.weekly": {
    schedule: "sun 03:00",
    storage: "Backup",
    guests: ["web", "ubuntu"],
    retention: { last: 2 },
    mode: "stop",
    bandwidth: "5 MiB/s",
    workers: 4,
    enabled: false,
    node: "pve02",
    protected: true,
    repeatMissed: true,
    notes: "{{guestname}} of {{cluster}}",
    mail: { to: ["root@pam", "ops@example.com"], when: "failure" },
    fleecing: { storage: "local-lvm" },
    ioPriority: 8,
    changeDetection: "metadata",
  },
  "backups.others": {
    schedule: "12:00",
    storage: "Backup",
    guests: "all",
    except: ["web", "ubuntu"],
  },
  "copies.usb": { from: "Backup", to: "local", node: "pve02", schedule: "06:00" },
  "backups.pooled": { schedule: "13:00", storage: "Backup", pool: "office" },
  access: {
    realms: {
      directory: {
        type: "ad",
        server: "dc1.example.com",
        fallback: "dc2.example.com",
        port: 3269,
        mode: "ldap+starttls",
        domain: "example.com",
        baseDn: "dc=example,dc=com",
        bindDn: "cn=proxmox,dc=example,dc=com",
        passwordFrom: "bindPassword",
        userFilter: "(memberOf=cn=it)",
        groupDn: "ou=groups,dc=example,dc=com",
        groupFilter: "(cn=it)",
        attributes: { email: "mail", firstName: "givenName", lastName: "sn" },
        sync: "users",
        comment: "Directory",
        default: true,
      },
    },
    roles: { Operator: { privileges: ["VM.PowerMgmt", "VM.Audit", "VM.Console"] } },
    groups: { admins: { comment: "All of us." }, office: {} },
    users: {
      "anna@pve": {
        groups: ["office", "admins"],
        firstName: "Anna",
        lastName: "Muster",
        email: "anna@example.com",
        enabled: false,
        expires: "2026-12-31",
        comment: "Until the year's end.",
        passwordFrom: "annaPassword",
      },
      "ben@directory": {},
    },
    tokens: { "anna@pve!backup": { generation: 2, expires: "2027-01-01" } },
    permissions: [
      { role: "Operator", group: "office", guest: "web" },
      { role: "PVEVMUser", user: "anna@pve", pool: "office", propagate: false },
      { role: "PVEDatastoreUser", token: "anna@pve!backup", storage: "Backup" },
      { role: "PVEAuditor", group: "admins", path: "/nodes/" },
    ],
  },
  metrics: {
    influx: {
      type: "influxdb",
      server: "192.168.18.20",
      port: 443,
      organization: "office",
      bucket: "proxmox",
      pathPrefix: "influx",
      tokenFrom: "influxToken",
      mtu: 1400,
      timeout: 5,
    },
    graphite: {
      type: "graphite",
      server: "192.168.18.20",
      port: 2004,
      protocol: "tcp",
      path: "site.mizar",
      mtu: 1400,
      timeout: 3,
      enabled: false,
    },
    otel: {
      type: "opentelemetry",
      server: "otel.example.com",
      port: 443,
      protocol: "http",
      path: "/metrics",
      compression: "none",
      timeout: 10,
      headersFrom: "otelHeaders",
    },
  },
};
