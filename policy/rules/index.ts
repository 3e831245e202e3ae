import { requireMajorityAfterNodeLoss } from "./requireMajorityAfterNodeLoss";
import { requireSharedDisksForHa } from "./requireSharedDisksForHa";
import type { Rule } from "./rule";

export const RULES: readonly Rule[] = [requireMajorityAfterNodeLoss, requireSharedDisksForHa];
