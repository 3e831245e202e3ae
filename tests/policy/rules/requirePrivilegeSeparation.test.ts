import { UNKNOWN } from "../../../policy/facts/known";
import type { SiteFacts } from "../../../policy/facts/site";
import { requirePrivilegeSeparation } from "../../../policy/rules/requirePrivilegeSeparation";
import { account, judge, site } from "../support/facts";

const verdict = (changes: Partial<SiteFacts> = {}, config: object = {}) =>
  judge(requirePrivilegeSeparation, site(changes), config);

const token = account();

it("takes a token with privileges of its own", () => {
  expect(verdict()).toEqual([]);
});

it("refuses a token that has all of its user's", () => {
  expect(verdict({ accounts: [{ ...token, separated: false }] })).toEqual([
    [
      "urn:pulumi-dev",
      "token pulumi-dev has all privileges of its user, now and whatever the user is given later. " +
        "Leave privilegesSeparation on, as it is without a word, and give user and token the role that the token needs.",
    ],
  ]);
});

it("cannot judge one of which that is unknown", () => {
  expect(verdict({ accounts: [{ ...token, separated: UNKNOWN }] })).toEqual([
    [
      "urn:pulumi-dev",
      "cannot judge the privileges of token pulumi-dev until its privilegesSeparation is known.",
    ],
  ]);
});
