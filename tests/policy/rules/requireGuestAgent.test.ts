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

it("names each VM without it", () => {
  const guests = [
    guest(),
    ...["a", "b"].map((name) => guest({ urn: `urn:${name}`, name, agent: false })),
  ];
  const message = (name: string): string =>
    `VM ${name} has no guest agent: its backups are those of a machine that lost power, and a shutdown ` +
    `hangs until its time is up. Install it, then say guests.${name}.agent: true.`;
  expect(verdict({ guests })).toEqual([
    ["urn:a", message("a")],
    ["urn:b", message("b")],
  ]);
});

it("cannot judge one that is unknown, and judges the others", () => {
  const guests = [guest({ agent: UNKNOWN }), guest({ urn: "urn:b", name: "b", agent: false })];
  expect(verdict({ guests })).toEqual([
    ["urn:win2016", "cannot judge the guest agent of win2016 until it is known."],
    ["urn:b", expect.stringMatching(/^VM b has no guest agent: /)],
  ]);
});
