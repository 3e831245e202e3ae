import { attempt } from "../facts/judge";
import { need, UNKNOWN } from "../facts/known";
import type { Rule } from "./rule";

const ROOT = "root@pam";

/** Root's token can do all that root can, and no role takes any of it away. */
export const forbidRootAccount: Rule = {
  name: "forbid-root-account",
  description: "The provider works with an account of its own, not with root@pam.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Make a user with a role that has just the privileges needed, and a token for it.",
  judge: ({ providers, accounts }) => [
    ...providers.flatMap(({ urn, name, account }) =>
      attempt(urn, `the account of provider ${name}`, () => {
        // The token of an account that this program makes is unknown until then; its account is judged below.
        if (account === UNKNOWN && accounts.length > 0) return [];
        const user = need(account ?? UNKNOWN, "its apiToken or username is");
        return user === ROOT ? [{ urn, message: inWords(`provider ${name}`) }] : [];
      }),
    ),
    ...accounts.flatMap(({ urn, name, user }) =>
      attempt(urn, `the account of token ${name}`, () =>
        need(user, "its user is") === ROOT ? [{ urn, message: inWords(`token ${name}`) }] : [],
      ),
    ),
  ],
};

function inWords(what: string): string {
  return (
    `${what} belongs to ${ROOT}: whoever gets hold of it owns every node. ` +
    "Use a user of its own with a role that has just the privileges needed."
  );
}
