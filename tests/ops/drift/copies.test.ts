import type { Copy } from "../../../ops/copies";
import { lateCopies } from "../../../ops/drift/copies";
import { OpsError } from "../../../ops/errors";

const USB: Copy = { name: "usb", from: "Backup", to: "Second", nodes: ["pve01"], maxAge: 172_800 };
const age = (vmid: number, seconds: number | undefined, late: boolean) => ({
  ...{ copy: "usb", vmid, age: seconds, late },
});

describe("copies of backups", () => {
  it("are drift where one is missing or too old", () => {
    const ages = [age(100, 36_000, false), age(101, 208_800, true), age(102, undefined, true)];
    const remedy =
      "look on the nodes: journalctl -u proxmox-ha-copy-usb; systemctl start proxmox-ha-copy-usb.service copies at once";
    const on = { kind: "copy", resource: "copy/usb", remedy };
    expect(lateCopies([{ copy: USB, ages }])).toEqual([
      { ...on, what: "the newest copy of guest 101 is 58 h old, and may be 48 h" },
      { ...on, what: "guest 102 has backups and no copy" },
    ]);
  });

  it("are drift where nobody can look at them, and the others are told all the same", () => {
    const down = new OpsError(
      "pve01: step backup/copyAges failed: the copies on Second cannot be listed\n  What to do: look at: pvesm status --storage Second",
    );
    expect(
      lateCopies([
        { copy: USB, ages: down },
        { copy: { ...USB, name: "nas" }, ages: [age(100, undefined, true)] },
      ]).map(({ resource, what }) => [resource, what]),
    ).toEqual([
      ["copy/usb", "pve01: step backup/copyAges failed: the copies on Second cannot be listed"],
      ["copy/nas", "guest 100 has backups and no copy"],
    ]);
  });

  it("are none where nothing is copied", () => {
    expect(lateCopies([])).toEqual([]);
  });
});
