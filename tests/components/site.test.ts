import { parseSite } from "../../components/site";
import { errorFor, MAPPING, refuses, SIZE, UNKNOWN_KEY } from "./support/broken";
import { readSiteFile, reversed, site, siteWith } from "./support/site";

describe("the reference site", () => {
  it.each(["dev", "prod"] as const)("of %s is taken", (stack) => {
    expect(Object.keys(parseSite(readSiteFile(stack)).guests)).toEqual([
      "win2016",
      "ubuntu",
      "web",
    ]);
  });

  it("is the same site in dev and prod", () => {
    expect(parseSite(readSiteFile("dev"))).toEqual(parseSite(readSiteFile("prod")));
  });

  it("is the same whatever the order of its keys, which Pulumi does not keep", () => {
    expect(parseSite(reversed(readSiteFile("dev")))).toEqual(site());
  });

  it("gets the defaults that the schema names, and no others", () => {
    expect(site().guests.ubuntu).toEqual({
      type: "vm",
      vmid: 101,
      node: "pve01",
      os: "l26",
      cores: 1,
      memory: 512 * 1024 ** 2,
      disks: { scsi0: { storage: "Data", size: 16 * 1024 ** 3, discard: true } },
      ha: { state: "started", maxRestart: 1, maxRelocate: 1, failback: true, strict: false },
      agent: false,
      protection: false,
      restart: "automatic",
      template: false,
    });
  });

  it("needs no hosts, storages, guests and backups", () => {
    const { cluster, network, nodes } = siteWith({ "cluster.witness": undefined }) as Record<
      string,
      unknown
    >;
    expect(parseSite({ cluster, network, nodes })).toMatchObject({
      hosts: {},
      storages: {},
      guests: {},
      backups: {},
    });
  });

  it("is frozen in all its depth", () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(site())).toBe(true);
  });
});

describe("several problems", () => {
  refuses([
    [
      "are told at once, those of single values first",
      {
        "cluster.founder": "pve09",
        "guests.web.memory": 256,
        "guests.ubuntu.colour": "blue",
        "guests.ubuntu.vmid": 100,
        "hosts.nas.address": "10.0.0.200",
        "storages.Data.server": "filer",
        "backups.nightly.storage": "Data",
      },
      `guests.ubuntu.colour: ${UNKNOWN_KEY}`,
      `guests.web.memory: 256; ${SIZE}`,
      "guests.ubuntu.vmid: 100 is also the VMID of guests.win2016; give each guest its own",
      "hosts.nas.address: 10.0.0.200 is not in the site's network 192.168.18.0/24 (network.cidr); correct one of them",
      'cluster.founder: there is no node "pve09"; nodes has pve01, pve02',
      'storages.Data.server: there is no host "filer"; hosts has nas',
      "backups.nightly.storage: storage Data does not hold backup; add it to storages.Data.content",
    ],
    [
      "of one guest are all told",
      { "guests.web": { type: "container", vmid: 99, node: "pve01", disk: { storage: "Data" } } },
      "guests.web.vmid: 99; use a VMID from 100 to 999999999",
      "guests.web.template: missing; write a name from `pveam available`, as in debian-13-standard_13.1-2_amd64.tar.zst",
      "guests.web.templateStorage: missing; write text",
      `guests.web.memory: missing; ${SIZE}`,
      `guests.web.disk.size: missing; ${SIZE}`,
    ],
  ]);

  it("of an empty site are its three mandatory sections", () => {
    expect(errorFor({})).toBe(
      [
        "The site file has 3 problems:",
        `  site.cluster: missing; ${MAPPING}`,
        `  site.network: missing; ${MAPPING}`,
        `  site.nodes: missing; ${MAPPING}`,
      ].join("\n"),
    );
  });

  describe("do not follow from each other:", () => {
    refuses([
      ["nodes that cannot be read", { nodes: "pve01, pve02" }, `nodes: "pve01, pve02"; ${MAPPING}`],
      ["a node that cannot be read", { "nodes.pve02": null }, `nodes.pve02: empty; ${MAPPING}`],
      ["hosts that cannot be read", { hosts: null }, `hosts: empty; ${MAPPING}`],
      ["storages that cannot be read", { storages: [] }, `storages: an empty list; ${MAPPING}`],
      [
        "a storage that cannot be read",
        { "storages.Data": "nfs" },
        `storages.Data: "nfs"; ${MAPPING}`,
      ],
      [
        "a guest whose type is unknown",
        { "guests.web.type": "lxc", "guests.web.vmid": 100, "backups.nightly.guests": ["web"] },
        'guests.web.type: "lxc"; write vm or container',
      ],
      [
        "a network that cannot be read",
        { "network.cidr": "192.168.18.0" },
        'network.cidr: "192.168.18.0"; write a network, as in 192.168.18.0/24',
      ],
    ]);
  });
});
