import type { Permissions } from "../endpoint";
import { optional, text } from "../schema";

/** What the endpoints below `/cluster/ha` have in common. */
export const audit: Permissions = { check: ["perm", "/", ["Sys.Audit"]] };
export const console_: Permissions = { check: ["perm", "/", ["Sys.Console"]] };
export const comment = optional(text({ maxLength: 4096 }));
export const remove = optional(text({ format: "pve-configid-list", maxLength: 4096 }));
