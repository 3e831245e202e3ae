import { compareMounts, mountsReason } from "../../../components/guest/containerMounts";
import type { ContainerPlan } from "../../../components/guest/containerPlan";
import type { ExistingGuest } from "../../../components/inventory";
import { planGuests } from "../../../components/guest/plan";
import { type Changes, site } from "../support/site";

const MP0 = "Data:102/vm-102-disk-1.raw,mp=/srv,backup=1,size=8G";

const plan = (mounts: object, changes: Changes = {}): ContainerPlan => {
  const plans = planGuests(site({ ...changes, "guests.web.mounts": mounts }), {
    protect: false,
    today: "2026-11-23",
  });
  const web = plans.find(({ key }) => key === "web");
  if (web?.type !== "container") throw new Error("web is a container");
  return web;
};
const own = (disks: Record<string, string>): ExistingGuest => ({
  ...{ vmid: 102, type: "lxc", node: "pve02", notes: "" },
  disks: { rootfs: "Data:102/vm-102-disk-0.raw,size=8G", ...disks },
});
const mount = (changes: object = {}) => ({
  mp0: { storage: "Data", size: "8 GiB", path: "/srv", ...changes },
});

describe("of a container's mount points", () => {
  it.each([
    ["one that is as the file says", mount(), { mp0: MP0 }],
    ["one that grows", mount({ size: "9 GiB" }), { mp0: MP0 }],
    ["one whose options change", mount({ readOnly: true }), { mp0: MP0 }],
    ["one that is added", mount(), {}],
  ])("nothing is said about %s", (_what, mounts, disks) => {
    expect(compareMounts(plan(mounts), own(disks))).toEqual({ refusals: [], notices: [] });
  });

  it("one that would shrink is refused", () => {
    expect(compareMounts(plan(mount({ size: "4 GiB" })), own({ mp0: MP0 })).refusals).toEqual([
      "guests.web.mounts.mp0.size: mp0 Data:102/vm-102-disk-1.raw (8G) would shrink from 8 GiB to 4 GiB, and disks only grow. Write 8 GiB or more.",
    ]);
  });

  it("one that would move is refused, with the way to move it", () => {
    expect(
      compareMounts(plan(mount({ storage: "local-lvm" })), own({ mp0: MP0 })).refusals,
    ).toEqual([
      "guests.web.mounts.mp0.storage: mp0 Data:102/vm-102-disk-1.raw (8G) would move from Data to local-lvm. Undo that change, or stop the " +
        "container and move it yourself, then write it here: pct move-volume 102 mp0 local-lvm --delete 1",
    ]);
  });

  it("one that is no longer in the file stays, and is told of", () => {
    expect(compareMounts(plan({}), own({ mp0: MP0 }))).toEqual({
      refusals: [],
      notices: [
        "guests.web.mounts: mp0 Data:102/vm-102-disk-1.raw (8G) is not in the site file and stays with the container. Detach it yourself: pct set 102 --delete mp0",
      ],
    });
  });

  it.each([
    ["as the file says", mount(), { mp0: MP0 }, undefined],
    ["that grows", mount({ size: "9 GiB" }), { mp0: MP0 }, "would change"],
    ["that is added", mount(), {}, "would change"],
  ])("one %s may replace the container while that is allowed", (_what, mounts, disks, reason) => {
    const allowed = plan(mounts, { "guests.web.replaceUntil": "2026-11-23" });
    expect(mountsReason(plan(mounts), own(disks))).toBeUndefined();
    expect(mountsReason(allowed, own(disks))).toBe(
      reason && `its mount points (guests.web.mounts) ${reason}`,
    );
  });
});
