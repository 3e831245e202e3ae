import { UNKNOWN } from "../../../policy/facts/known";
import { readFacts } from "../../../policy/inputs/read";
import {
  CONTAINER,
  NFS,
  read,
  resource,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_MAPPING,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
  VM,
} from "../support/inputs";

/** What the rules of capacity, backup, access and network need. */

type Inputs = Record<string, unknown>;

describe("a VM", () => {
  const vm = (inputs: Inputs) =>
    read("guests", VM, {
      vmId: 100,
      nodeName: "pve02",
      cdrom: { fileId: "none" },
      ...inputs,
    });
  const CD = "the node's CD drive";

  it("has memory, CPU, system, network, agent and tags", () => {
    expect(
      vm({
        memory: { dedicated: 4096, floating: 1024 },
        cpu: { cores: 2, sockets: 2, type: "host" },
        operatingSystem: { type: "win11" },
        networkDevices: [{ bridge: "vmbr1" }, {}, { bridge: "vmbr1" }],
        agent: { enabled: true },
        tags: ["db"],
        poolId: "prod",
        template: true,
        startup: { order: 0 },
      }),
    ).toMatchObject({
      memory: 4096,
      balloon: 1024,
      vcpus: 4,
      cpuType: "host",
      osType: "win11",
      bridges: ["vmbr1", "vmbr0"],
      agent: true,
      tags: ["db"],
      pool: "prod",
      template: true,
      ordered: true,
    });
  });

  it.each([
    [{}, true],
    [{ started: false }, true],
    [{ onBoot: false }, true],
    [{ started: false, onBoot: false }, false],
    [{ started: UNKNOWN_BOOLEAN }, true],
    [{ started: UNKNOWN_BOOLEAN, onBoot: false }, UNKNOWN],
    [{ started: false, onBoot: UNKNOWN_BOOLEAN }, UNKNOWN],
  ])("with %j runs: %p", (inputs, running) => {
    expect(vm(inputs).running).toBe(running);
  });

  it.each<[string, Inputs, string[]]>([
    ["a card of the node", { hostpcis: [{ device: "hostpci0", id: "0000:01:00" }] }, ["hostpci0"]],
    ["a mapped card", { hostpcis: [{ device: "hostpci0", mapping: "gpu" }] }, []],
    ["a stick", { usbs: [{ host: "1234:5678" }] }, ["usb0"]],
    ["a mapped stick and a screen's", { usbs: [{ mapping: "key" }, { host: "spice" }] }, []],
    ["a serial port", { serialDevices: [{}, { device: "/dev/ttyS0" }] }, ["/dev/ttyS0"]],
    ["the node's drive", { cdrom: { fileId: "cdrom" } }, [CD]],
    ["a drive of which nobody says more", { cdrom: { fileId: "", interface: "ide3" } }, [CD]],
    ["no word about a drive", { cdrom: undefined }, [CD]],
    ["an image", { cdrom: { fileId: "Data:iso/debian-13.iso" } }, []],
    ["no image", { cdrom: { fileId: "none" } }, []],
  ])("with %s", (_what, inputs, devices) => {
    expect(vm(inputs).devices).toEqual(devices);
  });

  it("has disks with cache modes, some left out of backups, and a script", () => {
    expect(
      vm({
        disks: [
          { interface: "scsi0", cache: "unsafe" },
          { interface: "scsi1", backup: false },
          { interface: "scsi2", cache: UNKNOWN_TEXT, backup: UNKNOWN_BOOLEAN },
        ],
        hookScriptFileId: "local:snippets/hook.sh",
      }).disks,
    ).toMatchObject([
      { slot: "scsi0", storage: "local-lvm", data: true, cache: "unsafe", backedUp: true },
      { slot: "scsi1", storage: "local-lvm", data: true, cache: "none", backedUp: false },
      { slot: "scsi2", storage: "local-lvm", data: true, cache: UNKNOWN, backedUp: UNKNOWN },
      { slot: "hook script", storage: "local", data: false, cache: "none", backedUp: true },
    ]);
  });

  it.each([
    ["memory", "memory", { dedicated: UNKNOWN_NUMBER }],
    ["memory", "balloon", { floating: UNKNOWN_NUMBER }],
    ["cpu", "vcpus", { cores: UNKNOWN_NUMBER }],
    ["cpu", "cpuType", { type: UNKNOWN_TEXT }],
    ["operatingSystem", "osType", UNKNOWN_MAPPING],
    ["networkDevices", "bridges", UNKNOWN_LIST],
    ["usbs", "devices", UNKNOWN_LIST],
    ["agent", "agent", { enabled: UNKNOWN_BOOLEAN }],
    ["tags", "tags", UNKNOWN_LIST],
    ["poolId", "pool", UNKNOWN_TEXT],
    ["template", "template", UNKNOWN_BOOLEAN],
    ["startup", "ordered", { order: UNKNOWN_NUMBER }],
    ["nodeName", "node", UNKNOWN_TEXT],
  ] as const)("with unknown %s has unknown %s", (property, fact, value) => {
    expect(vm({ [property]: value })).toMatchObject({ [fact]: UNKNOWN });
  });
});

