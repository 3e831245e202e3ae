import type { RemoteScriptArgs } from "../../../components/remoteScript";
import { ApiHost } from "./apiHost";
import type { Host } from "./host";
import { SystemHost } from "./systemHost";

/** A script that sets something on a host or in the cluster: what it is told, and the host that it finds. */
export interface SiteStep {
  args: RemoteScriptArgs;
  host: () => Host;
  /** What has been there before, as the script itself has made it. */
  before?: Record<string, string>;
  /** What is there before a removal is what the script has made. */
  removes?: boolean;
  /** Sets its thing anew each time, to the same. */
  repeats?: boolean;
  /** Leaves this behind when it is killed, which harms nobody. */
  ignored?: RegExp;
}

const pve01 = (
  script: string,
  variables: Record<string, string> = {},
  more: Partial<RemoteScriptArgs> = {},
): RemoteScriptArgs => ({ host: "pve01", script, variables, ...more });
const api =
  (state: Record<string, string> = {}) =>
  (): Host =>
    new ApiHost(state);
const system =
  (state: Record<string, string> = {}) =>
  (): Host =>
    new SystemHost(state);

const pveum = { parts: ["accounts/parts/pveum"] };
const file = { parts: ["system/parts/file"] };
const secrets = { parts: ["notifications/parts/secrets"] };
const MARK = "managed by Pulumi, stack dev";
const entry = (variables: Record<string, string>) =>
  pve01(
    "notifications/entry",
    { MARK, DELETABLE: "disable", SECRETS: "", TEST: "no", ...variables },
    secrets,
  );
/** Another target has a secret already. */
const PRIVATE = {
  "etc/pve/priv/lock/x": "",
  "etc/pve/priv/notifications.cfg": "smtp: other\n\tpassword keep\n",
};
/** A lock that nobody renews is taken away from its owner after two minutes. */
const LOCK = /priv\/lock\/|state\/asked/;
const CONTAINER =
  "cores: 2\nfeatures: fuse=1\nmp0: Data:101/vm-101-disk-1.raw,mp=/srv,backup=1,size=4G\n";
const at = (guest: string): string => `etc/pve/nodes/pve02/${guest}.conf`;
const COPIES = {
  COPY: "Backup",
  FROM: "Backup",
  TO: "Archive",
  NODES: "pve01,pve02",
  LIMIT: "0",
  KEEP: "--keep-last 3",
  ON_CALENDAR: "04:00",
};
const drivers = { words: ["100", "Data:iso/virtio-win.iso", "restart"] };

