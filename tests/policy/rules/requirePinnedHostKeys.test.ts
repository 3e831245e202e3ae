import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requirePinnedHostKeys } from "../../../policy/rules/requirePinnedHostKeys";
import { judge, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requirePinnedHostKeys, site(changes), config);

const found = { urn: "urn:found", name: "found", pinned: true };

it("takes a connection to a host that is known by its key", () => {
  expect(verdict()).toEqual([]);
});

it("refuses any other, each by itself", () => {
  const other = { ...found, urn: "urn:join", name: "join", pinned: false };
  expect(verdict({ connections: [found, other] })).toEqual([
    [
      "urn:join",
      "command join connects to any host that answers, and hands it what it sends, secrets too. " +
        "Set connection.hostKey (and that of a proxy): ssh-keyscan shows it, compare it on the host.",
    ],
  ]);
});

it("cannot judge one that is unknown", () => {
  expect(verdict({ connections: [{ ...found, pinned: UNKNOWN }] })).toEqual([
    ["urn:found", "cannot judge the host key of command found until its connection is known."],
  ]);
});
