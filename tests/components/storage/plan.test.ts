import fc from "fast-check";
import {
  planStorages,
  planTemplates,
  pruneBackups,
  type StoragePlan,
} from "../../../components/storage/plan";
import { type Changes, site } from "../support/site";

const TEMPLATE = "debian-13-standard_13.1-2_amd64.tar.zst";

describe("the reference storages", () => {
  it("are the NAS's exports, each with its contents in alphabetical order", () => {
    expect(planStorages(site())).toEqual<StoragePlan[]>([
      {
        id: "Data",
        server: "192.168.18.200",
        export: "/backup/pve-data",
        content: ["images", "iso", "rootdir", "vztmpl"],
      },
      {
        id: "Backup",
        server: "192.168.18.200",
        export: "/backup/pve-backup",
        content: ["backup"],
        retention: { last: 3, daily: 7, weekly: 4, monthly: 3 },
      },
    ]);
  });

  it("need one template", () => {
    expect(planTemplates(site())).toEqual([
      { key: `Data-${TEMPLATE}`, storage: "Data", file: TEMPLATE },
    ]);
  });
});

describe("a storage", () => {
  it("is mounted with the NFS version that the file names, and else with none", () => {
    const options = (version?: string) =>
      planStorages(site({ "storages.Data.nfsVersion": version }))[0]?.options;
    expect(options()).toBeUndefined();
    expect(options("4.2")).toBe("vers=4.2");
  });

  it("has the same contents in any order", () => {
    const contents = ["images", "rootdir", "iso", "vztmpl"];
    fc.assert(
      fc.property(fc.shuffledSubarray(contents, { minLength: 4 }), (content) => {
        expect(planStorages(site({ "storages.Data.content": content }))).toEqual(
          planStorages(site()),
        );
      }),
      { numRuns: 24 },
    );
  });
});

describe("templates", () => {
  const container = (changes: Changes) => ({
    type: "container",
    node: "pve01",
    memory: "256 MiB",
    disk: { storage: "Data", size: "1 GiB" },
    template: TEMPLATE,
    templateStorage: "Data",
    ...changes,
  });
  const keys = (guests: Changes[]) => {
    const changes = guests.map((guest, index) => [
      `guests.more${index}`,
      container({ vmid: 200 + index, ...guest }),
    ]);
    return planTemplates(site(Object.fromEntries(changes))).map(({ key, node }) => [key, node]);
  };

  it("are downloaded once, however many containers use them", () => {
    expect(keys([{}, {}])).toEqual([[`Data-${TEMPLATE}`, undefined]]);
  });

  it("differ by file", () => {
    expect(keys([{ template: "alpine-3.22-default_amd64.tar.xz" }])).toEqual([
      [`Data-${TEMPLATE}`, undefined],
      ["Data-alpine-3.22-default_amd64.tar.xz", undefined],
    ]);
  });

  it("are downloaded on each container's own node where the storage is local", () => {
    const local = { templateStorage: "local" };
    expect(keys([local, { ...local, node: "pve02" }, { ...local, node: "pve02" }])).toEqual([
      [`Data-${TEMPLATE}`, undefined],
      [`pve01-local-${TEMPLATE}`, "pve01"],
      [`pve02-local-${TEMPLATE}`, "pve02"],
    ]);
  });

  it("are not needed without containers", () => {
    expect(planTemplates(site({ "guests.web": undefined }))).toEqual([]);
  });
});

describe("pruneBackups", () => {
  it("names each period as Proxmox VE does, and none that is not kept", () => {
    expect(pruneBackups({ last: 3, daily: 7, yearly: undefined })).toEqual({
      "keep-last": "3",
      "keep-daily": "7",
    });
  });

  it("keeps every number", () => {
    const count = fc.option(fc.integer({ min: 1 }), { nil: undefined });
    const retention = fc.record({
      last: count,
      daily: count,
      weekly: count,
      monthly: count,
      yearly: count,
    });
    fc.assert(
      fc.property(retention, (kept) => {
        const planned = Object.entries(pruneBackups(kept));
        const given = Object.entries(kept).filter(([, number]) => number !== undefined);
        expect(planned.map(([key, text]) => [key.replace("keep-", ""), Number(text)])).toEqual(
          given,
        );
      }),
    );
  });
});
