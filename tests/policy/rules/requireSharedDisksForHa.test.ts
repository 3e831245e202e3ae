import { UNKNOWN } from "../../../policy/facts/known";
import type { DiskFacts, SiteFacts } from "../../../policy/facts/site";
import { requireSharedDisksForHa } from "../../../policy/rules/requireSharedDisksForHa";
import {
  cluster,
  disk,
  guest,
  haResource,
  haRule,
  judge,
  PVE01,
  PVE02,
  PVE03,
  replication,
  site,
  storage,
} from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}) => judge(requireSharedDisksForHa, site(changes));
const verdictOn = (disks: DiskFacts[], others: Partial<SiteFacts> = {}) =>
  verdict({ guests: [guest({ disks })], ...others });

const REMEDY =
  "Put the disk on a storage that all of them share, as NFS is, or take the guest out of HA.";

describe("the disks of an HA guest are taken", () => {
  it("on a storage that all nodes share", () => {
    expect(verdict()).toEqual([]);
  });

  it("on a storage that all nodes have on which a strict rule lets it run", () => {
    expect(verdict({ storages: [storage({ nodes: ["pve02"] })], haRules: [haRule()] })).toEqual([]);
  });

  it("when there are none", () => {
    expect(verdictOn([])).toEqual([]);
  });

  it("on a storage that no resource describes and that is said to be shared, and there alone", () => {
    const guests = [
      guest({ disks: [disk({ storage: "ceph" }), disk({ slot: "scsi1", storage: "lvm" })] }),
    ];
    const found = judge(requireSharedDisksForHa, site({ guests }), { shared: ["ceph"] });
    expect(found).toEqual([
      ["urn:win2016", expect.stringMatching(/^HA guest win2016: scsi1 lies on lvm, /)],
    ]);
    expect(judge(requireSharedDisksForHa, site({ guests }), { shared: ["ceph", "lvm"] })).toEqual(
      [],
    );
    const open = [guest({ disks: [disk({ storage: UNKNOWN })] })];
    expect(judge(requireSharedDisksForHa, site({ guests: open }), { shared: ["ceph"] })).toEqual([
      ["urn:win2016", "cannot judge the disks of win2016, scsi0 until its storage is known."],
    ]);
  });
});

describe("the disks of other guests", () => {
  it("may lie anywhere", () => {
    expect(verdictOn([disk({ storage: "local-lvm" })], { haResources: [] })).toEqual([]);
  });

  it("may lie anywhere, whatever is unknown about them", () => {
    const other = guest({ vmid: UNKNOWN, disks: UNKNOWN, addresses: UNKNOWN });
    expect(verdict({ guests: [other, guest()] })).toEqual([]);
  });

  it("are not those of the HA guest with the same number", () => {
    const container = guest({ kind: "ct", disks: [disk({ storage: "local" })] });
    expect(verdict({ guests: [container, guest()] })).toEqual([]);
  });
});

describe("the disks of an HA guest are refused", () => {
  it("on a local storage", () => {
    expect(verdictOn([disk({ storage: "local-lvm" })])).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: scsi0 lies on local-lvm, but local-lvm is local to each node. " +
          `It may have to run on pve01, pve02. ${REMEDY}`,
      ],
    ]);
  });

  it("on a storage that one of the nodes lacks", () => {
    expect(verdict({ storages: [storage({ nodes: ["pve01"] })] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: scsi0 lies on Data, but Data is not available on pve02. " +
          `It may have to run on pve01, pve02. ${REMEDY}`,
      ],
    ]);
  });

  it("on a storage that nothing describes", () => {
    expect(verdict({ storages: [] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: scsi0 lies on Data, but no storage Data is described. " +
          `It may have to run on pve01, pve02. ${REMEDY}`,
      ],
    ]);
  });

  it("on a local storage, even where a strict rule leaves one node and so no recovery", () => {
    expect(verdictOn([disk({ storage: "local" })], { haRules: [haRule()] })).toEqual([
      [
        "urn:win2016",
        "HA guest win2016: scsi0 lies on local, but local is local to each node. " +
          `It may have to run on pve02. ${REMEDY}`,
      ],
    ]);
  });

  it("each by itself", () => {
    const disks = ["Data", "local", "backup"].map((on, index) =>
      disk({ slot: `scsi${index}`, storage: on }),
    );
    expect(verdictOn(disks).map(([, message]) => message)).toEqual([
      expect.stringContaining("scsi1 lies on local, but"),
      expect.stringContaining("scsi2 lies on backup, but"),
    ]);
  });

  it("of each HA guest, a container as well", () => {
    const web = guest({
      urn: "urn:web",
      name: "web",
      kind: "ct",
      vmid: 102,
      disks: [disk({ slot: "rootfs", storage: "local" })],
    });
    const haResources = [haResource(), haResource({ name: "web", sid: "ct:102" })];
    expect(verdict({ guests: [guest(), web], haResources })).toEqual([
      ["urn:web", expect.stringMatching(/^HA guest web: rootfs lies on local, but /)],
    ]);
  });
});

