/**
 * Every type of resource that the provider has, with the place in the site file that it is made for, or why the model
 * does without it. `xLegacy` beside an `x` is the same under its older name, and stands in no table.
 */
export type Use = { in: string } | { not: string };

const CERTIFICATES =
  "The nodes keep the certificates of the cluster's own authority, which every run verifies. An ACME account can be made by `root@pam` alone.";
const REPOSITORIES = "`system.repositories` and the bootstrap write the package sources over SSH.";
const HARDWARE =
  "A device of one node keeps its guest there, so that HA and migrations end. Whoever needs one maps it in the web interface.";
const ACCESS =
  "`access` does it over SSH: a token that may change accounts is as good as root ([ADR 9](adr/009-accounts-over-ssh.md)).";
const SDN =
  "The model's networks are bridges, bonds and VLANs of the nodes. What is made of SDN by hand can be named as a bridge.";
const STORAGES =
  "Without thin volumes a VM has no snapshots, and each disk takes all of its size; the model has LVM-thin.";
const NETWORK =
  "The provider applies each edit by itself, and a wrong one cuts a node off. The networks of a node are staged, judged and applied once, over SSH.";
const DISKS = "Disks of nodes are partitioned by whoever installs them (`installation`).";

export const PROVIDER_TYPES: Record<string, Use> = {
  "acme/account:Account": { not: CERTIFICATES },
  "acme/certificate:Certificate": { not: CERTIFICATES },
  "acme/dns/plugin:Plugin": { not: CERTIFICATES },
  "apt/repository:Repository": { not: REPOSITORIES },
  "apt/standard/repository:Repository": { not: REPOSITORIES },
  "backup/job:Job": { in: "backups.NAME" },
  "ceph/pool:Pool": {
    not: "Ceph needs three nodes with disks and a network for it; the sites that this is for have a NAS or replication.",
  },
  "cloned/vm:Vm": { not: "`guests.NAME.clone` makes clones as VMs like any other (VmLegacy)." },
  "cluster/firewall/security/groupLegacy:GroupLegacy": { in: "firewall.groups.NAME" },
  "cluster/firewallLegacy:FirewallLegacy": { in: "firewall" },
  "cluster/options:Options": { in: "limits, migration, webInterface, ha" },
  "download/file:File": { in: "media.NAME" },
  "firewall/aliasLegacy:AliasLegacy": { in: "firewall.aliases.NAME" },
  "firewall/ipsetLegacy:IpsetLegacy": {
    not: "It takes a set away before it writes the changed one, and those who come in by it are locked out meanwhile; `firewall.sets` goes over SSH.",
  },
  "firewall/optionsLegacy:OptionsLegacy": {
    not: "It wants the guest's node, and does not take the options away again; `guests.NAME.firewall` goes over SSH.",
  },
  "firewall/rulesLegacy:RulesLegacy": { in: "firewall, guests.NAME.firewall" },
  "hardware/mapping/dir:Dir": { not: HARDWARE },
  "hardware/mapping/pci:Pci": { not: HARDWARE },
  "hardware/mapping/usb:Usb": { not: HARDWARE },
  "index/acl:Acl": { not: ACCESS },
  "index/certificateLegacy:CertificateLegacy": {
    not: "A certificate of one's own would bring its key into the state; the cluster's own is verified.",
  },
  "index/containerLegacy:ContainerLegacy": { in: "guests.NAME (type: container)" },
  "index/dnsLegacy:DnsLegacy": { in: "system.dns" },
  "index/fileLegacy:FileLegacy": {
    not: "The API takes no snippets, and files are downloaded by the nodes themselves (`media`).",
  },
  "index/groupLegacy:GroupLegacy": { not: ACCESS },
  "index/hagroup:Hagroup": { in: "guests.NAME.ha.nodes (release 8)" },
  "index/haresource:Haresource": { in: "guests.NAME.ha" },
  "index/harule:Harule": { in: "guests.NAME.ha.nodes, ha.together, ha.apart" },
  "index/hostsLegacy:HostsLegacy": {
    not: "It writes the whole of /etc/hosts, and a wrong one ends the cluster's file system; `system` writes its names over SSH.",
  },
  "index/poolLegacy:PoolLegacy": { in: "pools.NAME" },
  "index/replication:Replication": { in: "guests.NAME.replicate" },
  "index/roleLegacy:RoleLegacy": { not: ACCESS },
  "index/timeLegacy:TimeLegacy": { in: "system.timezone" },
  "index/userLegacy:UserLegacy": { not: ACCESS },
  "index/vm:Vm": { not: "It knows neither disks nor cards nor memory yet; VmLegacy does." },
  "index/vm2Legacy:Vm2Legacy": { not: "It is `index/vm:Vm` under its older name." },
  "index/vmLegacy:VmLegacy": { in: "guests.NAME (type: vm)" },
  "metrics/server:Server": { in: "metrics.NAME" },
  "network/linux/bond:Bond": { not: NETWORK },
  "network/linux/bridge:Bridge": { not: NETWORK },
  "network/linux/vlan:Vlan": { not: NETWORK },
  "node/config:Config": { in: "nodes.NAME.notes" },
  "node/disk/zfs:Zfs": { not: DISKS },
  "node/firewall:Firewall": { in: "firewall" },
  "oci/image:Image": {
    not: "Containers from OCI images are a technology preview of Proxmox VE; containers are made from templates.",
  },
  "pool/membership:Membership": { in: "guests.NAME.pool" },
  "realm/ldap:Ldap": { not: ACCESS },
  "realm/openid:Openid": { not: ACCESS },
  "realm/sync:Sync": { not: `${ACCESS} Users are taken over by people: \`pveum realm sync\`.` },
  "sdn/applier:Applier": { not: SDN },
  "sdn/controller/evpn:Evpn": { not: SDN },
  "sdn/fabric/node/openfabric:Openfabric": { not: SDN },
  "sdn/fabric/node/ospf:Ospf": { not: SDN },
  "sdn/fabric/openfabric:Openfabric": { not: SDN },
  "sdn/fabric/ospf:Ospf": { not: SDN },
  "sdn/subnet:Subnet": { not: SDN },
  "sdn/vnet:Vnet": { not: SDN },
  "sdn/zone/evpn:Evpn": { not: SDN },
  "sdn/zone/qinq:Qinq": { not: SDN },
  "sdn/zone/simple:Simple": { not: SDN },
  "sdn/zone/vlan:Vlan": { not: SDN },
  "sdn/zone/vxlan:Vxlan": { not: SDN },
  "storage/cifs:Cifs": { in: "storages.NAME (type: cifs)" },
  "storage/directory:Directory": { in: "storages.NAME (type: directory)" },
  "storage/lvm:Lvm": { not: STORAGES },
  "storage/lvmthin:Lvmthin": { in: "storages.NAME (type: lvm-thin)" },
  "storage/nfs:Nfs": { in: "storages.NAME (type: nfs)" },
  "storage/pbs:Pbs": { in: "storages.NAME (type: pbs)" },
  "storage/zfspool:Zfspool": { in: "storages.NAME (type: zfs)" },
  "user/token:Token": { not: ACCESS },
};
