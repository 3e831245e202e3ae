import { UNKNOWN } from "../../../policy/facts/known";
import {
  read,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_MAPPING,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
} from "../support/inputs";

type Inputs = Record<string, unknown>;

describe.each(["proxmoxve:cloned/vm:Vm", "proxmoxve:cloned/vmLegacy:VmLegacy"])(
  "a VM that is made from a template (%s)",
  (type) => {
    const vm = (inputs: Inputs = {}) =>
      read("guests", type, {
        resourceId: "100",
        nodeName: "pve02",
        clone: { sourceVmId: 900, targetDatastore: "Data" },
        ...inputs,
      });
    const disks = (inputs: Inputs) => {
      const facts = vm(inputs).disks;
      return facts === UNKNOWN ? facts : facts.map(({ slot, storage }) => [slot, storage]);
    };

    it("has a number, a node, a pool and tags", () => {
      const clone = { sourceVmId: 900, poolId: "prod" };
      expect(vm({ clone, tags: ["db"] })).toMatchObject({
        kind: "vm",
        vmid: "100",
        node: "pve02",
        pool: "prod",
        tags: ["db"],
        running: true,
        devices: [],
      });
    });

    it("has what it names", () => {
      expect(
        vm({
          memory: { size: 4096, balloon: 1024 },
          cpu: { cores: 2, sockets: 2, type: "host" },
          network: { net0: { bridge: "vmbr1", tag: 20 }, net1: { trunks: [10, 20] } },
        }),
      ).toMatchObject({
        memory: 4096,
        balloon: 1024,
        vcpus: 4,
        cpuType: "host",
        bridges: ["vmbr1", "vmbr0"],
        nics: [
          { bridge: "vmbr1", vlan: 20, trunk: false },
          { bridge: "vmbr0", vlan: 0, trunk: true },
        ],
      });
    });

    it("has what nobody can see where it names nothing, because that is the template's", () => {
      expect(vm()).toMatchObject({
        memory: UNKNOWN,
        balloon: UNKNOWN,
        vcpus: UNKNOWN,
        cpuType: UNKNOWN,
        bridges: UNKNOWN,
        nics: UNKNOWN,
        osType: UNKNOWN,
        agent: UNKNOWN,
        scsiHardware: UNKNOWN,
      });
      expect(vm({ memory: { size: 512 } })).toMatchObject({ memory: 512, balloon: UNKNOWN });
    });

    it("has disks by their slots, and those of its template", () => {
      const disk = {
        scsi0: { sizeGb: 40 },
        scsi1: { datastoreId: "Fast", replicate: false, cache: "unsafe", backup: false },
        scsi2: { file: "local:100/vm-100-disk-3.qcow2" },
      };
      expect(disks({ disk })).toEqual([
        ["scsi0", "Data"],
        ["scsi1", "Fast"],
        ["scsi2", "local"],
        ["disks of its original", "Data"],
      ]);
      expect(vm({ disk }).disks).toMatchObject([
        { replicated: true },
        { replicated: false, cache: "unsafe", backedUp: false },
        {},
        {},
      ]);
    });

    it("has disks where those of its template lie, where nothing is named", () => {
      expect(disks({ clone: { sourceVmId: 900 }, disk: { scsi0: { sizeGb: 40 } } })).toEqual([
        ["disks of its original", UNKNOWN],
      ]);
    });

    it.each([
      [{ ide2: { fileId: "none" } }, [], []],
      [{ ide2: {} }, [], ["the node's CD drive"]],
      [{ ide2: { fileId: "none" }, ide3: { fileId: "local:iso/a.iso" } }, ["CD drive"], []],
    ])("with drives %j has %j and %j", (cdrom, slots, devices) => {
      const facts = vm({ cdrom });
      expect(facts.disks).toMatchObject(
        [...slots, "disks of its original"].map((slot) => ({ slot })),
      );
      expect(facts.devices).toEqual(devices);
    });

    it.each([
      ["resourceId", "vmid", UNKNOWN_TEXT],
      ["nodeName", "node", UNKNOWN_TEXT],
      ["memory", "memory", UNKNOWN_MAPPING],
      ["memory", "memory", { size: UNKNOWN_NUMBER }],
      ["cpu", "vcpus", { cores: UNKNOWN_NUMBER }],
      ["network", "nics", UNKNOWN_MAPPING],
      ["network", "nics", { net0: { tag: UNKNOWN_NUMBER } }],
      ["network", "nics", { net0: { trunks: UNKNOWN_LIST } }],
      ["disk", "disks", UNKNOWN_MAPPING],
      ["cdrom", "devices", UNKNOWN_MAPPING],
      ["clone", "pool", UNKNOWN_MAPPING],
    ] as const)("with unknown %s has unknown %s: %j", (property, fact, value) => {
      expect(vm({ [property]: value })).toMatchObject({ [fact]: UNKNOWN });
    });

    it("has its other disks when one is unknown", () => {
      const disk = {
        scsi0: { datastoreId: UNKNOWN_TEXT },
        scsi1: { datastoreId: "Fast", replicate: UNKNOWN_BOOLEAN },
      };
      expect(disks({ disk })).toEqual([
        ["scsi0", UNKNOWN],
        ["scsi1", "Fast"],
        ["disks of its original", "Data"],
      ]);
    });
  },
);
