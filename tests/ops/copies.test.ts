import { type Copy, describeAges, lookAtCopies, readAges } from "../../ops/copies";
import { OpsError } from "../../ops/errors";
import type { SiteAccess } from "../../ops/site";
import { type Answer, startHost } from "../toolchain/launcher/support/node";
import { Project } from "../toolchain/launcher/support/project";
import { dev, resource } from "./support/site";

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

describe("copies that are looked at", () => {
  const project = new Project();
  afterAll(() => project.dispose());

  it("are asked of a node that has both storages, and one that fails hides no other", async () => {
    const answers: Record<string, Answer> = {
      pve01: { stdout: TEXT },
      pve02: { stderr: "the copies on local cannot be listed\n", code: 1 },
    };
    const nodes = await Promise.all(
      Object.values(answers).map((answer) => startHost(() => answer)),
    );
    const [pve01, pve02] = nodes as [(typeof nodes)[number], (typeof nodes)[number]];
    project.lab({ pve01, pve02 });
    const { name: _, ...inputs } = USB;
    const site = { connection: pve01.connection(), guests: [{ vmid: 100 }] } as SiteAccess;
    const found = await lookAtCopies(dev(project), site, [
      resource("proxmox-ha:backup:ArchiveCopy", "own", { ...inputs, nodes: ["pve02"] }),
      resource("proxmox-ha:backup:ArchiveCopy", "usb", inputs),
      resource("proxmox-ha:backup:BackupJob", "nightly"),
    ]);
    await Promise.all(nodes.map((node) => node.stop()));
    expect(found.map(({ copy, ages }) => [copy.name, ages])).toEqual([
      ["own", new OpsError("the copies on local cannot be listed")],
      ["usb", [{ copy: "usb", vmid: 100, age: 36_000, late: false }]],
    ]);
    expect(pve01.inputs.join("")).toContain("usb Backup Second");
    expect(pve02.inputs.join("")).toContain("own Backup Second");
  });
});
