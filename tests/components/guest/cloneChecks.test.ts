import { parseSite } from "../../../components/site";
import { refuses } from "../support/broken";
import { type Changes, siteWith } from "../support/site";

const TEMPLATE = {
  type: "vm",
  vmid: 200,
  node: "pve01",
  os: "l26",
  cores: 1,
  memory: "512 MiB",
  template: true,
  bios: "ovmf",
  disks: { scsi0: { storage: "Data", size: "10 GiB" } },
};
const CLONE = {
  type: "vm",
  vmid: 201,
  node: "pve01",
  os: "l26",
  cores: 1,
  memory: "512 MiB",
  clone: { guest: "template" },
};

const cloned = (clone: object, template: object = {}): Changes => ({
  "guests.template": { ...TEMPLATE, ...template },
  "guests.clone": { ...CLONE, ...clone },
});
const AT = "guests.clone";

describe("a clone", () => {
  it("is taken with larger disks and more of them", () => {
    const disks = {
      scsi0: { storage: "Data", size: "20 GiB" },
      scsi1: { storage: "local-lvm", size: "1 GiB" },
    };
    expect(() => parseSite(siteWith(cloned({ disks })))).not.toThrow();
  });

  refuses([
    [
      "is of a guest that is there",
      cloned({ clone: { guest: "nothing" } }),
      `${AT}.clone.guest: there is no guest "nothing"; guests has win2016, ubuntu, web, template, clone`,
    ],
    [
      "is of a VM",
      cloned({ clone: { guest: "web" } }),
      `${AT}.clone.guest: web is a container; name a VM`,
    ],
    [
      "is not of itself",
      cloned({ clone: { guest: "clone" } }),
      `${AT}.clone.guest: clone is itself made from clone; name another`,
    ],
    [
      "has one original",
      cloned({ clone: { guest: "template", vmid: 300 } }),
      `${AT}.clone: a mapping; name one of guest and vmid`,
    ],
    [
      "has an original whose node is known",
      cloned({ clone: { guest: "template", node: "pve01" } }),
      `${AT}.clone: a mapping; node goes with vmid; a guest of this file has its own`,
    ],
    [
      "names a guest of the file by its key",
      cloned({ clone: { vmid: 200 }, disks: {} }),
      `${AT}.clone.vmid: that is guests.template; write guest: template`,
    ],
    [
      "of a VM that the file does not describe names its disks",
      cloned({ clone: { vmid: 300, node: "pve09" } }),
      `${AT}.clone.node: there is no node "pve09"; nodes has pve01, pve02`,
      `${AT}.disks: missing; name every disk of the original, as large as it is or larger`,
    ],
    [
      "has the firmware of its original",
      cloned({ bios: "seabios", tpm: true }),
      `${AT}.bios: a clone has that of its original; take this out, or change guests.template.bios`,
      `${AT}.tpm: a clone has that of its original; take this out, or change guests.template.tpm`,
    ],
    [
      "shares disks with a template only",
      cloned({ clone: { guest: "template", full: false } }, { template: false }),
      `${AT}.clone.full: only a template has linked clones; write true, or template: true for guests.template`,
    ],
    [
      "that shares its template's disks leaves them where they are",
      cloned({
        clone: { guest: "template", full: false },
        disks: { scsi0: { storage: "local-lvm", size: "10 GiB" } },
      }),
      `${AT}.disks.scsi0.storage: the disks of a linked clone stay with those of its template; write Data`,
    ],
    [
      "has no smaller disks",
      cloned({ disks: { scsi0: { storage: "Data", size: "9 GiB" } } }),
      `${AT}.disks.scsi0.size: that of guests.template has 10 GiB; write that or more`,
    ],
    [
      "of disks on a node's own storage is made on that node",
      cloned({ node: "pve02" }, { disks: { scsi0: { storage: "local-lvm", size: "1 GiB" } } }),
      `${AT}.node: the disks of guests.template are on a storage of pve01 alone; make the clone there`,
    ],
    [
      "has disks of its original",
      cloned({
        disks: { scsi0: { storage: "Data", size: "10 GiB", image: "local:import/a.qcow2" } },
      }),
      `${AT}.disks.scsi0.image: the disks of a clone come from its original; take this or clone out`,
    ],
  ]);
});
