import { build } from "../../components/build";
import { planSteps } from "../../components/cluster/steps";
import { planSite } from "../../components/plan";
import { planSystem } from "../../components/system/plan";
import { parseSite } from "../../components/site";
import { useConnections } from "./support/connections";
import { plain, type Registered, register } from "./support/pulumi";
import { built, EVERYTHING, PASSWORD, SETTINGS, TOKEN_SECRET } from "./support/reference";
import { get, inputsOf } from "./support/resources";
import { reversed, site, siteWith } from "./support/site";

const connections = useConnections();
const COMMAND = "command:remote:Command";
const TEMPLATE = "debian-13-standard_13.1-2_amd64.tar.zst";
const ALPINE = "alpine-3.22-default_20250617_amd64.tar.xz";

/** The table's own tests say what they are. */
const stepsOf = (changes = {}) => planSteps(planSite(site(changes), SETTINGS), () => "");

let reference: Registered[];
let everything: Registered[];
beforeAll(async () => {
  reference = await built(connections);
  everything = await built(connections, EVERYTHING);
});

describe("the reference site", () => {
  it("is made of these resources, each in its component", () => {
    const parentOf = ({ parent }: Registered): string | undefined =>
      parent === "" ? undefined : parent.split("::").slice(-2).join(" ").replace(/^.*:/, "");
    const rows = reference.map((resource) => [resource.type, resource.name, parentOf(resource)]);
    expect(rows.sort()).toEqual(
      [
        ["proxmox-ha:cluster:Cluster", "mizar", undefined],
        ...stepsOf().map(({ name }) => ["command:remote:Command", name, "Cluster mizar"]),
        ["proxmox-ha:access:Access", "pulumi-dev", undefined],
        ["command:remote:Command", "account", "Access pulumi-dev"],
        ["command:remote:Command", "token", "Access pulumi-dev"],
        ["pulumi:providers:proxmoxve", "pve", undefined],
        ["proxmox-ha:options:ClusterOptions", "options", undefined],
        ["proxmoxve:cluster/options:Options", "options", "ClusterOptions options"],
        ["proxmox-ha:storage:SharedStorage", "Data", undefined],
        ["proxmoxve:storage/nfs:Nfs", "Data", "SharedStorage Data"],
        ["proxmox-ha:storage:SharedStorage", "Backup", undefined],
        ["proxmoxve:storage/nfs:Nfs", "Backup", "SharedStorage Backup"],
        ["command:remote:Command", `template-Data-${TEMPLATE}`, undefined],
        ["proxmox-ha:guest:VirtualMachine", "win2016", undefined],
        ["proxmoxve:index/vmLegacy:VmLegacy", "win2016", "VirtualMachine win2016"],
        ["proxmox-ha:guest:VirtualMachine", "ubuntu", undefined],
        ["proxmoxve:index/vmLegacy:VmLegacy", "ubuntu", "VirtualMachine ubuntu"],
        ["proxmox-ha:guest:Container", "web", undefined],
        ["proxmoxve:index/containerLegacy:ContainerLegacy", "web", "Container web"],
        ["proxmox-ha:ha:HighAvailability", "ha", undefined],
        ["proxmoxve:index/haresource:Haresource", "win2016", "HighAvailability ha"],
        ["proxmoxve:index/haresource:Haresource", "ubuntu", "HighAvailability ha"],
        ["proxmoxve:index/harule:Harule", "prefer-win2016", "HighAvailability ha"],
        ["proxmox-ha:backup:BackupJob", "nightly", undefined],
        ["proxmoxve:backup/job:Job", "nightly", "BackupJob nightly"],
      ].sort(),
    );
  });

  it("is the same when the file is turned round", async () => {
    const plan = planSite(parseSite(reversed(siteWith({}))), SETTINGS);
    const turned = await register(() =>
      build(plan, connections, () => {
        throw new Error("no secret is named");
      }),
    );
    // Without answers the hosts' keys and the token are unknown, so inputs that hold them differ.
    const shapes = (resources: Registered[]) =>
      resources
        .map(({ type, name, dependencies, provider, ignoreChanges, inputs }) => {
          const known = type.startsWith("proxmoxve:") ? inputs : Object.keys(inputs);
          return {
            type,
            name,
            dependencies: [...dependencies].sort(),
            provider,
            ignoreChanges,
            known,
          };
        })
        .sort((a, b) => (`${a.type}${a.name}` < `${b.type}${b.name}` ? -1 : 1));
    expect(shapes(turned)).toEqual(shapes(reference));
  });
});

