import { UNKNOWN } from "../../../policy/facts/known";
import { CONTAINER, HA_RESOURCE, read, VM } from "../support/inputs";

/** Resources of the provider under other names than those that most programs use. */

const inputs = {
  vmId: 100,
  nodeName: "pve01",
  poolId: "office",
  memory: { dedicated: 2048 },
  disks: [{ interface: "scsi0", datastoreId: "Data" }],
  disk: { datastoreId: "Data" },
};

describe("up to version 7 of the provider", () => {
  it.each([
    ["proxmoxve:VM/virtualMachine:VirtualMachine", VM],
    ["proxmoxve:CT/container:Container", CONTAINER],
  ])("a guest was a %s", (older, today) => {
    expect(read("guests", older, inputs)).toEqual(read("guests", today, inputs));
  });

  it("HA had names of its own", () => {
    const resource = { resourceId: "vm:100", group: "office" };
    expect(read("haResources", "proxmoxve:HA/hAResource:HAResource", resource)).toEqual(
      read("haResources", HA_RESOURCE, resource),
    );
    const group = { group: "office", nodes: { pve01: 1 }, restricted: true };
    expect(read("haRules", "proxmoxve:HA/hAGroup:HAGroup", group)).toEqual(
      read("haRules", "proxmoxve:index/hagroup:Hagroup", group),
    );
  });
});

describe.each(["proxmoxve:index/vm:Vm", "proxmoxve:index/vm2Legacy:Vm2Legacy"])(
  "a VM of %s",
  (type) => {
    const vm = (more: object = {}) =>
      read("guests", type, { resourceId: "100", nodeName: "pve01", ...more });

    it("has a number, a node, tags and the CPU that it names", () => {
      expect(vm({ tags: ["db"], cpu: { cores: 2, type: "host" } })).toMatchObject({
        ...{ kind: "vm", vmid: "100", node: "pve01", tags: ["db"] },
        ...{ vcpus: 2, cpuType: "host", devices: [] },
      });
    });

    it("has disks, memory and cards that nobody can tell", () => {
      expect(vm()).toMatchObject({
        ...{ disks: UNKNOWN, memory: UNKNOWN, nics: UNKNOWN, bridges: UNKNOWN, agent: UNKNOWN },
      });
    });
  },
);
