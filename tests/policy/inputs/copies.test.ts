import { UNKNOWN } from "../../../policy/facts/known";
import { read, UNKNOWN_MAPPING, UNKNOWN_NUMBER, UNKNOWN_TEXT } from "../support/inputs";

const copy = (inputs: Record<string, unknown> = {}) =>
  read("copies", "proxmox-ha:backup:ArchiveCopy", {
    ...{ from: "Backup", to: "Second", onCalendar: "06:00", nodes: ["pve01"], maxAge: 172_800 },
    ...inputs,
  });

describe("a copy of backups", () => {
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
