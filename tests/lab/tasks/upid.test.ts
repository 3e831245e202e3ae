import fc from "fast-check";
import { decodeUpid, encodeUpid } from "../../../lab/tasks/upid";

const upid = {
  node: "pve01",
  pid: 41394,
  pstart: 12_832_325,
  starttime: 0x68b00000,
  type: "qmcreate",
  id: "100",
  user: "root@pam!lab",
};

describe("a UPID", () => {
  it("is written as PVE does", () => {
    expect(encodeUpid(upid)).toBe(
      "UPID:pve01:0000A1B2:00C3CE45:68B00000:qmcreate:100:root@pam!lab:",
    );
  });

  it("may be without an id", () => {
    const text = encodeUpid({ ...upid, id: "" });
    expect(text).toContain(":qmcreate::root@pam!lab:");
    expect(decodeUpid(text)).toEqual({ ...upid, id: "" });
  });

  it("says again what it was made of", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    const count = fc.nat(0xffff_ffff);
    const fields = fc.record({
      node: fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/),
      pid: count,
      // More than 32 bits after 497 days.
      pstart: fc.nat(0xf_ffff_ffff),
      starttime: count,
      type: word,
      id: fc.oneof(word, fc.constant("")),
      user: word.map((name) => `${name}@pve`),
    });
    fc.assert(
      fc.property(fields, (wanted) => {
        expect(decodeUpid(encodeUpid(wanted))).toEqual(wanted);
      }),
    );
  });

  it.each([
    "",
    "UPID",
    "UPID:pve01:0000A1B2:00C3CE45:68B00000:qmcreate:100:root@pam",
    "UPID:pve01:A1B2:00C3CE45:68B00000:qmcreate:100:root@pam:",
    "UPID:-pve:0000A1B2:00C3CE45:68B00000:qmcreate:100:root@pam:",
    "UPID:pve01:0000A1B2:00C3CE45:68B00000:qmcreate:a/b:root@pam:",
    "UPID:pve01:0000A1B2:00C3CE45:68B00000:qmcreate:100:root@pam:x",
  ])("is not %j", (text) => {
    expect(decodeUpid(text)).toBeUndefined();
  });
});
