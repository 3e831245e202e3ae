import { UNKNOWN } from "../../../policy/facts/known";
import {
  CONTAINER,
  places,
  read,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_MAPPING,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
  VM,
} from "../support/inputs";

type Inputs = Record<string, unknown>;

describe("a VM", () => {
  const inputs: Inputs = {
    vmId: 100,
    nodeName: "pve02",
    description: UNKNOWN_TEXT,
    disks: [{ interface: "scsi0", datastoreId: "Data", size: UNKNOWN_NUMBER, fileFormat: "qcow2" }],
    cdrom: { fileId: "none", interface: "ide2" },
  };
  const vm = (changes: Inputs = {}) => read("guests", VM, { ...inputs, ...changes });
  const disksOf = (changes: Inputs) => places(vm(changes));
  const scsi0 = { slot: "scsi0", storage: "Data" };

  it("has a number and disks", () => {
    expect(vm()).toEqual({
      urn: "urn:it",
      name: "it",
      kind: "vm",
      vmid: 100,
      node: "pve02",
      disks: [
        { ...scsi0, data: true, cache: "none", size: UNKNOWN, backedUp: true, replicated: true },
      ],
      addresses: [],
      tags: [],
      pool: undefined,
      template: false,
      running: true,
      memory: 512,
      balloon: 0,
      vcpus: 1,
      cpuType: "qemu64",
      osType: "other",
      bridges: [],
      hostName: undefined,
      nics: [],
      scsiHardware: "virtio-scsi-pci",
      image: "none",
      protected: false,
      devices: [],
      ordered: false,
      shutdown: 0,
      agent: false,
      unprivileged: undefined,
    });
  });

  it("may leave its number to the provider", () => {
    expect(vm({ vmId: undefined }).vmid).toBeUndefined();
  });

  it("may have no disks", () => {
    expect(disksOf({ disks: undefined, cdrom: undefined })).toEqual([]);
  });

  it.each([undefined, null])("has disks on local-lvm where nothing is said (%s)", (datastoreId) => {
    expect(
      disksOf({
        disks: [{ interface: "sata1", datastoreId, pathInDatastore: "vm-100-disk-0" }],
        efiDisk: { datastoreId },
        tpmState: { datastoreId },
        initialization: { datastoreId },
      }),
    ).toEqual([
      { slot: "sata1", storage: "local-lvm" },
      { slot: "efidisk0", storage: "local-lvm" },
      { slot: "tpmstate0", storage: "local-lvm" },
      { slot: "cloud-init drive", storage: "local-lvm" },
    ]);
  });

  it("has disks for EFI, TPM and cloud-init on the storages that are named", () => {
    expect(
      disksOf({
        efiDisk: { datastoreId: "A" },
        tpmState: { datastoreId: "B" },
        initialization: { datastoreId: "C" },
      }),
    ).toEqual([
      scsi0,
      { slot: "efidisk0", storage: "A" },
      { slot: "tpmstate0", storage: "B" },
      { slot: "cloud-init drive", storage: "C" },
    ]);
  });

  it("may have a device of the host for a disk", () => {
    const device = { interface: "scsi1", datastoreId: "", pathInDatastore: "/dev/sdb" };
    expect(disksOf({ disks: [device] })).toEqual([{ slot: "scsi1", storage: "/dev/sdb" }]);
    expect(disksOf({ disks: [{ ...device, pathInDatastore: undefined }] })).toEqual([
      { slot: "scsi1", storage: "local-lvm" },
    ]);
  });

  it("has an image in its CD drive on the image's storage", () => {
    expect(disksOf({ cdrom: { fileId: "local:iso/debian-13.iso" } })).toEqual([
      scsi0,
      { slot: "CD drive", storage: "local" },
    ]);
  });

  it.each(["none", "cdrom", undefined, null])("has no volume in a CD drive with %s", (fileId) => {
    expect(disksOf({ cdrom: { fileId } })).toEqual([scsi0]);
  });

  it("made as a clone has the disks of its original", () => {
    expect(disksOf({ disks: undefined, clone: { vmId: 900, datastoreId: "Data" } })).toEqual([
      { slot: "disks of its original", storage: "Data" },
    ]);
  });

  it("made as a clone has them wherever they lay, where nothing is said", () => {
    expect(disksOf({ clone: { vmId: 900 } })).toEqual([
      scsi0,
      { slot: "disks of its original", storage: UNKNOWN },
    ]);
  });

  it("has the addresses that cloud-init gives it", () => {
    const ipConfigs = [{ ipv4: { address: "192.168.18.31/24" } }];
    expect(vm({ initialization: { ipConfigs } }).addresses).toEqual(["192.168.18.31"]);
  });

  it("has its other disks when those of one kind are known", () => {
    const disks = [
      { interface: "scsi0", datastoreId: UNKNOWN_TEXT },
      { interface: UNKNOWN_TEXT, datastoreId: "Data" },
      { interface: "scsi2", datastoreId: "", pathInDatastore: UNKNOWN_TEXT },
      { interface: "scsi3", datastoreId: "Data", pathInDatastore: UNKNOWN_TEXT },
    ];
    const unknown = { datastoreId: UNKNOWN_TEXT };
    expect(
      disksOf({
        disks,
        efiDisk: unknown,
        tpmState: unknown,
        initialization: unknown,
        cdrom: { fileId: UNKNOWN_TEXT },
        clone: unknown,
      }),
    ).toEqual([
      { slot: "scsi0", storage: UNKNOWN },
      { slot: "disk 1", storage: "Data" },
      { slot: "scsi2", storage: UNKNOWN },
      { slot: "scsi3", storage: "Data" },
      { slot: "efidisk0", storage: UNKNOWN },
      { slot: "tpmstate0", storage: UNKNOWN },
      { slot: "cloud-init drive", storage: UNKNOWN },
      { slot: "CD drive", storage: UNKNOWN },
      { slot: "disks of its original", storage: UNKNOWN },
    ]);
  });

  it.each([
    ["vmId", "vmid", UNKNOWN_NUMBER],
    ["disks", "disks", UNKNOWN_LIST],
    ["disks", "disks", [UNKNOWN_MAPPING]],
    ["efiDisk", "disks", UNKNOWN_MAPPING],
    ["tpmState", "disks", UNKNOWN_MAPPING],
    ["clone", "disks", UNKNOWN_MAPPING],
  ] as const)("with unknown %s has unknown %s", (property, fact, value) => {
    expect(vm({ [property]: value })).toEqual({ ...vm(), [fact]: UNKNOWN });
  });

  it("with an unknown CD drive has unknown disks and devices", () => {
    const unknown = { ...vm(), disks: UNKNOWN, devices: UNKNOWN, image: UNKNOWN };
    expect(vm({ cdrom: UNKNOWN_MAPPING })).toEqual(unknown);
  });

  it("with unknown cloud-init settings has unknown disks and addresses", () => {
    expect(vm({ initialization: UNKNOWN_MAPPING })).toMatchObject({
      disks: UNKNOWN,
      addresses: UNKNOWN,
    });
  });
});

