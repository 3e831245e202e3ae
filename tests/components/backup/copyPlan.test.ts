import { keepOptions, planCopies, systemdCalendar } from "../../../components/backup/copyPlan";
import { refuses } from "../support/broken";
import { site } from "../support/site";

const SECOND = {
  "hosts.nas2": { address: "192.168.18.201" },
  "storages.Second": { type: "nfs", server: "nas2", export: "/backup", content: ["backup"] },
};
const COPY = { from: "Backup", to: "Second", schedule: "06:00" };

describe("a copy of backups", () => {
  it("is made by the first node that is online, keeps what its storage keeps, and spares the link", () => {
    expect(planCopies(site({ ...SECOND, "copies.usb": COPY }))).toEqual([
      {
        id: "usb",
        from: "Backup",
        to: "Second",
        onCalendar: "06:00",
        nodes: ["pve01", "pve02"],
        bandwidth: 15258,
        retention: { daily: 7, last: 3, monthly: 3, weekly: 4 },
        maxAge: 172_800,
      },
    ]);
  });

  it("gets all that the file says", () => {
    const said = { retention: { last: 9 }, bandwidth: "5 MiB/s", maxAge: "2w", node: "pve02" };
    const [plan] = planCopies(site({ ...SECOND, "copies.usb": { ...COPY, ...said } }));
    expect(plan).toMatchObject({
      nodes: ["pve02"],
      bandwidth: 5120,
      retention: { last: 9 },
      maxAge: 1_209_600,
    });
  });

  it("keeps what the storage keeps that it goes to, before the one that it comes from", () => {
    const changes = {
      ...structuredClone(SECOND),
      "copies.usb": COPY,
      "storages.Second.retention": { yearly: 1 },
    };
    expect(planCopies(site(changes))[0]?.retention).toEqual({ yearly: 1 });
    const none = {
      ...structuredClone(SECOND),
      "copies.usb": COPY,
      "storages.Backup.retention": undefined,
    };
    expect(planCopies(site(none))[0]).not.toHaveProperty("retention");
  });

  it("is pruned as pvesm is told", () => {
    expect(keepOptions({ weekly: 4, last: 3 })).toBe("--keep-last 3 --keep-weekly 4");
  });

  refuses([
    [
      "has two storages that hold backups",
      { "copies.usb": { ...COPY, to: "Data" } },
      "copies.usb.to: storage Data does not hold backup; add it to storages.Data.content",
    ],
    [
      "goes elsewhere",
      { "copies.usb": { ...COPY, to: "Backup" } },
      "copies.usb.to: Backup is what is copied; choose another storage",
    ],
    [
      "comes from where backups are",
      { ...SECOND, "copies.usb": { ...COPY, from: "Second", to: "Backup" } },
      "copies.usb.from: no backup job writes to Second, so there is nothing to copy; correct one of them",
    ],
    [
      "says which node copies to a storage that each has for itself",
      { "copies.usb": { ...COPY, to: "local" } },
      "copies.usb: a storage that each node has for itself is among them; say which node copies: node: NAME",
    ],
    [
      "is made by a node of the site",
      { ...SECOND, "copies.usb": { ...COPY, node: "pve03" } },
      'copies.usb.node: there is no node "pve03"; nodes has pve01, pve02',
    ],
    [
      "says how old it may be",
      { ...SECOND, "copies.usb": { ...COPY, maxAge: "two days" } },
      'copies.usb.maxAge: "two days"; write a number and h, d or w, as in 36h',
    ],
  ]);
});

describe("a calendar event for systemd", () => {
  it.each([
    ["02:00", "02:00"],
    ["mon..fri 22:00", "mon..fri 22:00"],
    ["*/5", "*:0/5"],
    ["0/30", "*:0/30"],
    ["8..17:0/15", "8..17:0/15"],
    ["*/2:30", "0/2:30"],
    ["sat *-1..7 15:00", "sat *-1..7 15:00"],
    ["2026-12-31", "2026-12-31"],
    ["mon", "mon"],
    ["daily", "daily"],
    ["02:00 UTC", "02:00 UTC"],
  ])("%s is %s", (event, told) => {
    expect(systemdCalendar(event)).toBe(told);
  });
});
