import type { EnforcementLevel } from "@pulumi/policy";
import type { SiteFacts } from "../facts/site";

export interface Violation {
  /** The fact, with names and numbers, then what to do. */
  message: string;
  /** The resource at fault. */
  urn: string;
}

/** A rule over the whole site. Pure: facts in, violations out. */
export interface Rule {
  /** kebab-case id. */
  name: string;
  description: string;
  enforcementLevel: EnforcementLevel;
  judge(facts: SiteFacts): Violation[];
}
