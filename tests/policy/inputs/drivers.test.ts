import { UNKNOWN } from "../../../policy/facts/known";
import { readFacts } from "../../../policy/inputs/read";
import { resource, UNKNOWN_TEXT, VM } from "../support/inputs";

const MACHINE = "proxmox-ha:guest:VirtualMachine";

const guestWith = (machine: Record<string, unknown>, vm: Record<string, unknown> = {}) =>
  readFacts([
    resource(MACHINE, "win2016", machine),
    resource(VM, "win2016", { vmId: 100, cdrom: { fileId: "none" }, disks: [], ...vm }),
    resource(VM, "ubuntu", { vmId: 101, cdrom: { fileId: "none" }, disks: [] }),
  ]).guests;

describe("the second CD drive of a VM", () => {
  it("is that of its component, and a volume without data", () => {
    const [win2016, ubuntu] = guestWith({ vmid: 100, drivers: "Data:iso/virtio-win.iso" });
    expect(win2016).toMatchObject({
      drivers: "Data:iso/virtio-win.iso",
      disks: [{ slot: "second CD drive", storage: "Data", data: false, replicated: false }],
    });
    expect(ubuntu).toMatchObject({ disks: [] });
    expect(ubuntu?.drivers).toBeUndefined();
  });

  it("is none where the component tells none", () => {
    expect(guestWith({})[0]?.drivers).toBeUndefined();
  });

  it("may be unknown", () => {
    const [win2016] = guestWith({ vmid: 100, drivers: UNKNOWN_TEXT });
    expect(win2016?.drivers).toBe(UNKNOWN);
    expect(win2016?.disks).toMatchObject([{ slot: "second CD drive", storage: UNKNOWN }]);
  });
});
