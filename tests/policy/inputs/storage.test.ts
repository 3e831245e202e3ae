import { UNKNOWN } from "../../../policy/facts/known";
import {
  NFS,
  read,
  UNKNOWN_BOOLEAN,
  UNKNOWN_LIST,
  UNKNOWN_MAPPING,
  UNKNOWN_NUMBER,
  UNKNOWN_TEXT,
} from "../support/inputs";

type Inputs = Record<string, unknown>;

describe("a storage", () => {
  it.each([
    ["nfs:Nfs", true],
    ["cifs:Cifs", true],
    ["pbs:Pbs", true],
    ["directory:Directory", false],
    ["lvm:Lvm", false],
    ["lvmthin:Lvmthin", false],
    ["zfspool:Zfspool", false],
  ])("of type %s is shared: %s", (type, shared) => {
    const fact = {
      urn: "urn:it",
      name: "it",
      id: "Data",
      type: type.split(":")[0],
      shared,
      nodes: undefined,
      protected: false,
      disabled: false,
      server: undefined,
      export: undefined,
      contents: ["images"],
      options: [],
      retention: undefined,
    };
    const inputs = { resourceId: "Data" };
    expect(read("storages", `proxmoxve:storage/${type}`, inputs)).toEqual(fact);
    const legacy = `proxmoxve:storage/${type.replace(":", "Legacy:")}Legacy`;
    expect(read("storages", legacy, inputs)).toEqual(fact);
  });

  const directory = (inputs: Inputs) =>
    read("storages", "proxmoxve:storage/directory:Directory", inputs);

  it("may be a folder that all nodes share", () => {
    expect(directory({ resourceId: "gluster", shared: true }).shared).toBe(true);
    expect(directory({ resourceId: "gluster", shared: false }).shared).toBe(false);
  });

  it("may be there on some nodes only", () => {
    expect(read("storages", NFS, { resourceId: "Data", nodes: ["pve01"] }).nodes).toEqual([
      "pve01",
    ]);
  });

  it.each([
    ["resourceId", "id", UNKNOWN_TEXT],
    ["shared", "shared", UNKNOWN_BOOLEAN],
    ["nodes", "nodes", UNKNOWN_LIST],
    ["nodes", "nodes", [UNKNOWN_TEXT]],
  ])("has unknown %s", (property, fact, value) => {
    const known = directory({ resourceId: "Data" });
    expect(directory({ resourceId: "Data", [property]: value })).toEqual({
      ...known,
      [fact]: UNKNOWN,
    });
  });

  it("is shared by its type, whatever else is unknown", () => {
    expect(read("storages", NFS, { resourceId: "Data", shared: UNKNOWN_BOOLEAN }).shared).toBe(
      true,
    );
  });
});

describe("a copy of backups", () => {
  const copy = (inputs: Inputs = {}) =>
    read("copies", "proxmox-ha:backup:ArchiveCopy", {
      ...{ from: "Backup", to: "Second", onCalendar: "06:00", nodes: ["pve01"], maxAge: 172_800 },
      ...inputs,
    });

  it("has two storages, a schedule, an age and a retention", () => {
    expect(copy({ retention: { last: 3, weekly: 4 } })).toEqual({
      ...{ urn: "urn:it", name: "it", from: "Backup", to: "Second", schedule: "06:00" },
      ...{ maxAge: 172_800, retention: { last: 3, weekly: 4 } },
    });
  });

  it.each([undefined, null])("keeps every copy where nothing is said (%s)", (retention) => {
    expect(copy({ retention })).toMatchObject({ retention: undefined });
  });

  it.each([
    ["from", { from: UNKNOWN_TEXT }],
    ["to", { to: UNKNOWN_TEXT }],
    ["schedule", { onCalendar: UNKNOWN_TEXT }],
    ["maxAge", { maxAge: UNKNOWN_NUMBER }],
    ["retention", { retention: UNKNOWN_MAPPING }],
    ["retention", { retention: { last: UNKNOWN_NUMBER } }],
  ])("has an unknown %s", (key, inputs) => {
    const fact: Record<string, unknown> = { ...copy(inputs) };
    expect(Object.keys(fact).filter((one) => fact[one] === UNKNOWN)).toEqual([key]);
  });
});
