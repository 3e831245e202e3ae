import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INVENTORY_VARIABLE, type Inventory, readInventory } from "../../components/inventory";

const BUILT: Inventory = {
  guests: [
    {
      ...{ vmid: 101, type: "qemu", node: "pve01", notes: "Keep." },
      disks: { scsi0: "Data:101/vm-101-disk-0.qcow2,size=16G" },
    },
  ],
  storages: [{ id: "tank", type: "zfspool", fields: { pool: "rpool/data", sparse: "1" } }],
};

describe("readInventory", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "inventory-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (content: unknown): Inventory => {
    const path = join(folder, "inventory.json");
    writeFileSync(path, JSON.stringify(content));
    return readInventory({ [INVENTORY_VARIABLE]: path });
  };

  it("reads what the launcher has found", () => {
    expect(read(BUILT)).toEqual(BUILT);
  });

  it("knows of nothing when the launcher has not run", () => {
    expect(readInventory({})).toEqual({ guests: [], storages: [] });
  });

  it.each([
    ["a guest", { ...BUILT, guests: [{ vmid: "100" }] }],
    ["a storage", { ...BUILT, storages: [{ id: "Data" }] }],
    ["the whole", []],
  ])("refuses %s in another shape instead of knowing of nothing", (_, content) => {
    expect(() => read(content)).toThrow();
  });
});
