import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import type { Rule } from "../rules/rule";
import type { Settings } from "./read";
import type { Level } from "./schema";

/** The level that a rule has in this stack. */
export function levelOf(
  rule: Rule,
  { profile, rules }: Pick<Settings, "profile" | "rules">,
): Level {
  const own = profile === "development" ? rule.development : undefined;
  return rules[rule.name]?.level ?? own ?? rule.enforcementLevel;
}

/**
 * The rule with what the stack says as its defaults. CrossGuard fills in defaults before a pack sees its configuration,
 * and what is named in CrossGuard's own file replaces them.
 */
export function withSettings(rule: Rule, { rules }: Pick<Settings, "rules">): Rule {
  const { level: _, ...given } = rules[rule.name] ?? {};
  const settings = (rule.settings ?? {}) as Record<string, PolicyConfigJSONSchema>;
  return {
    ...rule,
    settings: Object.fromEntries(
      Object.entries(settings).map(([key, setting]) => [
        key,
        { ...setting, default: given[key] ?? setting.default },
      ]),
    ) as NonNullable<Rule["settings"]>,
  };
}
