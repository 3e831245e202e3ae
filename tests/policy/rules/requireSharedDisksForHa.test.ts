import { UNKNOWN } from "../../../policy/facts/known";
import type { DiskFacts, SiteFacts } from "../../../policy/facts/site";
import { requireSharedDisksForHa } from "../../../policy/rules/requireSharedDisksForHa";
import { cluster, disk, guest, haResource, haRule, judge, site, storage } from "../support/facts";

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
