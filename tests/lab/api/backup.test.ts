import { addData, userWith } from "../support/guests";
import { type Lab, newLab, type Params } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
});

const create = (params: Params, auth = lab.ticket("pve01")) =>
  lab.api("pve01", "POST", "/cluster/backup", { id: "daily", schedule: "02:00", ...params }, auth);
const change = (params: Params, auth = lab.ticket("pve01")) =>
  lab.api("pve01", "PUT", "/cluster/backup/daily", params, auth);
const read = () => lab.data<Record<string, unknown>>("pve01", "GET", "/cluster/backup/daily");

describe("a backup job", () => {
  it("answers null when it is made, also under a path with a trailing slash", async () => {
    const params = { id: "daily", schedule: "02:00", all: 1 };
    expect(await lab.api("pve01", "POST", "/cluster/backup/", params)).toMatchObject({
      status: 200,
      data: null,
    });
  });

  it("comes back as it was made: numbers, texts, lists and objects", async () => {
    await create({
      storage: "Data",
      enabled: 1,
      mode: "snapshot",
      vmid: "100,101",
      compress: "zstd",
      "prune-backups": "keep-last=3,keep-daily=7",
      fleecing: "enabled=1,storage=Data",
      performance: "max-workers=4",
      "notes-template": "{{guestname}}",
      "repeat-missed": 0,
      "exclude-path": ["/tmp", "/var/tmp"],
      bwlimit: 1000,
    });
    expect(await read()).toEqual({
      id: "daily",
      type: "vzdump",
      schedule: "02:00",
      storage: "Data",
      enabled: 1,
      mode: "snapshot",
      vmid: "100,101",
      compress: "zstd",
      "prune-backups": { "keep-last": "3", "keep-daily": "7" },
      fleecing: { enabled: 1, storage: "Data" },
      performance: { "max-workers": 4 },
      "notes-template": "{{guestname}}",
      "repeat-missed": 0,
      "exclude-path": ["/tmp", "/var/tmp"],
      bwlimit: 1000,
    });
  });

  it("is enabled, unless it is told otherwise", async () => {
    await create({ all: 1 });
    expect(await read()).toMatchObject({ enabled: 1, all: 1 });
  });

  it("is in the list", async () => {
    await create({ all: 1 });
    const list = await lab.data<{ id: string }[]>("pve01", "GET", "/cluster/backup");
    expect(list.map(({ id }) => id)).toEqual(["daily"]);
  });

  it("is made once", async () => {
    await create({ all: 1 });
    expect(await create({ all: 1 })).toMatchObject({
      status: 500,
      reason: "Job 'daily' already exists",
    });
  });

  it.each([
    [{}, { vmid: "property is missing" }],
    [{ vmid: "100", all: 1 }, { all: "option conflicts with option 'vmid'" }],
    [{ vmid: "100", exclude: "101" }, { exclude: "option conflicts with option 'vmid'" }],
    [
      { all: 1, mode: "copy" },
      { mode: "value 'copy' does not have a value in the enumeration 'snapshot, suspend, stop'" },
    ],
    [
      { all: 1, "prune-backups": "keep-few=1" },
      {
        "prune-backups":
          "invalid format - invalid key in comma-separated list property: keep-few\n",
      },
    ],
    [{ all: 1, id: "1a" }, { id: "invalid format - invalid configuration ID '1a'\n" }],
  ])("is refused as %j", async (params, errors) => {
    expect(await create(params)).toMatchObject({ status: 400, errors });
  });

  it("has a schedule", async () => {
    const answer = await lab.api("pve01", "POST", "/cluster/backup", { id: "daily", all: 1 });
    expect(answer.errors).toEqual({ schedule: "neither 'starttime' nor 'schedule' were set" });
  });

  it("is for everything but what it excludes", async () => {
    await create({ exclude: "100" });
    expect(await read()).toMatchObject({ all: 1, exclude: "100" });
  });

  it("that is unknown is a wrong parameter, except when it is changed", async () => {
    for (const method of ["GET", "DELETE"]) {
      expect(await lab.api("pve01", method, "/cluster/backup/daily")).toMatchObject({
        status: 400,
        errors: { id: "No such job 'daily'" },
      });
    }
    expect(await change({ enabled: 0 })).toMatchObject({
      status: 500,
      reason: "no such vzdump job",
    });
  });

  it("is gone when it is deleted", async () => {
    await create({ all: 1 });
    await lab.data("pve01", "DELETE", "/cluster/backup/daily");
    expect(await lab.data("pve01", "GET", "/cluster/backup")).toEqual([]);
  });
});

describe("a change of a backup job", () => {
  beforeEach(async () => {
    await create({ storage: "Data", vmid: "100", mode: "stop", comment: "c" });
  });

  it("sets, deletes and keeps", async () => {
    expect((await change({ mode: "snapshot", delete: "comment" })).data).toBeNull();
    const after = await read();
    expect(after).toMatchObject({ mode: "snapshot", storage: "Data", vmid: "100" });
    expect(after).not.toHaveProperty("comment");
  });

  it("names guests in one way at a time", async () => {
    await change({ all: 1 });
    expect(await read()).not.toHaveProperty("vmid");
    await change({ vmid: "100" });
    expect(await read()).toMatchObject({ vmid: "100" });
    expect(await read()).not.toHaveProperty("all");
  });

  it.each([
    [{ delete: "colour" }, { delete: "unknown option 'colour'" }],
    [{ delete: "vmid" }, { vmid: "property is missing" }],
  ])("is refused as %j, and nothing changes", async (params, errors) => {
    const before = await read();
    expect(await change(params)).toMatchObject({ status: 400, errors });
    expect(await read()).toEqual(before);
  });

  it("asks for something", async () => {
    expect((await change({})).reason).toBe("no options specified");
  });
});

describe("who makes a backup job", () => {
  it("may change the cluster and allocate on the storage", async () => {
    const auth = await userWith(lab, ["Sys.Modify"]);
    expect((await create({ all: 1, storage: "Data" }, auth)).reason).toBe(
      "Permission check failed (/storage/Data, Datastore.Allocate)",
    );
    await lab.data("pve01", "PUT", "/access/roles/r1", { privs: "Sys.Modify,Datastore.Allocate" });
    expect((await create({ all: 1, storage: "Data" }, auth)).status).toBe(200);
  });
});
