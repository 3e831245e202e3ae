import { UNKNOWN } from "../../../policy/facts/known";
import { witnessInside } from "../../../policy/facts/witness";
import { guest, NAS, PVE01, PVE02 } from "../support/facts";

const nodes = [PVE01, PVE02];
const web = guest({ name: "web", addresses: ["192.168.18.30", "fd00::1e"] });
const inside = (witness: typeof NAS, guests = [web]) => witnessInside(witness, nodes, guests);

describe("a witness stands outside", () => {
  it("when neither node nor guest has its name or address", () => {
    expect(inside(NAS)).toBeUndefined();
  });

  it("when there are no guests", () => {
    expect(inside(NAS, [])).toBeUndefined();
  });
});

describe("a witness is part of the cluster", () => {
  it.each([
    ["a node's name", { name: "pve02", address: "192.168.18.9" }, "the node pve02"],
    ["a node's name in other letters", { name: "PVE02", address: "10.0.0.9" }, "the node pve02"],
    ["a node's address", { name: "nas", address: PVE01.address }, "the node pve01"],
    ["a guest's name", { ...NAS, name: "web" }, "the guest web of this cluster"],
    ["a guest's name in other letters", { ...NAS, name: "Web" }, "the guest web of this cluster"],
    ["a guest's address", { ...NAS, address: "192.168.18.30" }, "the guest web of this cluster"],
    [
      "a guest's address in other letters",
      { ...NAS, address: "FD00::1E" },
      "the guest web of this cluster",
    ],
  ])("when it has %s", (_what, witness, part) => {
    expect(inside(witness)).toBe(part);
  });
});

describe("where addresses of a guest are unknown, a witness", () => {
  const hidden = guest({ name: "hidden", addresses: UNKNOWN });

  it("may be that guest", () => {
    expect(inside(NAS, [hidden, web])).toBe(UNKNOWN);
  });

  it("is that guest when it has its name", () => {
    expect(inside({ ...NAS, name: "hidden" }, [hidden])).toBe("the guest hidden of this cluster");
  });

  it("is the other guest whose address it has", () => {
    expect(inside({ ...NAS, address: "192.168.18.30" }, [hidden, web])).toBe(
      "the guest web of this cluster",
    );
  });

  it("is the node whose address it has", () => {
    expect(inside({ ...NAS, address: PVE01.address }, [hidden])).toBe("the node pve01");
  });
});
