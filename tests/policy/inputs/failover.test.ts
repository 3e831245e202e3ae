import { UNKNOWN } from "../../../policy/facts/known";
import {
  CLUSTER,
  CONTAINER,
  read,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
  VM,
} from "../support/inputs";

/** What the rules of disks and failover need. */

type Inputs = Record<string, unknown>;

describe("a node's CPU", () => {
  const nodes = (inputs: Inputs) =>
    read("clusters", CLUSTER, { nodes: [{ name: "pve01", address: "10.0.0.1", ...inputs }] }).nodes;

  it.each<[Inputs, Inputs]>([
    [
      { cpuLevel: "x86-64-v3", cpuVendor: "intel" },
      { cpuLevel: "x86-64-v3", cpuVendor: "intel" },
    ],
    [{}, { cpuLevel: undefined, cpuVendor: undefined }],
    [{ cpuLevel: UNKNOWN_TEXT }, { cpuLevel: UNKNOWN }],
    [{ cpuVendor: UNKNOWN_TEXT }, { cpuVendor: UNKNOWN }],
  ])("of %j is told by the cluster", (inputs, facts) => {
    expect(nodes(inputs)).toMatchObject([facts]);
  });
});

describe("a network card", () => {
  it("is a trunk where it gets several VLANs", () => {
    const networkDevices = [{ trunks: "10;20" }, { trunks: "" }, {}];
    expect(read("guests", VM, { networkDevices }).nics).toMatchObject([
      { trunk: true },
      { trunk: false },
      { trunk: false },
    ]);
  });
});

describe("the disks that replication takes along", () => {
  const copied = (type: string, inputs: Inputs) => {
    const { disks } = read("guests", type, inputs);
    return disks === UNKNOWN ? disks : disks.map(({ slot, replicated }) => [slot, replicated]);
  };

  it("are those of a VM that do not say otherwise, with its firmware", () => {
    expect(
      copied(VM, {
        disks: [
          { interface: "scsi0" },
          { interface: "scsi1", replicate: false },
          { interface: "scsi2", replicate: UNKNOWN_BOOLEAN },
        ],
        efiDisk: {},
        tpmState: {},
        initialization: {},
        clone: { vmId: 900 },
      }),
    ).toEqual([
      ["scsi0", true],
      ["scsi1", false],
      ["scsi2", UNKNOWN],
      ["efidisk0", true],
      ["tpmstate0", true],
      // Left out, and made anew.
      ["cloud-init drive", true],
      ["disks of its original", true],
    ]);
  });

  it("are those of a container", () => {
    expect(
      copied(CONTAINER, {
        disk: { replicate: false },
        mountPoints: [{ volume: "local-zfs:8" }, { volume: "local-zfs:8", replicate: false }],
      }),
    ).toEqual([
      ["rootfs", false],
      ["mp0", true],
      ["mp1", false],
    ]);
  });

  it("are no images and no files", () => {
    expect(
      copied(VM, {
        cdrom: { fileId: "local:iso/debian-13.iso" },
        hookScriptFileId: "local:snippets/hook.sh",
        initialization: { datastoreId: "Data", userDataFileId: "local:snippets/user.yaml" },
      }),
    ).toEqual([
      ["cloud-init drive", true],
      ["CD drive", false],
      ["hook script", false],
      ["cloud-init user data", false],
    ]);
  });
});

describe("the files of cloud-init", () => {
  it("lie on storages, as far as these are known", () => {
    const initialization = {
      datastoreId: "Data",
      metaDataFileId: "A:snippets/meta.yaml",
      networkDataFileId: UNKNOWN_TEXT,
      vendorDataFileId: "B:snippets/vendor.yaml",
    };
    expect(read("guests", VM, { initialization }).disks).toMatchObject([
      { slot: "cloud-init drive", storage: "Data" },
      { slot: "cloud-init meta data", storage: "A", data: false },
      { slot: "cloud-init network data", storage: UNKNOWN },
      { slot: "cloud-init vendor data", storage: "B" },
    ]);
  });
});