describe("a container", () => {
  const inputs: Inputs = {
    vmId: 102,
    nodeName: "pve02",
    description: UNKNOWN_TEXT,
    operatingSystem: { templateFileId: "local:vztmpl/debian-13.tar.zst", type: "debian" },
    disk: { datastoreId: "Data", size: 8 },
    initialization: { hostname: "web", ipConfigs: [{ ipv4: { address: "dhcp" } }] },
  };
  const container = (changes: Inputs = {}) => read("guests", CONTAINER, { ...inputs, ...changes });
  const disksOf = (changes: Inputs) => places(container(changes));
  const addressesOf = (ipConfigs: unknown) =>
    container({ initialization: { ipConfigs } }).addresses;
  const rootfs = { slot: "rootfs", storage: "Data" };

  it("has a number and a root disk, and needs its template no more", () => {
    expect(container()).toEqual({
      urn: "urn:it",
      name: "it",
      kind: "ct",
      vmid: 102,
      node: "pve02",
      disks: [{ ...rootfs, data: true, cache: "none", size: 8, backedUp: true, replicated: true }],
      addresses: ["dhcp"],
      tags: [],
      pool: undefined,
      template: false,
      running: true,
      memory: 512,
      balloon: 0,
      vcpus: 1,
      cpuType: undefined,
      osType: "debian",
      bridges: [],
      hostName: "web",
      nics: [],
      scsiHardware: undefined,
      image: undefined,
      protected: false,
      devices: [],
      ordered: false,
      shutdown: 0,
      agent: undefined,
      unprivileged: false,
    });
  });

  it.each([undefined, null, {}, { datastoreId: null }])(
    "has its root disk on local where nothing is said: %j",
    (disk) => {
      expect(disksOf({ disk })).toEqual([{ slot: "rootfs", storage: "local" }]);
    },
  );

  it("has mount points on storages", () => {
    expect(disksOf({ mountPoints: [{ volume: "local-lvm" }, { volume: "Data:8" }] })).toEqual([
      rootfs,
      { slot: "mp0", storage: "local-lvm" },
      { slot: "mp1", storage: "Data" },
    ]);
  });

  it("has mount points bound to the node's folders, but for those that all nodes have", () => {
    expect(
      disksOf({
        mountPoints: [
          { volume: "/mnt/a:b" },
          { volume: "/mnt/c", shared: true },
          { volume: "/mnt/d", shared: false },
          { volume: "local-lvm:8", shared: true },
        ],
      }),
    ).toEqual([
      rootfs,
      { slot: "mp0", storage: "/mnt/a:b" },
      { slot: "mp2", storage: "/mnt/d" },
      { slot: "mp3", storage: "local-lvm" },
    ]);
  });

  it("made as a clone has the disk of its original", () => {
    expect(disksOf({ disk: undefined, clone: { vmId: 900, datastoreId: "Data" } })).toEqual([
      { slot: "disks of its original", storage: "Data" },
    ]);
    expect(disksOf({ clone: { vmId: 900 } })).toEqual([
      rootfs,
      { slot: "disks of its original", storage: UNKNOWN },
    ]);
  });

  it("has addresses without prefix", () => {
    expect(
      addressesOf([
        { ipv4: { address: "192.168.18.30/24" }, ipv6: { address: "fd00::1e/64" } },
        { ipv4: { address: "10.0.0.30" } },
      ]),
    ).toEqual(["192.168.18.30", "fd00::1e", "10.0.0.30"]);
  });

  it.each([
    undefined,
    null,
    [{}],
    [{ ipv4: null }],
    [{ ipv4: { gateway: "10.0.0.1" } }],
    [{ ipv4: { address: null } }],
  ])("has no address where none is said: %j", (ipConfigs) => {
    expect(addressesOf(ipConfigs)).toEqual([]);
    expect(container({ initialization: undefined }).addresses).toEqual([]);
  });

  it("has its other disks when one is unknown", () => {
    expect(
      disksOf({
        disk: { datastoreId: UNKNOWN_TEXT },
        mountPoints: [
          { volume: UNKNOWN_TEXT },
          { volume: "/mnt/c", shared: UNKNOWN_BOOLEAN },
          { volume: "Data:8", shared: UNKNOWN_BOOLEAN },
        ],
      }),
    ).toEqual([
      { slot: "rootfs", storage: UNKNOWN },
      { slot: "mp0", storage: UNKNOWN },
      { slot: "mp1", storage: UNKNOWN },
      { slot: "mp2", storage: "Data" },
    ]);
  });

  it.each([
    ["vmId", "vmid", UNKNOWN_NUMBER],
    ["disk", "disks", UNKNOWN_MAPPING],
    ["clone", "disks", UNKNOWN_MAPPING],
    ["mountPoints", "disks", UNKNOWN_LIST],
    ["mountPoints", "disks", [UNKNOWN_MAPPING]],
    ["initialization", "addresses", UNKNOWN_MAPPING],
    ["initialization", "addresses", { ipConfigs: UNKNOWN_LIST }],
    ["initialization", "addresses", { ipConfigs: [UNKNOWN_MAPPING] }],
    ["initialization", "addresses", { ipConfigs: [{ ipv4: UNKNOWN_MAPPING }] }],
    ["initialization", "addresses", { ipConfigs: [{ ipv6: { address: UNKNOWN_TEXT } }] }],
  ] as const)("with unknown %s has unknown %s: %j", (property, fact, value) => {
    const { hostName } = container();
    expect({ ...container({ [property]: value }), hostName }).toEqual({
      ...container(),
      [fact]: UNKNOWN,
    });
  });
});