export const SITE_STEPS: Record<string, SiteStep> = {
  group: {
    args: pve01("accounts/group", { GROUP: "admins", COMMENT: "All of them" }, pveum),
    host: api({ "state/groups": "others\n" }),
    removes: true,
  },
  password: {
    args: pve01("accounts/password", { PASSWORD: "it's long enough", ACCOUNT: "ann@pve" }),
    host: api(),
  },
  permission: {
    args: pve01(
      "accounts/permission",
      { PLACE: "/vms", KIND: "group", WHO: "admins", ROLE: "PVEAdmin", PROPAGATE: "1" },
      pveum,
    ),
    host: api({ "state/grants": "/ others PVEAuditor\n" }),
    removes: true,
  },
  realm: {
    args: pve01(
      "accounts/realm",
      {
        REALM: "office",
        TYPE: "ldap",
        FIXED: "user_attr=uid",
        SETTINGS: "server1=ldap.example.org\nbase_dn=dc=example",
        UNSET: "port",
        PASSWORD: "bind it",
      },
      pveum,
    ),
    host: api(),
    removes: true,
  },
  role: {
    args: pve01("accounts/role", { ROLE: "Keeper", PRIVILEGES: "VM.Audit" }, pveum),
    host: api({ "state/roles": "Other Sys.Audit\n" }),
    removes: true,
    repeats: true,
  },
  user: {
    args: pve01(
      "accounts/user",
      {
        ACCOUNT: "ann@pve",
        MEMBER_OF: "admins",
        ENABLED: "1",
        EXPIRES: "0",
        FIRST_NAME: "Ann",
        LAST_NAME: "O'Neil",
        EMAIL: "ann@example.org",
        COMMENT: "",
      },
      pveum,
    ),
    host: api(),
    removes: true,
  },
  tokenSecret: {
    args: pve01("accounts/tokenSecret", {}, { ...pveum, words: ["ann@pve", "backup", "1"] }),
    host: api({ "state/users": "ann@pve\n", "state/tokens": "other\n" }),
    removes: true,
    repeats: true,
  },
  token: {
    args: pve01(
      "accounts/token",
      { ACCOUNT: "ann@pve", TOKEN: "backup", COMMENT: "x", EXPIRES: "0", SEPARATED: "1" },
      pveum,
    ),
    host: api({ "state/users": "ann@pve\n", "state/tokens": "backup\n" }),
  },
  "IP set": {
    args: pve01("firewall/set", { ENTRIES: "10.0.0.0/8\n10.1.0.7" }, { words: ["office"] }),
    host: api({ "state/sets": "other\n" }),
    removes: true,
  },
  "IP set that is otherwise": {
    args: pve01("firewall/set", { ENTRIES: "10.0.0.0/8\n10.1.0.7" }, { words: ["office"] }),
    host: api({ "state/sets": "other\noffice\n", "state/set-office": "10.1.0.7\n10.9.0.0/16\n" }),
  },
  "firewall of a guest": {
    args: pve01("firewall/guest", { OPTIONS: "dhcp 1\nenable 1" }, { words: ["qemu", "100"] }),
    host: api(),
    removes: true,
  },
  "firewall off": { args: pve01("firewall/off"), host: api(), removes: true },
  guard: {
    args: pve01("firewall/guard", { ENABLED: "yes", ALLOWED: "192.168.18.0/24" }),
    host: api(),
  },
  "drivers of a VM that is off": {
    args: pve01("guest/drivers", {}, drivers),
    host: api({ [at("qemu-server/100")]: "name: win\n", "state/guest": "stopped\n" }),
    removes: true,
  },
  "drivers of a VM that runs": {
    args: pve01("guest/drivers", {}, drivers),
    host: api({ [at("qemu-server/100")]: "name: win\n", "state/guest": "running\n" }),
  },
  mounts: {
    args: pve01("guest/mounts", {
      VMID: "101",
      MOUNTS: "mp0 Data 6 backup=1,mp=/srv,ro=1\nmp1 local-lvm 1 mp=/cache\n",
    }),
    host: api({ [at("lxc/101")]: CONTAINER, "state/guest": "running\n" }),
  },
  nesting: {
    args: pve01("guest/nesting", { VMID: "101", NESTING: "1" }),
    host: api({ [at("lxc/101")]: CONTAINER, "state/guest": "stopped\n" }),
  },
  "mail target": {
    args: entry({
      KIND: "smtp",
      NAME: "office",
      PLACE: "endpoints/smtp",
      SETTINGS: `server smtp.example.org\nmailto a@example.org\nmailto b@example.org\ncomment ${MARK}`,
      SECRETS: "password it's a secret",
      TEST: "yes",
    }),
    host: api(PRIVATE),
    ignored: LOCK,
  },
  "Gotify target": {
    args: entry({
      KIND: "gotify",
      NAME: "phone",
      PLACE: "endpoints/gotify",
      SETTINGS: `server https://gotify.example.org\ncomment ${MARK}`,
      SECRETS: "token AbCdEf",
    }),
    host: api(PRIVATE),
    ignored: LOCK,
  },
  matcher: {
    args: entry({
      KIND: "matcher",
      NAME: "failures",
      PLACE: "matchers",
      SETTINGS: `target office\nmode all\ncomment ${MARK}`,
    }),
    host: api(PRIVATE),
    removes: true,
  },
  rootMail: {
    args: pve01("notifications/rootMail", { ROOT_MAIL: "ann@example.org" }),
    host: api(),
  },
  clock: {
    args: pve01(
      "system/clock",
      {
        TIME_ZONE: "Europe/Berlin",
        MANAGED: "yes",
        SERVERS: "192.168.18.200\n192.168.18.201",
        CLIENTS: "192.168.18.0/24",
      },
      file,
    ),
    host: system(),
  },
  "clock with other servers": {
    args: pve01(
      "system/clock",
      { TIME_ZONE: "", MANAGED: "yes", SERVERS: "192.168.18.9", CLIENTS: "" },
      file,
    ),
    host: system({
      "etc/chrony/chrony.conf": "sourcedir /etc/chrony/sources.d\nconfdir /etc/chrony/conf.d\n",
      "etc/chrony/conf.d/proxmox-ha.conf": "allow 192.168.18.0/24\n",
      "etc/chrony/sources.d/proxmox-ha.sources": "server 192.168.18.200 iburst\n",
      "state/packages": "chrony\n",
      "state/services": "chrony\n",
    }),
  },
  names: {
    args: pve01("system/names", { HOSTS: "192.168.18.200 nas\n192.168.18.251 pve01" }, file),
    host: system({
      "etc/hosts": "127.0.0.1 localhost\n192.168.18.251 pve01.lan pve01\n",
    }),
  },
  repositories: {
    args: pve01("system/repositories", { PACKAGES: "no-subscription" }, file),
    host: system({
      "etc/apt/sources.list":
        "deb https://enterprise.proxmox.com/debian/pve trixie pve-enterprise\n",
      "etc/apt/sources.list.d/ceph.sources":
        "Types: deb\nURIs: https://enterprise.proxmox.com/debian/ceph-squid\nSuites: trixie\n",
    }),
  },
  copies: {
    args: pve01("backup/copies", COPIES),
    host: system(),
    removes: true,
  },
  "copies at another time": {
    args: pve01("backup/copies", COPIES),
    before: { ...COPIES, ON_CALENDAR: "05:00" },
    host: system(),
  },
  copyAges: {
    args: pve01("backup/copyAges", { COPIES: "" }),
    host: system(),
  },
};
