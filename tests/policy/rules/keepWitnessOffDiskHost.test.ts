import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { keepWitnessOffDiskHost } from "../../../policy/rules/keepWitnessOffDiskHost";
import { cluster, disk, guest, haResource, judge, NAS, site, storage, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}) => judge(keepWitnessOffDiskHost, site(changes));
const onNas = [storage({ server: NAS.address })];

describe("the witness stands apart from the disks", () => {
  it("when another host serves them", () => {
    expect(verdict()).toEqual([]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["has no vote", { clusters: [cluster({ qdevice: false })] }],
    ["is not described", { clusters: [cluster({ witness: undefined })] }],
    ["serves disks of guests that are not in HA", { haResources: [] }],
  ])("when it %s", (_what, changes) => {
    expect(verdict({ storages: onNas, ...changes })).toEqual([]);
  });

  it("when it serves storages that hold no data of HA guests", () => {
    const guests = [
      guest({ disks: [disk({ storage: "local-lvm" }), disk({ storage: "Data", data: false })] }),
      web(),
    ];
    expect(verdict({ storages: onNas, guests })).toEqual([]);
  });
});

describe("the witness gives advice", () => {
  it.each([NAS.address, NAS.name, "NAS"])("when it serves disks of HA guests as %s", (server) => {
    expect(verdict({ storages: [storage({ server })] })).toEqual([
      [
        "urn:mizar",
        "cluster mizar: the witness nas also serves Data, where disks of HA guests lie. " +
          "Without that host these guests hang on every node and the third vote is gone as well. " +
          "Let another host be the witness: site.cluster.witness.",
      ],
    ]);
  });

  it.each<[string, Partial<SiteFacts>]>([
    ["it is", { clusters: [cluster({ qdevice: UNKNOWN })] }],
    ["it is", { clusters: [cluster({ witness: UNKNOWN })] }],
    ["the id of Data is", { storages: [storage({ id: UNKNOWN })] }],
    ["the server of Data is", { storages: [storage({ server: UNKNOWN })] }],
    ["its HA resource id is", { haResources: [haResource({ sid: UNKNOWN })] }],
    ["the disks of win2016 are", { guests: [guest({ disks: UNKNOWN })] }],
    [
      "the storage of win2016, scsi0 is",
      { guests: [guest({ disks: [disk({ storage: UNKNOWN })] })] },
    ],
  ])("that it cannot be judged until %s known", (until, changes) => {
    expect(verdict(changes)).toEqual([
      ["urn:mizar", `cannot judge the witness of cluster mizar until ${until} known.`],
    ]);
  });
});
