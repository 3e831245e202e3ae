import type { Range } from "../../../policy/facts/ranges";
import { UNKNOWN } from "../../../policy/facts/known";
import type { GuestFacts } from "../../../policy/facts/site";
import { requireGuestRanges } from "../../../policy/rules/requireGuestRanges";
import { guest, judge, site, web } from "../support/facts";

const verdict = (guests: GuestFacts[], ...ranges: Range[]) =>
  judge(requireGuestRanges, site({ guests }), { ranges });
const BOTH = [guest(), web()];

it("asks for nothing where the site has no ranges", () => {
  expect(judge(requireGuestRanges, site({ guests: [guest({ vmid: UNKNOWN })] }))).toEqual([]);
});

it("takes guests that are in theirs, ends included", () => {
  expect(
    verdict(BOTH, { kind: "vm", from: 100, to: 101 }, { kind: "ct", from: 102, to: 102 }),
  ).toEqual([]);
  expect(verdict(BOTH, { from: 100, to: 102 }, { kind: "ct", prefix: "we" })).toEqual([]);
  expect(verdict(BOTH, { kind: "vm", to: 100 }, { kind: "ct", from: 102 })).toEqual([]);
});

it.each<[Range, string, string]>([
  [{ kind: "ct", from: 200, to: 299 }, "VMID 102", "containers have 200 to 299"],
  [{ kind: "ct", to: 101 }, "VMID 102", "containers have 100 to 101"],
  [{ kind: "ct", from: 103 }, "VMID 102", "containers have 103 to 999999999"],
  [{ pool: "lab", from: 900 }, "VMID 102", "guests in pool lab have 900 to 999999999"],
  [{ tag: "front", from: 900, to: 901 }, "VMID 102", "guests with tag front have 900 to 901"],
])("refuses a number outside of %j", (range, has, have) => {
  const guests = [guest(), web({ pool: "lab", tags: ["front"] })];
  expect(verdict(guests, range)).toEqual([
    ["urn:web", `guest web has ${has}, and ${have}. Give it one of these.`],
  ]);
});

it("refuses a guest without a number", () => {
  expect(verdict([guest({ vmid: undefined })], { kind: "vm", from: 100, to: 199 })).toEqual([
    [
      "urn:win2016",
      "guest win2016 has no VMID, so that it gets any, and VMs have 100 to 199. Give it one of these.",
    ],
  ]);
});

it.each([
  ["www", "is called www"],
  [undefined, "has no name"],
])("refuses the name %s outside of its range", (hostName, has) => {
  expect(verdict([web({ hostName })], { kind: "ct", prefix: "web" })).toEqual([
    ["urn:web", `guest web ${has}, and names of containers begin with web. Rename it.`],
  ]);
});

it.each<[string, Partial<GuestFacts>, Range]>([
  ["pool", { pool: UNKNOWN }, { pool: "lab" }],
  ["tags", { tags: UNKNOWN }, { tag: "front" }],
  ["VMID", { vmid: UNKNOWN }, { from: 200 }],
  ["name", { hostName: UNKNOWN }, { prefix: "web" }],
])("cannot judge an unknown %s that it needs", (what, changes, range) => {
  const is = what === "tags" ? "are" : "is";
  expect(verdict([guest(changes)], range)).toEqual([
    ["urn:win2016", `cannot judge the range of win2016 until its ${what} ${is} known.`],
  ]);
  expect(verdict([guest(changes)], { kind: "ct" })).toEqual([]);
});
