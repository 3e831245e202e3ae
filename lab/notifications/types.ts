/** A target or a matcher as its file has it: lists as lists, everything else as text. */
export interface Entry {
  type: TargetType | "matcher";
  values: Record<string, string | string[]>;
}

export type TargetType = "gotify" | "sendmail" | "smtp" | "webhook";

/** In the order in which they are listed (proxmox-notify, api::get_targets). */
export const TARGET_TYPES: readonly TargetType[] = ["gotify", "sendmail", "smtp", "webhook"];

/** What only root may read of a target (priv/notifications.cfg). */
export interface PrivateEntry {
  type: string;
  values: Record<string, string | string[]>;
}

/** Keys that may stand several times. */
export const LISTS: readonly string[] = [
  "header",
  "mailto",
  "mailto-user",
  "match-calendar",
  "match-field",
  "match-severity",
  "secret",
  "target",
];

/** What is there without a line in the file (proxmox-notify, context/pve.rs). */
export const BUILT_IN: Readonly<Record<string, Entry>> = {
  "mail-to-root": {
    type: "sendmail",
    values: { comment: "Send mails to root@pam's email address", "mailto-user": ["root@pam"] },
  },
  "default-matcher": {
    type: "matcher",
    values: {
      comment: "Route all notifications to mail-to-root",
      mode: "all",
      target: ["mail-to-root"],
    },
  },
};

/** notifications.cfg and its private part, by name. */
export interface Notifications {
  entries: Record<string, Entry>;
  secrets: Record<string, PrivateEntry>;
}
