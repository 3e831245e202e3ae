import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requireGuestAgent } from "../../../policy/rules/requireGuestAgent";
import { guest, judge, site, web } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requireGuestAgent, site(changes), config);

it("has nothing to say of VMs with the agent, of templates and of containers", () => {
  expect(verdict({ guests: [guest(), guest({ template: true, agent: false }), web()] })).toEqual(
    [],
  );
  expect(verdict({ guests: [web()] })).toEqual([]);
});

it("names VMs without it, all at once", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const guests = [
    guest(),
    ...names.map((name) => guest({ urn: `urn:${name}`, name, agent: false })),
  ];
  expect(verdict({ guests })).toEqual([
    [
      "urn:a",
      "without guest agent: a, b, c, d, e and 2 more. Their backups are those of a machine " +
        "that lost power, and a shutdown hangs until its time is up. Install it, then say guests.*.agent: true.",
    ],
  ]);
});

it("cannot judge them while one's is unknown", () => {
  expect(verdict({ guests: [guest({ agent: UNKNOWN })] })).toEqual([
    ["urn:win2016", "cannot judge the guest agents until the agent of win2016 is known."],
  ]);
});