describe("a container", () => {
  const container = (inputs: Inputs) => read("guests", CONTAINER, { vmId: 102, ...inputs });

  it("has memory, CPU, network, devices and its privileges", () => {
    expect(
      container({
        memory: { dedicated: 256 },
        cpu: { cores: 3 },
        networkInterfaces: [{ name: "eth0", bridge: "vmbr2" }],
        devicePassthroughs: [{ path: "/dev/net/tun" }],
        unprivileged: true,
        started: false,
        startOnBoot: false,
      }),
    ).toMatchObject({
      memory: 256,
      vcpus: 3,
      bridges: ["vmbr2"],
      devices: ["/dev/net/tun"],
      unprivileged: true,
      running: false,
    });
  });

  it("has mount points that backups leave out unless they say otherwise, and paths that hold no data of its own", () => {
    const mountPoints = [
      { volume: "Data:8" },
      { volume: "Data:8", backup: true },
      { volume: "/mnt/a", backup: true },
    ];
    expect(container({ mountPoints }).disks).toMatchObject([
      { slot: "rootfs", data: true, backedUp: true },
      { slot: "mp0", data: true, backedUp: false },
      { slot: "mp1", data: true, backedUp: true },
      { slot: "mp2", data: false },
    ]);
  });

  it("is unprivileged or not, as far as that is known", () => {
    expect(container({ unprivileged: UNKNOWN_BOOLEAN }).unprivileged).toBe(UNKNOWN);
  });
});

describe("a storage", () => {
  it("has a server, an export, options, content and a retention", () => {
    expect(
      read("storages", NFS, {
        resourceId: "Data",
        server: "nas",
        export: "/data",
        options: "vers=4.2, soft",
        contents: ["images"],
        disable: true,
        backups: { keepLast: 3, keepDaily: 0, maxProtectedBackups: 5 },
      }),
    ).toMatchObject({
      type: "nfs",
      server: "nas",
      export: "/data",
      options: ["vers=4.2", "soft"],
      contents: ["images"],
      disabled: true,
      retention: { last: 3 },
    });
  });

  it.each([
    ["Cifs", { share: "pve", subdirectory: "a" }, "/pve/a"],
    ["Cifs", { share: "pve" }, "/pve/"],
  ])("of type %s has a share for an export", (type, inputs, path) => {
    expect(read("storages", `proxmoxve:storage/cifs:${type}`, inputs).export).toBe(path);
  });

  it("keeps all backups where it says so", () => {
    expect(read("storages", NFS, { backups: { keepAll: true } }).retention).toEqual({ all: 1 });
  });

  it.each([
    ["server", "server", UNKNOWN_TEXT],
    ["export", "export", UNKNOWN_TEXT],
    ["options", "options", UNKNOWN_TEXT],
    ["contents", "contents", UNKNOWN_LIST],
    ["disable", "disabled", UNKNOWN_BOOLEAN],
    ["backups", "retention", UNKNOWN_MAPPING],
    ["backups", "retention", { keepLast: UNKNOWN_NUMBER }],
  ] as const)("with unknown %s has unknown %s", (property, fact, value) => {
    expect(read("storages", NFS, { [property]: value })).toMatchObject({ [fact]: UNKNOWN });
  });
});

describe("a backup job", () => {
  const job = (inputs: Inputs) => read("backupJobs", "proxmoxve:backup/job:Job", inputs);

  it("has guests, a storage, a mode, a compression and a retention", () => {
    expect(
      job({
        storage: "Backup",
        vmids: ["100"],
        excludes: ["101"],
        mode: "stop",
        compress: "zstd",
        node: "pve01",
        pool: "prod",
        pruneBackups: { "keep-last": "3", "keep-weekly": "2" },
        schedule: "sat 02:00",
        bwlimit: 51200,
        mailtos: ["ops@example.org"],
      }),
    ).toEqual({
      urn: "urn:it",
      name: "it",
      storage: "Backup",
      enabled: true,
      all: false,
      guests: ["100"],
      excluded: ["101"],
      pool: "prod",
      node: "pve01",
      mode: "stop",
      compress: "zstd",
      retention: { last: 3, weekly: 2 },
      schedule: "sat 02:00",
      bandwidth: 51200,
      mail: ["ops@example.org"],
    });
  });

  it("runs each day at its time, where it is of old", () => {
    expect(job({ starttime: "03:30" }).schedule).toBe("03:30");
  });

  it("has what Proxmox VE takes where nothing is said", () => {
    expect(job({ storage: "Backup", all: true })).toMatchObject({
      enabled: true,
      all: true,
      guests: [],
      mode: "snapshot",
      compress: "0",
      retention: undefined,
      bandwidth: 0,
      mail: [],
    });
  });

  it.each([
    ["storage", "storage", UNKNOWN_TEXT],
    ["enabled", "enabled", UNKNOWN_BOOLEAN],
    ["all", "all", UNKNOWN_BOOLEAN],
    ["vmids", "guests", [UNKNOWN_TEXT]],
    ["excludes", "excluded", UNKNOWN_LIST],
    ["pool", "pool", UNKNOWN_TEXT],
    ["node", "node", UNKNOWN_TEXT],
    ["mode", "mode", UNKNOWN_TEXT],
    ["compress", "compress", UNKNOWN_TEXT],
    ["pruneBackups", "retention", UNKNOWN_MAPPING],
    ["schedule", "schedule", UNKNOWN_TEXT],
    ["bwlimit", "bandwidth", UNKNOWN_NUMBER],
    ["mailtos", "mail", UNKNOWN_LIST],
  ] as const)("with unknown %s has unknown %s", (property, fact, value) => {
    expect(job({ [property]: value })).toMatchObject({ [fact]: UNKNOWN });
  });
});

