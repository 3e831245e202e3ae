import { Job } from "@muhlba91/pulumi-proxmoxve/backup/job";
import { ContainerLegacy } from "@muhlba91/pulumi-proxmoxve/containerLegacy";
import { Haresource } from "@muhlba91/pulumi-proxmoxve/haresource";
import { Harule } from "@muhlba91/pulumi-proxmoxve/harule";
import { Provider } from "@muhlba91/pulumi-proxmoxve/provider";
import { Nfs } from "@muhlba91/pulumi-proxmoxve/storage/nfs";
import { VmLegacy } from "@muhlba91/pulumi-proxmoxve/vmLegacy";

/** GUESTS guests, half of them in HA, on nodes as many as they need, with nothing that stops the run. */

const guests = Number(process.env.GUESTS);
const options = {
  provider: new Provider("pve", {
    endpoint: "https://node1.example.org:8006/",
    apiToken: "pulumi@pve!bench=00000000-0000-0000-0000-000000000000",
  }),
};

for (let index = 0; index < 10; index++)
  new Nfs(
    `data${index}`,
    {
      resourceId: `data${index}`,
      server: "192.168.18.200",
      export: `/volume/data${index}`,
      contents: ["images", "rootdir"],
    },
    options,
  );
new Nfs(
  "backup",
  {
    resourceId: "backup",
    server: "192.168.18.210",
    export: "/volume/backup",
    contents: ["backup"],
    backups: { keepLast: 3, keepDaily: 7 },
  },
  options,
);

const common = (index: number) => ({
  vmId: 100 + index,
  nodeName: `node${1 + (index % 15)}`,
  tags: ["bench", `group${index % 20}`],
});

for (let index = 0; index < guests; index++) {
  const datastoreId = `data${index % 10}`;
  const container = index % 4 === 3;
  if (container)
    new ContainerLegacy(
      `guest${index}`,
      {
        ...common(index),
        unprivileged: true,
        memory: { dedicated: 512 },
        operatingSystem: { type: "debian", templateFileId: "data0:vztmpl/debian.tar.zst" },
        disk: { datastoreId, size: 8 },
        networkInterfaces: [{ name: "eth0", bridge: "vmbr0" }],
      },
      options,
    );
  else
    new VmLegacy(
      `guest${index}`,
      {
        ...common(index),
        name: `guest${index}`,
        cpu: { cores: 2, type: "x86-64-v2-AES" },
        memory: { dedicated: 2048 },
        operatingSystem: { type: "l26" },
        agent: { enabled: true },
        cdrom: { fileId: "none" },
        disks: [
          { interface: "scsi0", datastoreId, size: 32 },
          { interface: "scsi1", datastoreId, size: 64 },
        ],
        networkDevices: [{ bridge: "vmbr0" }, { bridge: "vmbr0", vlanId: 20 }],
      },
      options,
    );
  if (index % 2 === 0)
    new Haresource(
      `guest${index}`,
      { resourceId: `${container ? "ct" : "vm"}:${100 + index}` },
      options,
    );
  if (index % 20 === 0)
    new Harule(
      `guest${index}`,
      {
        rule: `guest${index}`,
        type: "node-affinity",
        resources: [`vm:${100 + index}`],
        nodes: { [`node${1 + (index % 15)}`]: 1 },
      },
      options,
    );
}

new Job(
  "nightly",
  { resourceId: "nightly", schedule: "02:00", storage: "backup", all: true, compress: "zstd" },
  options,
);
