import { Job } from "@muhlba91/pulumi-proxmoxve/backup/job";
import { FirewallLegacy } from "@muhlba91/pulumi-proxmoxve/cluster/firewallLegacy";
import { ContainerLegacy } from "@muhlba91/pulumi-proxmoxve/containerLegacy";
import { IpsetLegacy } from "@muhlba91/pulumi-proxmoxve/firewall/ipsetLegacy";
import { Haresource } from "@muhlba91/pulumi-proxmoxve/haresource";
import { Provider } from "@muhlba91/pulumi-proxmoxve/provider";
import { Nfs } from "@muhlba91/pulumi-proxmoxve/storage/nfs";
import { VmLegacy } from "@muhlba91/pulumi-proxmoxve/vmLegacy";
import * as pulumi from "@pulumi/pulumi";

/** Two guests on a cluster that somebody set up by hand. Nothing in here knows of the policies. */

const config = new pulumi.Config();
const provider = new Provider("pve", {
  endpoint: config.require("endpoint"),
  apiToken: config.requireSecret("apiToken"),
});
const options = { provider };
/** What holds data is not deleted by mistake. */
const kept = { provider, protect: true };

// Whoever may reach the nodes once the firewall is on.
const management = new IpsetLegacy(
  "management",
  { name: "management", cidrs: [{ name: "192.168.18.0/24" }] },
  options,
);
new FirewallLegacy("firewall", { enabled: true }, { provider, dependsOn: management });

const data = new Nfs(
  "data",
  {
    resourceId: "data",
    server: "192.168.18.200",
    export: "/volume/pve-data",
    contents: ["images", "rootdir"],
  },
  kept,
);
const backup = new Nfs(
  "backup",
  {
    resourceId: "backup",
    server: "192.168.18.210",
    export: "/volume/pve-backup",
    contents: ["backup"],
    backups: { keepLast: 3, keepDaily: 7, keepWeekly: 4 },
  },
  kept,
);

const database = new VmLegacy(
  "database",
  {
    vmId: 100,
    nodeName: "pve01",
    cpu: { cores: 2, type: "x86-64-v2-AES" },
    memory: { dedicated: 4096 },
    operatingSystem: { type: "l26" },
    agent: { enabled: true },
    // Without a word, the provider gives a VM the drive of its node, which the other node has not.
    cdrom: { fileId: "none" },
    disks: [{ interface: "scsi0", datastoreId: data.resourceId, size: 32 }],
    // Not the network of the nodes.
    networkDevices: [{ bridge: "vmbr0", vlanId: 20 }],
  },
  kept,
);
const web = new ContainerLegacy(
  "web",
  {
    vmId: 101,
    nodeName: "pve02",
    unprivileged: true,
    memory: { dedicated: 512 },
    operatingSystem: {
      type: "debian",
      templateFileId: "data:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst",
    },
    disk: { datastoreId: data.resourceId, size: 8 },
    networkInterfaces: [{ name: "eth0", bridge: "vmbr0", vlanId: 20 }],
  },
  kept,
);

new Haresource("database", { resourceId: pulumi.interpolate`vm:${database.vmId}` }, options);
new Haresource("web", { resourceId: pulumi.interpolate`ct:${web.vmId}` }, options);

new Job(
  "nightly",
  {
    resourceId: "nightly",
    schedule: "02:00",
    storage: backup.resourceId,
    all: true,
    mode: "snapshot",
    compress: "zstd",
  },
  options,
);
