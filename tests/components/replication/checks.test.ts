import { refuses } from "../support/broken";
import { type Changes, site } from "../support/site";

const TANK: Changes = {
  "storages.tank.type": "zfs",
  "storages.tank.pool": "rpool/data",
  "guests.web.disk.storage": "tank",
};

describe("copies of a guest's disks", () => {
  it.each<[string, Changes]>([
    ["from ZFS to ZFS", { "guests.web.replicate": { pve01: {} } }],
    [
      "beside disks that all nodes see",
      {
        "guests.web.replicate": { pve01: {} },
        "guests.web.mounts": { mp0: { storage: "Data", size: "1 GiB", path: "/srv" } },
      },
    ],
    ["of none", { "guests.web.replicate": {} }],
  ])("are taken: %s", (_what, changes) => {
    expect(() => site({ ...TANK, ...changes })).not.toThrow();
  });

  refuses([
    [
      "for the node that the guest is on",
      { ...TANK, "guests.web.replicate": { pve02: {} } },
      "guests.web.replicate.pve02: pve02 is the guest's home node; name another node",
    ],
    [
      "for a node that there is not",
      { ...TANK, "guests.web.replicate": { pve03: {} } },
      'guests.web.replicate.pve03: there is no node "pve03"; nodes has pve01, pve02',
    ],
    [
      "for a node without a number",
      {
        ...TANK,
        "nodes.spare": { address: "192.168.18.9", cpus: 1, memory: "4 GiB" },
        "guests.web.replicate": { spare: {} },
      },
      "guests.web.replicate.spare.number: the node's name ends in no number; give the job one, as in 1",
    ],
    [
      "with one number for two",
      {
        ...TANK,
        "nodes.spare": { address: "192.168.18.9", cpus: 1, memory: "4 GiB" },
        "guests.web.replicate": { pve01: {}, spare: { number: 1 } },
      },
      "guests.web.replicate.spare.number: 1 is also the number of the job to pve01; give each its own",
    ],
    [
      "from a storage that Proxmox VE copies nothing from",
      {
        ...TANK,
        "guests.web.replicate": { pve01: {} },
        "guests.web.mounts": { mp0: { storage: "local-lvm", size: "1 GiB", path: "/srv" } },
      },
      "guests.web.mounts.mp0.storage: the guest is replicated, which copies disks on storages of type zfs, and local-lvm is none; " +
        "choose one, or take replicate away",
    ],
    [
      "to a node that has no such storage",
      { ...TANK, "storages.tank.nodes": ["pve02"], "guests.web.replicate": { pve01: {} } },
      "guests.web.disk.storage: the guest is replicated between its node and others, and tank is not on pve01; add it to storages.tank.nodes",
    ],
    [
      "where there is nothing to copy",
      { "guests.web.replicate": { pve01: {} } },
      "guests.web.replicate: no disk of the guest lies on a storage of type zfs, and so there is nothing to copy; take this away",
    ],
    [
      "at a rate that Proxmox VE does not take, and never",
      { ...TANK, "guests.web.replicate": { pve01: { rate: "900 KiB/s", schedule: "often" } } },
      'guests.web.replicate.pve01.schedule: "often"; write a calendar event of Proxmox VE, as in 02:00, mon..fri 22:00 or */5',
      'guests.web.replicate.pve01.rate: "900 KiB/s"; write 1 MiB/s or more, or unlimited',
    ],
  ]);
});
