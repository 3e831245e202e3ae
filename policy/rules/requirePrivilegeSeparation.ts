import { attempt } from "../facts/judge";
import { need } from "../facts/known";
import type { Rule } from "./rule";

export const requirePrivilegeSeparation: Rule = {
  name: "require-privilege-separation",
  description: "API tokens have privileges of their own.",
  enforcementLevel: "mandatory",
  severity: "high",
  remedy: "Leave privilege separation on, and give the token the role that it needs.",
  judge: ({ accounts }) =>
    accounts.flatMap(({ urn, name, separated }) =>
      attempt(urn, `the privileges of token ${name}`, () => {
        if (need(separated, "whether they are separated is")) return [];
        const message =
          `token ${name} has all privileges of its user, now and whatever the user is given later. ` +
          "Leave privilege separation on, and give the token the role that it needs.";
        return [{ urn, message }];
      }),
    ),
};