describe("a provider", () => {
  const account = (inputs: Inputs) =>
    read("providers", "pulumi:providers:proxmoxve", inputs).account;

  it("has the account of its token, else of its login", () => {
    expect(account({ apiToken: "ci@pve!pulumi=secret", username: "root@pam" })).toBe("ci@pve");
    expect(account({ username: "root@pam" })).toBe("root@pam");
    expect(account({})).toBeUndefined();
    expect(account({ apiToken: UNKNOWN_TEXT, username: "root@pam" })).toBe(UNKNOWN);
    expect(account({ username: UNKNOWN_TEXT })).toBe(UNKNOWN);
  });

  it.each([
    ["true", true],
    ["false", false],
    [true, true],
    [undefined, false],
    [null, false],
    [UNKNOWN_TEXT, UNKNOWN],
  ])("that is insecure by %p, as the SDK hands it over, is so: %p", (insecure, fact) => {
    const inputs = { insecure } as Inputs;
    expect(read("providers", "pulumi:providers:proxmoxve", inputs).insecure).toBe(fact);
  });

  it("keeps nothing of the token's secret", () => {
    const facts = readFacts([
      resource("pulumi:providers:proxmoxve", "pve", { apiToken: "ci@pve!pulumi=5e2b1a9c" }),
    ]);
    expect(JSON.stringify(facts)).not.toContain("5e2b1a9c");
  });
});

describe("an account", () => {
  it.each([
    ["proxmox-ha:access:Access", { user: "ci@pve" }],
    ["proxmoxve:user/token:Token", { userId: "ci@pve", tokenName: "pulumi" }],
    ["proxmoxve:user/tokenLegacy:TokenLegacy", { userId: "ci@pve", privilegesSeparation: true }],
  ])("of %s has a user and a separated token", (type, inputs) => {
    expect(read("accounts", type, inputs)).toMatchObject({ user: "ci@pve", separated: true });
  });

  it("of which neither is known", () => {
    const inputs = { userId: UNKNOWN_TEXT, privilegesSeparation: UNKNOWN_BOOLEAN };
    expect(read("accounts", "proxmoxve:user/token:Token", inputs)).toMatchObject({
      user: UNKNOWN,
      separated: UNKNOWN,
    });
    expect(read("accounts", "proxmox-ha:access:Access", {}).user).toBe(UNKNOWN);
  });
});

describe("a command over SSH", () => {
  const hostKey = "ssh-ed25519 AAAA";

  it.each([
    [{ host: "a", hostKey }, true],
    [{ host: "a" }, false],
    [{ host: "a", hostKey: "" }, false],
    [{ host: "a", hostKey, proxy: { host: "b", hostKey } }, true],
    [{ host: "a", hostKey, proxy: { host: "b" } }, false],
    [UNKNOWN_MAPPING, UNKNOWN],
    [{ host: "a", hostKey: UNKNOWN_TEXT }, UNKNOWN],
  ])("with connection %j is pinned: %p", (connection, pinned) => {
    expect(read("connections", "command:remote:Command", { connection }).pinned).toBe(pinned);
  });
});

describe("a group of Proxmox VE 8", () => {
  const HA = "proxmoxve:index/haresource:Haresource";
  const groupOf = (...members: Inputs[]) =>
    readFacts([
      resource("proxmoxve:index/hagroup:Hagroup", "small", {
        group: "small",
        nodes: { pve02: 1 },
        restricted: true,
      }),
      ...members.map((inputs, index) => resource(HA, `r${index}`, inputs)),
    ]).haRules[0];

  it("is a rule about nodes for the resources that name it", () => {
    expect(
      groupOf(
        { resourceId: "vm:100", group: "small" },
        { resourceId: "vm:101" },
        { resourceId: "ct:102", group: "small" },
      ),
    ).toMatchObject({
      type: "node-affinity",
      sids: ["vm:100", "ct:102"],
      nodes: ["pve02"],
      strict: true,
      disabled: false,
    });
  });

  it.each([
    { resourceId: "vm:100", group: UNKNOWN_TEXT },
    { resourceId: UNKNOWN_TEXT, group: "small" },
  ])("has unknown resources with %j", (member) => {
    expect(groupOf(member)?.sids).toBe(UNKNOWN);
  });
});
