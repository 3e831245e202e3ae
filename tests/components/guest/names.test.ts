import { guestUrn } from "../../../components/guest/names";
import { planGuests } from "../../../components/guest/plan";
import { site } from "../support/site";

describe("guestUrn", () => {
  // These stand in the notes of every guest and in every state: changing one orphans them all.
  it("is what it was in the first release", () => {
    const plans = planGuests(site(), { protect: false, today: "2026-11-23" });
    expect(plans.map((plan) => guestUrn(plan, "dev", "proxmox-ha"))).toEqual([
      "urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:VirtualMachine$proxmoxve:index/vmLegacy:VmLegacy::win2016",
      "urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:VirtualMachine$proxmoxve:index/vmLegacy:VmLegacy::ubuntu",
      "urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:Container$proxmoxve:index/containerLegacy:ContainerLegacy::web",
    ]);
  });
});
