import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireFirewall } from "../../../policy/rules/requireFirewall";
import { firewall, guestFirewall, judge, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}) => judge(requireFirewall, site(changes));
const onNode = (enabled: boolean | typeof UNKNOWN) =>
  firewall({ urn: "urn:pve01", name: "pve01", place: { kind: "node", node: "pve01" }, enabled });

it("takes one that is on, of the cluster and of its nodes", () => {
  expect(verdict()).toEqual([]);
  expect(
    verdict({ firewalls: [firewall(), onNode(true), guestFirewall(100, { enabled: false })] }),
  ).toEqual([]);
});

const NOBODY =
  "not judged: whether the cluster's firewall is on, which nothing in this program says. It is off unless " +
  "somebody turned it on: anyone who reaches the nodes then reaches all that listens on them. " +
  "Describe it: proxmoxve.cluster.FirewallLegacy with enabled: true, and an IP set management before it.";

it.each([[[]], [[guestFirewall(100)]]])(
  "says that it cannot tell where no resource is about it",
  (firewalls) => {
    expect(verdict({ firewalls })).toEqual([["urn:mizar", NOBODY]]);
    expect(verdict({ firewalls, clusters: [] })).toEqual([["urn:win2016", NOBODY]]);
  },
);

it("asks for none where there is neither cluster nor guest", () => {
  expect(verdict({ firewalls: [], clusters: [], guests: [] })).toEqual([]);
});

it("tells one that is off", () => {
  expect(verdict({ firewalls: [firewall({ enabled: false })] })).toEqual([
    [
      "urn:firewall",
      "firewall firewall is off, and with it every other of the cluster. Set enabled: true, " +
        "after an IP set management with the networks of those who administer it.",
    ],
  ]);
});

it("tells a node that is left out", () => {
  expect(verdict({ firewalls: [firewall(), onNode(false)] })).toEqual([
    ["urn:pve01", "firewall pve01 is off on pve01 alone. Set enabled: true, or leave it out."],
  ]);
});

it.each<[string, SiteFacts["firewalls"], string]>([
  ["place", [firewall({ place: UNKNOWN })], "the firewalls' places are"],
  ["state", [firewall({ enabled: UNKNOWN })], "whether it is on is"],
  ["state of a node", [firewall(), onNode(UNKNOWN)], "that of pve01 is"],
])("cannot judge with an unknown %s", (_what, firewalls, what) => {
  expect(verdict({ firewalls })).toEqual([
    ["urn:mizar", `cannot judge the firewall of the cluster until ${what} known.`],
  ]);
});