describe("a replication job", () => {
  const REPLICATION = "proxmoxve:index/replication:Replication";
  const job = (inputs: Inputs) =>
    read("replications", REPLICATION, { resourceId: "100-0", target: "pve01", ...inputs });

  it("has a guest, a target and a schedule", () => {
    expect(job({ schedule: "*/5", disable: true })).toEqual({
      urn: "urn:it",
      name: "it",
      guest: "100",
      target: "pve01",
      schedule: "*/5",
      disabled: true,
    });
    expect(read("replications", "proxmoxve:index/replicationLegacy:ReplicationLegacy", {})).toEqual(
      expect.objectContaining({ disabled: false }),
    );
  });

  it("runs each quarter of an hour where nothing is said", () => {
    expect(job({})).toMatchObject({ schedule: "*/15", disabled: false });
  });

  it.each([
    ["resourceId", "guest", UNKNOWN_TEXT],
    ["target", "target", UNKNOWN_TEXT],
    ["schedule", "schedule", UNKNOWN_TEXT],
    ["disable", "disabled", UNKNOWN_BOOLEAN],
  ] as const)("with unknown %s has unknown %s", (property, fact, value) => {
    expect(job({ [property]: value })).toMatchObject({ [fact]: UNKNOWN });
  });
});

describe("an HA resource", () => {
  const ha = (inputs: Inputs) =>
    read("haResources", "proxmoxve:index/haresource:Haresource", {
      resourceId: "vm:100",
      ...inputs,
    });

  it("has a state and limits, Proxmox VE's where nothing is said", () => {
    expect(ha({})).toMatchObject({ state: "started", maxRestart: 1, maxRelocate: 1 });
    expect(ha({ maxRestart: 0, maxRelocate: 3 })).toMatchObject({ maxRestart: 0, maxRelocate: 3 });
  });

  it.each(["maxRestart", "maxRelocate"])("with unknown %s has an unknown limit", (limit) => {
    expect(ha({ [limit]: UNKNOWN_NUMBER })).toMatchObject({ [limit]: UNKNOWN });
  });
});

describe("the time to shut down", () => {
  it.each([
    [{}, 0],
    [{ startup: { downDelay: 180 } }, 180],
    [{ startup: { downDelay: UNKNOWN_NUMBER } }, UNKNOWN],
  ])("of %j is %p", (inputs, shutdown) => {
    expect(read("guests", VM, inputs).shutdown).toBe(shutdown);
  });
});

describe("a bridge", () => {
  it("is a node's", () => {
    const type = "proxmoxve:network/linux/bridgeLegacy:BridgeLegacy";
    expect(read("bridges", type, { name: "vmbr1", nodeName: "pve01" })).toEqual({
      urn: "urn:it",
      name: "it",
      bridge: "vmbr1",
      node: "pve01",
      vlanAware: false,
      vids: "2-4094",
      ports: [],
    });
  });

  it("may keep VLANs apart", () => {
    const type = "proxmoxve:network/linux/bridge:Bridge";
    const inputs = { name: "vmbr1", vlanAware: true, vids: "2 20-30", ports: ["bond0"] };
    expect(read("bridges", type, inputs)).toMatchObject({
      vlanAware: true,
      vids: "2 20-30",
      ports: ["bond0"],
    });
  });

  it.each([
    ["vlanAware", UNKNOWN_BOOLEAN],
    ["vids", UNKNOWN_TEXT],
    ["ports", UNKNOWN_LIST],
  ])("with unknown %s says so", (property, value) => {
    const type = "proxmoxve:network/linux/bridge:Bridge";
    expect(read("bridges", type, { [property]: value })).toMatchObject({ [property]: UNKNOWN });
  });

  it("is the cluster's where it is a virtual network", () => {
    expect(read("bridges", "proxmoxve:sdn/vnet:Vnet", { resourceId: "dmz" })).toMatchObject({
      bridge: "dmz",
      node: undefined,
      vlanAware: false,
    });
    expect(read("bridges", "proxmoxve:sdn/vnet:Vnet", { vlanAware: true }).vlanAware).toBe(true);
  });
});