describe("inputs", () => {
  it("of the cluster tell the policies what no provider resource tells", () => {
    expect(inputsOf(reference, "Cluster mizar")).toEqual({
      clusterName: "mizar",
      release: 9,
      nodes: [
        {
          name: "pve01",
          address: "192.168.18.251",
          cpus: 4,
          memory: 4026531840,
          votes: 1,
          links: 1,
        },
        {
          name: "pve02",
          address: "192.168.18.100",
          cpus: 4,
          memory: 16750372454,
          votes: 1,
          links: 1,
        },
      ],
      witness: { name: "nas", address: "192.168.18.200" },
      qdevice: true,
    });
  });

  it("of the cluster tell the CPUs of nodes of which the site does", async () => {
    const changes = { "nodes.pve01.cpuLevel": "x86-64-v3", "nodes.pve02.cpuVendor": "amd" };
    expect(inputsOf(await built(connections, changes), "Cluster mizar")).toMatchObject({
      nodes: [
        { name: "pve01", cpus: 4, cpuLevel: "x86-64-v3" },
        { name: "pve02", cpus: 4, cpuVendor: "amd" },
      ],
    });
  });

  it("of the provider are the token and nothing else", () => {
    expect(inputsOf(reference, "proxmoxve pve")).toEqual({
      apiToken: `proxmox-ha-dev@pve!pulumi-dev=${TOKEN_SECRET}`,
    });
  });

  it("of the storages", () => {
    expect(inputsOf(everything, "Nfs Data")).toEqual({
      resourceId: "Data",
      server: "192.168.18.200",
      export: "/backup/pve-data",
      contents: ["images", "import", "iso", "rootdir", "vztmpl"],
      options: "vers=4.2,nconnect=4",
      preallocation: "off",
      nodes: ["pve01", "pve02"],
    });
    expect(inputsOf(everything, "Nfs Backup")).toEqual({
      resourceId: "Backup",
      server: "192.168.18.200",
      export: "/backup/pve-backup",
      contents: ["backup"],
      backups: { keepLast: 3, keepDaily: 7, keepWeekly: 4, keepMonthly: 3, keepYearly: 1 },
    });
    const nodes = ["pve01", "pve02"];
    expect(inputsOf(everything, "Cifs share")).toEqual({
      resourceId: "share",
      server: "files.example.org",
      share: "backup",
      subdirectory: "/pve",
      username: "pve",
      password: PASSWORD,
      domain: "OFFICE",
      contents: ["backup"],
      backups: { keepAll: true },
      preallocation: "full",
      disable: true,
      nodes,
    });
    expect(inputsOf(everything, "Pbs pbs")).toEqual({
      resourceId: "pbs",
      server: "192.168.18.200",
      datastore: "main",
      namespace: "mizar",
      username: "pve@pbs",
      password: PASSWORD,
      fingerprint: Array.from({ length: 32 }, () => "0f").join(":"),
      encryptionKey: PASSWORD,
      contents: ["backup"],
      backups: { keepLast: 2 },
      nodes,
    });
    expect(inputsOf(everything, "Directory files")).toEqual({
      resourceId: "files",
      path: "/srv/pve",
      contents: ["iso"],
      shared: true,
      preallocation: "metadata",
      nodes: ["pve01"],
    });
    expect(inputsOf(everything, "Lvmthin thin")).toEqual({
      resourceId: "thin",
      volumeGroup: "pve",
      thinPool: "data",
      contents: ["images"],
      nodes,
    });
    expect(inputsOf(everything, "Zfspool tank")).toEqual({
      resourceId: "tank",
      zfsPool: "rpool/data",
      thinProvision: false,
      contents: ["images", "rootdir"],
      nodes,
    });
  });

  it("of files that guests need", () => {
    expect(inputsOf(everything, "File Data-windows.iso")).toEqual({
      contentType: "iso",
      datastoreId: "Data",
      fileName: "windows.iso",
      nodeName: "pve01",
      url: "https://example.org/windows.iso.gz",
      checksumAlgorithm: "sha256",
      checksum: "0".repeat(64),
      decompressionAlgorithm: "gz",
      uploadTimeout: 7200,
      verify: true,
      overwrite: false,
    });
    expect(inputsOf(everything, "File pve02-local-debian-13.qcow2")).toMatchObject({
      contentType: "import",
      datastoreId: "local",
      nodeName: "pve02",
      checksumAlgorithm: "sha512",
    });
  });

  it("of a VM, which says all that Proxmox VE would choose badly", () => {
    expect(inputsOf(reference, "VmLegacy ubuntu")).toEqual({
      vmId: 101,
      nodeName: "pve01",
      name: "ubuntu",
      description:
        "Managed by Pulumi, stack dev: urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:VirtualMachine$proxmoxve:index/vmLegacy:VmLegacy::ubuntu",
      operatingSystem: { type: "l26" },
      cpu: { cores: 1, type: "x86-64-v2-AES" },
      memory: { dedicated: 512, floating: 0 },
      scsiHardware: "virtio-scsi-single",
      disks: [
        { interface: "scsi0", datastoreId: "Data", size: 16, fileFormat: "qcow2", discard: "on" },
      ],
      cdrom: { fileId: "none", interface: "ide2" },
      bootOrders: ["scsi0", "net0"],
      // Each option of a card is said: one that is left out later would stay.
      networkDevices: [
        {
          bridge: "vmbr0",
          model: "virtio",
          firewall: false,
          mtu: 0,
          queues: 0,
          rateLimit: 0,
          vlanId: 0,
        },
      ],
      agent: { enabled: false },
      onBoot: false,
      started: true,
      stopOnDestroy: true,
    });
  });

  it("of guests that have a place in the order, need time to stop, or are protected by Proxmox VE", async () => {
    const changes = {
      "guests.web.start": { order: 2, delay: 30 },
      "guests.web.shutdownTimeout": 300,
      "guests.web.protection": true,
      "guests.ubuntu.ha": undefined,
      "guests.ubuntu.shutdownTimeout": 600,
      "guests.ubuntu.protection": true,
    };
    const resources = await built(connections, changes);
    expect(inputsOf(resources, "ContainerLegacy web")).toMatchObject({
      startup: { order: 2, upDelay: 30, downDelay: 300 },
      protection: true,
    });
    expect(inputsOf(resources, "VmLegacy ubuntu")).toMatchObject({
      startup: { downDelay: 600 },
      protection: true,
    });
  });

  it("of a VM with an image in its drive, an agent, notes and tags", () => {
    expect(inputsOf(everything, "VmLegacy win2016")).toMatchObject({
      description: expect.stringMatching(/^In the cellar\.\n\nManaged by Pulumi, stack dev: urn:/),
      tags: ["windows"],
      disks: [
        { interface: "scsi0", datastoreId: "Data", fileFormat: "qcow2" },
        { interface: "virtio0", datastoreId: "local-lvm", fileFormat: "raw" },
      ],
      cdrom: { fileId: "Data:iso/windows.iso", interface: "ide2" },
      bootOrders: ["scsi0", "ide2", "net0"],
      agent: { enabled: true, waitForIp: { disabled: true } },
      stopOnDestroy: false,
    });
  });

  it("of a container", () => {
    expect(inputsOf(reference, "ContainerLegacy web")).toEqual({
      vmId: 102,
      nodeName: "pve02",
      description:
        "Managed by Pulumi, stack dev: urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:Container$proxmoxve:index/containerLegacy:ContainerLegacy::web " +
        `from Data:vztmpl/${TEMPLATE}\n`,
      unprivileged: true,
      operatingSystem: { templateFileId: `Data:vztmpl/${TEMPLATE}`, type: "debian" },
      cpu: { cores: 1 },
      memory: { dedicated: 256, swap: 256 },
      disk: { datastoreId: "Data", size: 8 },
      networkInterfaces: [{ name: "eth0", bridge: "vmbr0" }],
      initialization: { hostname: "web", ipConfigs: [{ ipv4: { address: "dhcp", gateway: "" } }] },
      startOnBoot: true,
      started: true,
    });
  });

  it("of a container with an address, keys and a password", () => {
    expect(inputsOf(everything, "ContainerLegacy web")).toMatchObject({
      initialization: {
        ipConfigs: [{ ipv4: { address: "192.168.18.30/24", gateway: "192.168.18.1" } }],
        userAccount: { keys: ["ssh-ed25519 AAAA admin"], password: PASSWORD },
      },
      memory: { dedicated: 256, swap: 0 },
      tags: ["web"],
      startOnBoot: false,
    });
  });

  it("of HA", () => {
    expect(inputsOf(reference, "Haresource win2016")).toEqual({
      resourceId: "vm:100",
      state: "started",
      maxRestart: 1,
      maxRelocate: 1,
    });
    expect(inputsOf(reference, "Harule prefer-win2016")).toEqual({
      rule: "prefer-win2016",
      type: "node-affinity",
      resources: ["vm:100"],
      nodes: { pve01: 1, pve02: 2 },
      strict: false,
    });
  });

  it("of the steps are one short line each, on the host that they are about", () => {
    const steps = everything.filter(
      // Those of accounts have tests of their own.
      ({ type, inputs }) => type === COMMAND && !/ accounts-/.test(String(inputs.create)),
    );
    const rows = steps.map(({ name, inputs }) => {
      const { host } = plain(inputs.connection) as { host: string };
      const [, step] = String(inputs.create).split(`eval "$s"' - `);
      return [name, host, step];
    });
    const account = "'proxmox-ha-dev@pve' 'pulumi-dev' 'proxmox-ha-dev' '1'";
    expect(rows.sort()).toEqual(
      [
        ...stepsOf(EVERYTHING).map(({ name, host, script }) => [
          name,
          connections[host]?.host,
          `${script.replace("/", "-")} apply`,
        ]),
        ...planSystem(site(EVERYTHING)).steps.map(({ name, host, script }) => [
          name,
          connections[host]?.host,
          `${script.replace("/", "-")} apply`,
        ]),
        ["copy-usb-pve02", "192.168.18.100", "backup-copies apply"],
        ["matcher-failures", "192.168.18.251", "notifications-entry apply"],
        ["root-mail", "192.168.18.251", "notifications-rootMail apply"],
        ["target-chat", "192.168.18.251", "notifications-entry apply"],
        ["target-office", "192.168.18.251", "notifications-entry apply"],
        ["account", "192.168.18.251", "access-account apply"],
        ["firewall-guard", "192.168.18.251", "firewall-guard apply"],
        ["firewall-off", "192.168.18.251", "firewall-off apply"],
        ["firewall-ubuntu", "192.168.18.251", "firewall-guest apply 'qemu' '101'"],
        ["firewall-web", "192.168.18.251", "firewall-guest apply 'lxc' '102'"],
        ["set-monitoring", "192.168.18.251", "firewall-set apply 'monitoring'"],
        ["mounts-web", "192.168.18.251", "guest-mounts apply"],
        ["nesting-web", "192.168.18.251", "guest-nesting apply"],
        ["token", "192.168.18.251", `access-token apply ${account}`],
        ...[ALPINE].map((file) => [
          `template-Data-${file}`,
          "192.168.18.251",
          `storage-template apply 'Data' '${file}'`,
        ]),
        [
          `template-Data-${TEMPLATE}`,
          "192.168.18.251",
          `storage-template apply 'Data' '${TEMPLATE}'`,
        ],
      ].sort(),
    );
  });

  it("of a template on a local storage go to the container's own node", async () => {
    const local = await built(connections, { "guests.web.templateStorage": "local" });
    const { inputs } = get(local, `Command template-pve02-local-${TEMPLATE}`);
    expect(plain(inputs.connection)).toMatchObject({ host: "192.168.18.100" });
    expect(inputs.create).toMatch(/ storage-template apply 'local' /);
  });
});
