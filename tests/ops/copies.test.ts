import { type Copy, describeAges, readAges } from "../../ops/copies";

const USB: Copy = {
  name: "usb",
  from: "Backup",
  to: "Second",
  nodes: ["pve01", "pve02"],
  maxAge: 172_800,
};
const TEXT = [
  "now\t2026_11_27-12_00_00",
  "copy\tusb\t100\t2026_11_27-02_00_00\t2026_11_27-02_00_00",
  "copy\tusb\t101\t2026_11_27-02_00_00\t2026_11_25-02_00_00",
  "copy\tusb\t102\t2026_11_27-02_00_00\t",
  "copy\tusb\t999\t2026_01_01-02_00_00\t2026_01_01-02_00_00",
  "",
].join("\n");

describe("the copies of backups", () => {
  const ages = readAges(TEXT, [USB], [100, 101, 102, 103]);

  it("are as old as what they are of, and late when too old or missing", () => {
    expect(ages).toEqual([
      { copy: "usb", vmid: 100, age: 36_000, late: false },
      { copy: "usb", vmid: 101, age: 208_800, late: true },
      { copy: "usb", vmid: 102, age: undefined, late: true },
    ]);
  });

  it("are told in a line for each guest that is there", () => {
    expect(describeAges(ages, [USB])).toBe(
      [
        "usb: Backup to Second",
        "  100  10 h old",
        "  101  58 h old, too old: 48 h at most",
        "  102  no copy, too old: 48 h at most",
        "",
      ].join("\n"),
    );
  });

  it("are none where nothing has been backed up, or nothing is copied", () => {
    expect(describeAges([], [USB])).toBe("usb: Backup to Second\n  no backup yet\n");
    expect(describeAges([], [])).toBe("No backups are copied: site.copies is empty.\n");
  });
});
