import fc from "fast-check";
import { planAccess } from "../../../components/access/plan";

const token = { generation: 1, rotating: false };

describe("the account", () => {
  it("of a stack is its own, with the privileges that the stack's calls take", () => {
    expect(planAccess("dev", { generation: 3, rotating: true }, 9)).toEqual({
      role: "proxmox-ha-dev",
      user: "proxmox-ha-dev@pve",
      tokenId: "pulumi-dev",
      generation: 3,
      rotating: true,
      privileges: [
        "Datastore.Allocate",
        "Datastore.AllocateSpace",
        "Datastore.AllocateTemplate",
        "Datastore.Audit",
        "Pool.Allocate",
        "Pool.Audit",
        "SDN.Use",
        "Sys.Audit",
        "Sys.Console",
        "Sys.Modify",
        "VM.Allocate",
        "VM.Audit",
        "VM.Backup",
        "VM.Clone",
        "VM.Config.CDROM",
        "VM.Config.CPU",
        "VM.Config.Cloudinit",
        "VM.Config.Disk",
        "VM.Config.HWType",
        "VM.Config.Memory",
        "VM.Config.Network",
        "VM.Config.Options",
        "VM.GuestAgent.Audit",
        "VM.PowerMgmt",
        "VM.Replicate",
      ],
    });
  });

  it("has no privilege over permissions, users, realms or the nodes' power", () => {
    const { privileges } = planAccess("dev", token, 9);
    expect(
      privileges.filter((name) => /^(Permissions|User|Realm|Group)\.|Sys\.Power/.test(name)),
    ).toEqual([]);
  });

  it("has no privilege that Proxmox VE 9 does not know any more", () => {
    expect(planAccess("dev", token, 9).privileges).not.toContain("VM.Monitor");
  });

  it("has that of release 8 in the place of those that came with 9", () => {
    const { privileges } = planAccess("dev", token, 8);
    expect(privileges).toContain("VM.Monitor");
    expect(privileges.filter((name) => name.startsWith("VM.GuestAgent."))).toEqual([]);
  });

  it("has names that Proxmox VE takes, whatever the stack is called", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30, unit: "binary" }), (stack) => {
        const { role, user, tokenId } = planAccess(stack, token, 9);
        // PVE::AccessControl: role ids, user ids and token ids; role names of PVE's own begin with PVE.
        expect(role).toMatch(/^(?!PVE)[A-Za-z0-9._-]+$/);
        expect(user).toMatch(/^[^\s:/]+@pve$/);
        expect(tokenId).toMatch(/^[A-Za-z][A-Za-z0-9._-]+$/);
      }),
    );
  });
});
