import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { AccountFacts } from "../facts/security";
import type { Rule } from "./rule";

interface Config {
  days: number;
}

/** Where a copy of a token may lie nobody knows; it stops working when the token is made anew. */
export const adviseTokenAge: Rule<Config> = {
  name: "advise-token-age",
  description: "API tokens are made anew from time to time.",
  enforcementLevel: "advisory",
  development: "disabled",
  severity: "medium",
  remedy: "Run npm run -s ops -- token rotate, or give a token of your own an expirationDate.",
  settings: {
    days: {
      type: "integer",
      minimum: 1,
      default: 180,
      description: "Days that a token may be in use.",
    },
  },
  judge: ({ accounts }, { days }) =>
    accounts.flatMap((account) =>
      attempt(account.urn, `the age of token ${account.name}`, () => {
        const found = finding(account, days);
        return found ? [{ urn: account.urn, message: `token ${account.name} ${found}` }] : [];
      }),
    ),
};

const ROTATE = "Make it anew: npm run -s ops -- token rotate.";

function finding(account: AccountFacts, days: number): string | undefined {
  const age = need(account.age, "the day on which it was made is");
  const left = need(account.left, "its expirationDate is");
  if (age !== undefined && age > days)
    return `is ${age} days old, and should not be older than ${days}: a copy of it works as long. ${ROTATE}`;
  if (left !== undefined && left < 0)
    return `expired ${-left} day${left === -1 ? "" : "s"} ago. Set another expirationDate.`;
  if (left !== undefined && left > days)
    return `works for another ${left} days, and should for ${days} at most. Set an earlier expirationDate.`;
  if (age !== undefined || left !== undefined) return undefined;
  return (
    "never expires, and its age is not known. Make it anew, which notes the day: npm run -s ops -- token rotate. " +
    "A token of your own gets an expirationDate."
  );
}
