import { UNKNOWN } from "../../../policy/facts/known";
import type { GuestFacts } from "../../../policy/facts/site";
import { requireUniqueGuests } from "../../../policy/rules/requireUniqueGuests";
import { guest, judge, site, web } from "../support/facts";

const verdict = (...guests: GuestFacts[]) => judge(requireUniqueGuests, site({ guests }));

it("takes guests with numbers and names of their own", () => {
  expect(verdict(guest(), web())).toEqual([]);
});

it("takes guests that Proxmox VE numbers, and those without a name", () => {
  const open = { vmid: undefined, hostName: undefined };
  expect(verdict(guest(open), web(open))).toEqual([]);
});

it("refuses a number that a VM and a container share", () => {
  expect(verdict(guest(), web({ vmid: 100 }))).toEqual([
    [
      "urn:web",
      "guests win2016 and web have the same VMID, 100: the second cannot be made, or one is taken for the other. " +
        "Give one another number.",
    ],
  ]);
});

it.each(["win2016", "WIN2016"])("refuses a name that two share: %s", (hostName) => {
  expect(verdict(guest(), web({ hostName }))).toEqual([
    [
      "urn:web",
      "guests win2016 and web have the same name, win2016: backups, logs and names in the network no longer say " +
        "which is meant. Give one another name.",
    ],
  ]);
});

it("names each one after the first", () => {
  const third = web({ urn: "urn:third", name: "third", vmid: 100 });
  expect(verdict(guest(), web({ vmid: 100 }), third).map(([urn]) => urn)).toEqual([
    "urn:web",
    "urn:third",
  ]);
});

it.each(["web", "web-1", "1web", "web.example.org", "a".repeat(63)])(
  "takes %s as a name",
  (hostName) => {
    expect(verdict(guest({ hostName }))).toEqual([]);
  },
);

it.each(["web_1", "-web", "web-", "web server", "web.", "", "wéb", "a".repeat(64)])(
  "refuses %j as a name",
  (hostName) => {
    expect(verdict(guest({ hostName }))).toEqual([
      [
        "urn:win2016",
        `guest win2016 is called ${hostName}, which is no host name: letters, digits and hyphens, 63 at most between dots. ` +
          "Proxmox VE refuses it; give it another name.",
      ],
    ]);
  },
);

it.each([
  ["VMID", { vmid: UNKNOWN }],
  ["name", { hostName: UNKNOWN }],
] as const)("cannot judge an unknown %s", (what, changes) => {
  expect(verdict(guest(), web(changes))).toEqual([
    ["urn:web", `cannot judge the ${what} of web until it is known.`],
  ]);
});
