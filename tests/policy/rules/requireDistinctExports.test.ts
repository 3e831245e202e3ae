import { UNKNOWN } from "../../../policy/facts/known";
import { requireDistinctExports } from "../../../policy/rules/requireDistinctExports";
import { backupStorage, cluster, judge, site, storage } from "../support/facts";

const verdictOn = (path: string, changes: Parameters<typeof storage>[0] = {}) =>
  judge(
    requireDistinctExports,
    site({
      storages: [backupStorage({ server: "192.168.18.201", export: path, ...changes }), storage()],
    }),
  );

describe("exports are distinct", () => {
  it.each(["/backup/pve-backup", "/backup/pve-data2", "/other", "/backup/pve-dat"])(
    "when %s lies beside /backup/pve-data",
    (path) => {
      expect(verdictOn(path)).toEqual([]);
    },
  );

  it("when they are those of different servers or protocols", () => {
    expect(verdictOn("/backup/pve-data", { server: "192.168.18.202" })).toEqual([]);
    expect(verdictOn("/backup/pve-data", { type: "cifs" })).toEqual([]);
  });

  it("when a storage has none", () => {
    expect(verdictOn("/backup/pve-data", { server: undefined, export: undefined })).toEqual([]);
  });
});

describe("exports are refused", () => {
  it.each(["/backup/pve-data", "/backup/pve-data/", "/backup//pve-data"])(
    "when two are one, here written %s",
    (path) => {
      expect(verdictOn(path)[0]?.[1]).toMatch(
        /^storage (Data|Backup) is \/backup\/+pve-data\/? of 192\.168\.18\.201, and so is storage (Data|Backup): their volumes get the same names and are taken for each other's\. Give each storage an export of its own\.$/,
      );
    },
  );

  it("when one lies inside another", () => {
    expect(verdictOn("/backup/pve-data/old")).toEqual([
      [
        "urn:Backup",
        "storage Backup is /backup/pve-data/old of 192.168.18.201, which lies inside /backup/pve-data, storage Data: " +
          "what one removes the other loses. Give each storage an export of its own.",
      ],
    ]);
  });

  it("when one holds all others", () => {
    expect(verdictOn("/")).toEqual([
      [
        "urn:Data",
        "storage Data is /backup/pve-data of 192.168.18.201, which lies inside /, storage Backup: " +
          "what one removes the other loses. Give each storage an export of its own.",
      ],
    ]);
  });

  it("when their server is written in other letters", () => {
    const storages = [
      storage({ server: "NAS" }),
      backupStorage({ server: "nas", export: "/backup/pve-data/b" }),
    ];
    expect(judge(requireDistinctExports, site({ storages }))).toHaveLength(1);
  });

  it("when their server is written by name and by address, which the site tells of one host", () => {
    const clusters = [
      cluster(),
      cluster({ nodes: UNKNOWN, witness: UNKNOWN }),
      cluster({ witness: undefined }),
    ];
    const on = (...servers: string[]) =>
      judge(
        requireDistinctExports,
        site({
          clusters,
          storages: servers.map((server, index) =>
            storage({ server, ...(index > 0 ? { name: "Again", urn: "urn:Again" } : {}) }),
          ),
        }),
      );
    expect(on("NAS", "192.168.18.200")).toEqual([
      [
        "urn:Again",
        expect.stringContaining(
          "storage Again is /backup/pve-data of 192.168.18.200, and so is storage Data:",
        ),
      ],
    ]);
    expect(on("pve02", "192.168.18.100")).toHaveLength(1);
    expect(on("nas", "192.168.18.201")).toEqual([]);
  });

  it("when a share is written in other letters, which an export may be", () => {
    expect(verdictOn("/BACKUP/pve-data", { type: "nfs" })).toEqual([]);
    const storages = [
      storage({ type: "cifs", export: "/PVE/Data" }),
      backupStorage({ type: "cifs", server: "192.168.18.201", export: "/pve/data/old/" }),
    ];
    expect(judge(requireDistinctExports, site({ storages }))).toEqual([
      ["urn:Backup", expect.stringContaining("which lies inside /PVE/Data, storage Data: ")],
    ]);
  });

  it.each([
    ["its server is", { server: UNKNOWN }],
    ["it is", { export: UNKNOWN }],
  ] as const)("that cannot be judged until %s known", (until, changes) => {
    expect(verdictOn("/backup/pve-data", changes)).toEqual([
      ["urn:Backup", `cannot judge the export of Backup until ${until} known.`],
    ]);
  });
});
