import { type Inventory, unmanaged } from "../../../ops/drift/inventory";
import { resource } from "../support/site";

const STATE = [
  resource("proxmoxve:index/vmLegacy:VmLegacy", "ubuntu", { vmId: 101 }),
  resource("proxmoxve:index/containerLegacy:ContainerLegacy", "web", { vmId: 102 }),
  resource("proxmoxve:storage/nfs:Nfs", "Data", { resourceId: "Data" }),
  resource("proxmoxve:backup/job:Job", "nightly", { resourceId: "nightly" }),
  resource("proxmoxve:index/haresource:Haresource", "ubuntu", { resourceId: "vm:101" }),
  resource("proxmoxve:index/harule:Harule", "prefer-ubuntu", { rule: "prefer-ubuntu" }),
];
const OURS: Inventory = {
  guests: [{ id: "101" }, { id: "102" }],
  storages: [{ id: "local" }, { id: "local-lvm" }, { id: "Data" }],
  backupJobs: [{ id: "nightly" }],
  haResources: [{ id: "vm:101" }],
  haRules: [{ id: "prefer-ubuntu" }],
};
const found = (changes: Partial<Inventory>, accepted: string[] = []) =>
  unmanaged({ ...OURS, ...changes }, STATE, new Set(accepted));

describe("what is in the cluster", () => {
  it("is ours, or comes with every installation", () => {
    expect(found({})).toEqual([]);
  });

  it("is told with what it is and how to remove it", () => {
    expect(found({ guests: [...OURS.guests, { id: "900", words: "VM stray on pve01" }] })).toEqual([
      {
        kind: "unmanaged",
        resource: "guest/900",
        what: "VM stray on pve01 is in the cluster, and not in the stack",
        remedy:
          "describe it in the site file, or remove it in the web interface; if it is to stay as it is, say so under proxmox-ha:unmanaged",
      },
    ]);
  });

  it.each<[string, Partial<Inventory>, string]>([
    ["storage/usb", { storages: [{ id: "usb" }] }, "pvesm remove usb"],
    ["backup/x-1", { backupJobs: [{ id: "x-1" }] }, "pvesh delete /cluster/backup/x-1"],
    ["ha/vm:900", { haResources: [{ id: "vm:900" }] }, "ha-manager remove vm:900"],
    ["rule/apart", { haRules: [{ id: "apart" }] }, "ha-manager rules remove apart"],
  ])("is told when it is not ours: %s", (name, changes, remedy) => {
    const [finding, ...more] = found(changes);
    expect(finding).toMatchObject({ resource: name, kind: "unmanaged" });
    expect(finding?.remedy).toContain(remedy);
    expect(more).toEqual([]);
  });

  it("may stay as it is where the file says so, and nothing besides it", () => {
    const guests = [...OURS.guests, { id: "900" }, { id: "901" }];
    expect(found({ guests }, ["guest/900", "storage/901"]).map((one) => one.resource)).toEqual([
      "guest/901",
    ]);
  });
});
