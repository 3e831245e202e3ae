import { UNKNOWN } from "../../../policy/facts/known";
import { withPools } from "../../../policy/inputs/pools";
import { guest, web } from "../support/facts";

const membership = (props: Record<string, unknown>) => ({
  type: "proxmoxve:pool/membership:Membership",
  urn: "urn:membership",
  name: "membership",
  props,
});

describe("the pool of a guest", () => {
  it("is the one that it says itself, or that a membership says", () => {
    const guests = [guest({ vmid: 100, pool: "own" }), web({ vmid: 102 }), web({ vmid: 103 })];
    const pools = [membership({ vmId: 102, poolId: "office" })];
    expect(withPools(guests, pools).map(({ pool }) => pool)).toEqual(["own", "office", undefined]);
  });

  it("is unknown where nobody can tell yet who is a member", () => {
    const pools = [membership({ vmId: 102, poolId: "office" })];
    expect(withPools([web({ vmid: UNKNOWN })], pools)[0]?.pool).toBe(UNKNOWN);
    expect(withPools([web({ vmid: UNKNOWN })], [])[0]?.pool).toBeUndefined();
  });
});
