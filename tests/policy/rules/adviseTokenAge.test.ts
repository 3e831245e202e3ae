import { UNKNOWN } from "../../../policy/facts/known";
import type { AccountFacts } from "../../../policy/facts/security";
import { adviseTokenAge } from "../../../policy/rules/adviseTokenAge";
import { account, judge, site } from "../support/facts";

const said = (changes: Partial<AccountFacts>, config: object = {}) =>
  judge(adviseTokenAge, site({ accounts: [account(changes)] }), config).map(
    ([, message]) => message,
  );

const ROTATE = "Make it anew: npm run -s ops -- token rotate.";

it.each([
  { age: 0 },
  { age: 180 },
  { age: undefined, left: 0 },
  { age: undefined, left: 180 },
  { age: 180, left: 180 },
])("takes a token with %j days", (changes) => {
  expect(said(changes)).toEqual([]);
});

it("tells one that is old", () => {
  expect(judge(adviseTokenAge, site({ accounts: [account({ age: 181 })] }))).toEqual([
    [
      "urn:pulumi-dev",
      `token pulumi-dev is 181 days old, and should not be older than 180: a copy of it works as long. ${ROTATE}`,
    ],
  ]);
});

it.each([
  [181, "works for another 181 days, and should for 180 at most. Set an earlier expirationDate."],
  [-1, "expired 1 day ago. Set another expirationDate."],
  [-2, "expired 2 days ago. Set another expirationDate."],
])("tells one with %d days left", (left, words) => {
  expect(said({ age: undefined, left })).toEqual([`token pulumi-dev ${words}`]);
});

it("tells one of which nobody says how old it is", () => {
  expect(said({ age: undefined })).toEqual([
    "token pulumi-dev never expires, and its age is not known. Make it anew, which notes the day: " +
      "npm run -s ops -- token rotate. A token of your own gets an expirationDate.",
  ]);
});

it("takes as many days as it is told", () => {
  expect(said({ age: 91 }, { days: 91 })).toEqual([]);
  expect(said({ age: 91 }, { days: 90 })).toHaveLength(1);
});

it.each([
  ["age", "the day on which it was made is"],
  ["left", "its expirationDate is"],
] as const)("cannot judge one of unknown %s", (key, what) => {
  expect(said({ [key]: UNKNOWN })).toEqual([
    `cannot judge the age of token pulumi-dev until ${what} known.`,
  ]);
});
