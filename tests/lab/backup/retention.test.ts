import { keepsAll, type Mark, markBackups, parseRetention } from "../../../lab/backup/retention";
import { type Lab, newLab, type Params } from "../support/lab";

const HOUR = 3600;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1, 2) / 1000;

/** How many of backups every `step` seconds are kept, newest first. */
function kept(retention: string, count: number, step: number): number[] {
  const group: { ctime: number; mark?: Mark }[] = Array.from({ length: count }, (_, index) => ({
    ctime: START + index * step,
  }));
  markBackups(group, parseRetention(retention));
  return group
    .map(({ mark }, index) => ({ mark, ago: count - 1 - index }))
    .filter(({ mark }) => mark === "keep")
    .map(({ ago }) => ago)
    .reverse();
}

describe("a retention", () => {
  it.each([
    ["keep-last=2", HOUR, [0, 1]],
    ["keep-daily=3", 12 * HOUR, [0, 2, 4]],
    ["keep-last=1,keep-daily=2", DAY, [0, 1, 2]],
    ["keep-hourly=2", HOUR / 2, [0, 2]],
    ["keep-weekly=2", DAY, [0, 4]],
    ["keep-monthly=2", 20 * DAY, [0, 2]],
    ["keep-yearly=2", 200 * DAY, [0, 2]],
    ["keep-last=0", DAY, [0, 1, 2, 3, 4, 5, 6, 7]],
    ["keep-all=1", DAY, [0, 1, 2, 3, 4, 5, 6, 7]],
  ])("%s of backups every %i s keeps those", (retention, step, expected) => {
    expect(kept(retention, 8, step)).toEqual(expected);
  });

  it("of nothing keeps all", () => {
    expect(keepsAll({})).toBe(true);
    expect(keepsAll({ "keep-last": 1 })).toBe(false);
  });

  it("leaves what is protected and does not count it", () => {
    const group: { ctime: number; mark?: Mark }[] = [
      { ctime: 1 },
      { ctime: 2 },
      { ctime: 3, mark: "protected" },
    ];
    markBackups(group, { "keep-last": 1 });
    expect(group.map(({ mark }) => mark)).toEqual(["remove", "keep", "protected"]);
  });
});

describe("backups on a storage", () => {
  let lab: Lab;
  const PRUNE = "/nodes/pve01/storage/local/prunebackups";
  beforeEach(async () => {
    lab = await newLab();
    const store = (name: string, more: Params = {}) =>
      lab.site.storages.volumes("pve01", "local").push({
        name: `backup/${name}`,
        content: "backup",
        format: "vma.zst",
        size: 1,
        ctime: 1,
        vmid: 100,
        ...more,
      });
    store("vzdump-qemu-100-2026_01_01-02_00_00.vma.zst");
    store("vzdump-qemu-100-2026_01_02-02_00_00.vma.zst");
    store("vzdump-lxc-101-2026_01_01-02_00_00.tar.zst", { vmid: 101 });
    store("vzdump-qemu-100-before-upgrade.vma.zst");
    store("vzdump-qemu-100-2025_01_01-02_00_00.vma.zst", { protected: true });
  });

  const marks = async (query: string) =>
    (await lab.data<{ volid: string; mark: string }[]>("pve01", "GET", `${PRUNE}?${query}`)).map(
      ({ volid, mark }) => [volid.replace(/^local:backup\/vzdump-/, ""), mark],
    );

  it("are marked by guest and type", async () => {
    expect(await marks("prune-backups=keep-last=1")).toEqual([
      ["qemu-100-2026_01_01-02_00_00.vma.zst", "remove"],
      ["qemu-100-2026_01_02-02_00_00.vma.zst", "keep"],
      ["lxc-101-2026_01_01-02_00_00.tar.zst", "keep"],
      ["qemu-100-before-upgrade.vma.zst", "renamed"],
      ["qemu-100-2025_01_01-02_00_00.vma.zst", "protected"],
    ]);
    expect(await marks("prune-backups=keep-last=1&type=lxc")).toHaveLength(1);
    expect(await marks("prune-backups=keep-last=1&vmid=100")).toHaveLength(4);
  });

  it("follow the storage's own retention", async () => {
    const answer = await lab.api("pve01", "GET", PRUNE);
    expect(answer.reason).toBe("no prune-backups options configured for storage 'local'");
    await lab.data("pve01", "PUT", "/storage/local", { "prune-backups": "keep-all=1" });
    expect((await marks("")).map(([, mark]) => mark)).toEqual([
      "keep",
      "keep",
      "keep",
      "renamed",
      "protected",
    ]);
  });

  it("are removed by a task", async () => {
    expect(await lab.task("pve01", "DELETE", `${PRUNE}?prune-backups=keep-last=1&vmid=100`)).toBe(
      "OK",
    );
    const [task] = lab.site.nodeState("pve01").tasks.slice(-1);
    expect([task?.type, task?.id]).toEqual(["prunebackups", "100@local"]);
    expect(task?.log[0]).toBe(
      "removing backup 'local:backup/vzdump-qemu-100-2026_01_01-02_00_00.vma.zst'",
    );
    expect(await marks("prune-backups=keep-last=1&vmid=100")).toHaveLength(3);
  });

  it("have notes, and one that is protected stays", async () => {
    const volume =
      "/nodes/pve01/storage/local/content/local:backup%2Fvzdump-qemu-100-2026_01_01-02_00_00.vma.zst";
    await lab.data("pve01", "PUT", volume, { notes: "first\nsecond", protected: 1 });
    expect(await lab.data("pve01", "GET", volume)).toMatchObject({
      notes: "first\nsecond",
      protected: 1,
    });
    const list = await lab.data<Record<string, unknown>[]>(
      "pve01",
      "GET",
      "/nodes/pve01/storage/local/content?vmid=100",
    );
    expect(list.filter(({ notes }) => notes === "first")).toHaveLength(1);
    expect(await lab.task("pve01", "DELETE", volume)).toBe(
      "cannot remove protected volume 'backup/vzdump-qemu-100-2026_01_01-02_00_00.vma.zst' on 'local'",
    );
    await lab.data("pve01", "PUT", volume, { notes: "", protected: 0 });
    expect(await lab.data("pve01", "GET", volume)).toMatchObject({ notes: "", protected: 0 });
  });

  it("are protected up to the storage's limit", async () => {
    await lab.data("pve01", "PUT", "/storage/local", { "max-protected-backups": 1 });
    const volume =
      "/nodes/pve01/storage/local/content/local:backup%2Fvzdump-qemu-100-2026_01_01-02_00_00.vma.zst";
    expect((await lab.api("pve01", "PUT", volume, { protected: 1 })).reason).toBe(
      "The number of protected backups per guest is limited to 1 on storage 'local'",
    );
  });

  it("alone have notes", async () => {
    lab.site.storages
      .volumes("pve01", "local")
      .push({ name: "iso/a.iso", content: "iso", format: "iso", size: 5, ctime: 1 });
    const iso = "/nodes/pve01/storage/local/content/local:iso%2Fa.iso";
    expect((await lab.api("pve01", "PUT", iso, { notes: "x" })).reason).toBe(
      "only backups can have notes",
    );
    expect((await lab.api("pve01", "PUT", iso, { protected: 1 })).reason).toBe(
      "only backups support attribute 'protected'",
    );
  });
});
