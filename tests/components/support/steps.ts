import type { RemoteScriptArgs } from "../../../components/remoteScript";
import { BARE } from "./machine";

/** Every step of the reference site with what it is told, as the components tell it. */
export const STEPS = {
  check: {
    host: "pve02",
    script: "cluster/check",
    parts: [
      "cluster/parts/bare",
      "cluster/parts/looks",
      "cluster/parts/machine",
      "cluster/parts/network",
    ],
    variables: {
      CLUSTER: "mizar",
      RELEASE: "9",
      FOUNDER: "pve01",
      NODES: "pve01=192.168.18.251 pve02=192.168.18.100",
      WITNESS_ADDRESS: "192.168.18.200",
      ADDRESS: "192.168.18.100",
      LINKS: "192.168.18.100",
      MEMORY: "16642998272",
      CPUS: "4",
      BRIDGE: "vmbr0",
    },
  },
  checkWitness: {
    host: "nas",
    script: "cluster/checkWitness",
    parts: ["cluster/parts/looks"],
    variables: { ADDRESS: "192.168.18.200", QDEVICE: "yes" },
  },
  key: { host: "pve01", script: "cluster/key" },
  trust: {
    host: "pve01",
    script: "cluster/trust",
    variables: {
      AUTHORIZED_KEYS: "ssh-rsa AAAA1 root@pve01\nssh-rsa AAAA2 root@pve02",
      KNOWN_HOSTS:
        "192.168.18.251,pve01 ssh-ed25519 KEY251\n192.168.18.100,pve02 ssh-ed25519 KEY100",
      WITNESS_OF: "",
      NODES: "",
      KEEP_KEY: "",
    },
  },
  trustWitness: {
    host: "nas",
    script: "cluster/trust",
    variables: {
      AUTHORIZED_KEYS: "ssh-rsa AAAA1 root@pve01",
      KNOWN_HOSTS: "192.168.18.251,pve01 ssh-ed25519 KEY251",
      WITNESS_OF: "mizar",
      NODES: "2",
      KEEP_KEY: "no",
    },
  },
  logins: {
    host: "pve01",
    script: "cluster/logins",
    variables: { PEERS: "pve02=192.168.18.100 pve03=192.168.18.3" },
  },
  found: {
    host: "pve01",
    script: "cluster/found",
    variables: { CLUSTER: "mizar", LINKS: "192.168.18.251" },
  },
  authority: { host: "pve01", script: "cluster/authority" },
  join: {
    host: "pve02",
    script: "cluster/join",
    parts: ["cluster/parts/ha", "cluster/parts/qdevice", "cluster/parts/join"],
    variables: {
      CLUSTER: "mizar",
      ADDRESS: "192.168.18.100",
      LINKS: "192.168.18.100",
      WITNESS_ADDRESS: "192.168.18.200",
      MEMBER: "pve01",
      MEMBER_ADDRESS: "192.168.18.251",
    },
  },
  qnetd: { host: "nas", script: "cluster/qnetd" },
  qdevice: {
    host: "pve01",
    script: "cluster/qdevice",
    parts: ["cluster/parts/ha", "cluster/parts/qdevice"],
    variables: {
      WITNESS_ADDRESS: "192.168.18.200",
      NODES: "2",
      NODE_ADDRESSES: "192.168.18.251 192.168.18.100",
      EXPECTED_VOTES: "3",
      KEEP_KEY: "no",
      MACHINES: "192.168.18.251,pve01 ssh-ed25519 KEY251",
    },
  },
  account: {
    host: "pve01",
    script: "access/account",
    parts: ["accounts/parts/pveum"],
    variables: {
      ACCOUNT: "proxmox-ha-dev@pve",
      ROLE: "proxmox-ha-dev",
      PRIVILEGES: "Sys.Audit,VM.Audit",
    },
  },
  token: {
    host: "pve01",
    script: "access/token",
    words: ["proxmox-ha-dev@pve", "pulumi-dev", "proxmox-ha-dev", "1"],
  },
  template: {
    host: "pve01",
    script: "storage/template",
    words: ["Data", "debian-13-standard_13.1-2_amd64.tar.zst"],
  },
} satisfies Record<string, RemoteScriptArgs>;

export type Step = keyof typeof STEPS;

const CLUSTER = "totem {\n  cluster_name: mizar\n}\nquorum {\n  provider: corosync_votequorum\n}\n";

/** What must be on a host before a step, made by the steps before it. */
export const BEFORE: Record<Step, Record<string, string>> = {
  check: BARE,
  checkWitness: BARE,
  key: {},
  trust: {},
  trustWitness: {},
  logins: {},
  found: {},
  authority: { "etc/pve/pve-root-ca.pem": "-----BEGIN CERTIFICATE-----\nMIIF\n" },
  join: {
    "etc/corosync/uidgid.d/README": "",
    "root/.ssh/authorized_keys": "ssh-ed25519 OPERATOR\n",
    "state/services": "pve-cluster\n",
    "var/lib/pve-cluster/config.db": "",
  },
  qnetd: {},
  qdevice: {
    "etc/pve/.members": '"pve01": { "id": 1, "online": 1}\n"pve02": { "id": 2, "online": 1}\n',
    "etc/pve/corosync.conf": CLUSTER,
    "root/.ssh/id_rsa.pub": "ssh-rsa AAAA1 root@pve01\n",
    "state/witnessKeys": "ssh-ed25519 OPERATOR\nssh-rsa AAAA1 root@pve01\n",
  },
  account: {},
  token: { "state/users": "proxmox-ha-dev@pve\n", "state/roles": "proxmox-ha-dev Sys.Audit\n" },
  template: {},
};
