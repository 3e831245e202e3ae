import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

export const requirePrivilegeSeparation: Rule = {
  name: "require-privilege-separation",
  description: "API tokens have privileges of their own.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Leave privilegesSeparation on, and give user and token the role that the token needs.",
  judge: ({ accounts }) =>
    accounts.flatMap(({ urn, name, separated }) =>
      attempt(urn, `the privileges of token ${name}`, () => {
        if (need(separated, "its privilegesSeparation is")) return [];
        const message =
          `token ${name} has all privileges of its user, now and whatever the user is given later. ` +
          "Leave privilegesSeparation on, as it is without a word, and give user and token the role that the token needs.";
        return [{ urn, message }];
      }),
    ),
};