describe("replicated disks of an HA guest", () => {
  const zfs = (changes: Parameters<typeof storage>[0] = {}) =>
    storage({ name: "tank", id: "tank", type: "zfspool", shared: false, ...changes });
  const three = [cluster({ nodes: [PVE01, PVE02, PVE03] })];
  const verdictWith = (changes: Partial<SiteFacts>, on: Partial<DiskFacts> = {}) =>
    verdict({
      guests: [guest({ disks: [disk({ storage: "tank", ...on })] })],
      storages: [zfs()],
      replications: [replication()],
      ...changes,
    });
  const refused = (reason: string, slot = "scsi0", id = "tank") => [
    [
      "urn:win2016",
      expect.stringContaining(
        `HA guest win2016: ${slot} lies on ${id}, but ${id} is local to each node, and replication ${reason}. `,
      ),
    ],
  ];

  it("are taken, on a described ZFS storage and on that of an installation", () => {
    expect(verdictWith({})).toEqual([]);
    expect(verdictWith({}, { storage: "local-zfs" })).toEqual([]);
  });

  it("are taken where jobs reach each node on which the guest may run", () => {
    const replications = [replication(), replication({ target: "pve03" })];
    expect(verdictWith({ clusters: three, replications })).toEqual([]);
    const haRules = [haRule({ nodes: ["pve01", "pve02"] })];
    expect(verdictWith({ clusters: three, haRules })).toEqual([]);
  });

  it("are refused where they do not reach one", () => {
    expect(verdictWith({ clusters: three })).toEqual(refused("does not reach pve03"));
  });

  it("are refused where the storage is not on a node, or disabled", () => {
    expect(verdictWith({ storages: [zfs({ nodes: ["pve02"] })] })).toEqual(
      refused("does not reach pve01"),
    );
    expect(verdictWith({ storages: [zfs({ disabled: true })] })).toEqual(
      refused("does not reach pve01, pve02"),
    );
  });

  it("are refused where replication leaves them out", () => {
    expect(verdictWith({}, { replicated: false })).toEqual(refused("leaves it out"));
  });

  it.each([
    ["tank", "lvmthin"],
    ["local", "zfspool"],
    ["local-lvm", "zfspool"],
  ])("are refused on %s beside a storage of type %s", (id, type) => {
    expect(verdictWith({ storages: [zfs({ type })] }, { storage: id })).toEqual(
      refused("copies ZFS only", "scsi0", id),
    );
  });

  it.each([{ disabled: true }, { guest: "101" }])("are refused where the job is %j", (changes) => {
    expect(verdictWith({ replications: [replication(changes)] })).toEqual([
      ["urn:win2016", expect.stringContaining("but tank is not shared between nodes. ")],
    ]);
  });

  it.each<[string, Partial<SiteFacts>, Partial<DiskFacts>]>([
    ["the guest of win2016-copy is", { replications: [replication({ guest: UNKNOWN })] }, {}],
    ["the target of win2016-copy is", { replications: [replication({ target: UNKNOWN })] }, {}],
    [
      "whether win2016-copy is disabled is",
      { replications: [replication({ disabled: UNKNOWN })] },
      {},
    ],
    ["whether it is replicated is", {}, { replicated: UNKNOWN }],
    ["the nodes of tank are", { storages: [zfs({ nodes: UNKNOWN })] }, {}],
  ])("cannot be judged until %s known", (until, changes, on) => {
    expect(verdictWith(changes, on)).toEqual([
      ["urn:win2016", `cannot judge the disks of win2016, scsi0 until ${until} known.`],
    ]);
  });
});

describe("an HA guest", () => {
  const local = { guests: [guest({ disks: [disk({ storage: "local" })] })] };

  it.each(["started", "enabled", "stopped", "disabled"])("that HA keeps %s is judged", (state) => {
    expect(verdict({ ...local, haResources: [haResource({ state })] })).toHaveLength(1);
  });

  it("of unknown state is judged", () => {
    expect(verdict({ ...local, haResources: [haResource({ state: UNKNOWN })] })).toHaveLength(1);
  });

  it("that HA is to ignore is none", () => {
    expect(verdict({ ...local, haResources: [haResource({ state: "ignored" })] })).toEqual([]);
  });

  it("of two HA resources is judged once", () => {
    const haResources = [haResource(), haResource({ urn: "urn:again", name: "again" })];
    expect(verdict({ ...local, haResources })).toHaveLength(1);
  });
});

describe("the disks of an HA guest cannot be judged", () => {
  it.each<[string, Partial<SiteFacts>, urn: string, message: string]>([
    [
      "while its HA resource is about an unknown guest",
      { haResources: [haResource({ sid: UNKNOWN })] },
      "urn:ha-win2016",
      "cannot judge the disks of win2016 until its HA resource id is known.",
    ],
    [
      "while it may be one of unknown VMID",
      { guests: [guest({ vmid: UNKNOWN }), guest({ vmid: 101 })] },
      "urn:ha-win2016",
      "cannot judge the disks of win2016 until the VMIDs of all guests are known.",
    ],
    [
      "when it is not described",
      { guests: [guest({ vmid: 101 })] },
      "urn:ha-win2016",
      "cannot judge the disks of win2016 until a guest for vm:100 is known.",
    ],
    [
      "when only a container has its number",
      { guests: [guest({ kind: "ct" })] },
      "urn:ha-win2016",
      "cannot judge the disks of win2016 until a guest for vm:100 is known.",
    ],
    [
      "while it is unknown where it may run",
      { clusters: [cluster({ nodes: UNKNOWN })] },
      "urn:win2016",
      "cannot judge the disks of win2016 until the cluster's nodes and HA rules are known.",
    ],
    [
      "while they are unknown",
      { guests: [guest({ disks: UNKNOWN })] },
      "urn:win2016",
      "cannot judge the disks of win2016 until they are known.",
    ],
    [
      "while the storage of one is unknown",
      { guests: [guest({ disks: [disk(), disk({ slot: "scsi1", storage: UNKNOWN })] })] },
      "urn:win2016",
      "cannot judge the disks of win2016, scsi1 until its storage is known.",
    ],
    [
      "while it is unknown who has the storage",
      { storages: [storage({ nodes: UNKNOWN })] },
      "urn:win2016",
      "cannot judge the disks of win2016, scsi0 until its storage is known.",
    ],
  ])("%s", (_what, changes, urn, message) => {
    expect(verdict(changes)).toEqual([[urn, message]]);
  });
});
