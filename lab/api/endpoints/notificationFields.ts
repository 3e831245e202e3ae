import type { TargetType } from "../../notifications/types";
import { choice, flag, type Parameters, type Schema, text, whole } from "../schema";

/** A kind of entry in notifications.cfg: where it is found, what it has, and what can be taken from it again. */
export interface Kind {
  type: TargetType | "matcher";
  path: string;
  fields: Parameters;
  required: readonly string[];
  deletable: readonly string[];
}

/** Fields that only root may read again. */
export const PRIVATE: readonly string[] = ["password", "secret", "token"];

export const name = text({ format: "pve-configid" });

const list = (format?: string): Schema => ({
  type: "array",
  items: text(format === undefined ? {} : { format }),
});
const common: Parameters = { comment: text(), disable: flag({ default: 0 }) };
const mail: Parameters = {
  author: text(),
  "from-address": text(),
  mailto: list("email-or-username"),
  "mailto-user": list("pve-userid"),
};
const MAIL = ["author", "comment", "disable", "mailto", "mailto-user"];

/** PVE::API2::Cluster::Notifications, and the enums of what can be deleted in proxmox-notify. */
export const KINDS: readonly Kind[] = [
  {
    type: "gotify",
    path: "/cluster/notifications/endpoints/gotify",
    fields: { ...common, server: text(), token: text() },
    required: ["server", "token"],
    deletable: ["comment", "disable"],
  },
  {
    type: "sendmail",
    path: "/cluster/notifications/endpoints/sendmail",
    fields: { ...common, ...mail },
    required: [],
    deletable: [...MAIL, "from-address"],
  },
  {
    type: "smtp",
    path: "/cluster/notifications/endpoints/smtp",
    fields: {
      ...common,
      ...mail,
      mode: { ...choice("insecure", "starttls", "tls"), default: "tls" },
      password: text(),
      port: whole(),
      server: text(),
      username: text(),
    },
    required: ["from-address", "server"],
    deletable: [...MAIL, "password", "port", "username"],
  },
  {
    type: "webhook",
    path: "/cluster/notifications/endpoints/webhook",
    fields: {
      ...common,
      body: text(),
      header: list(),
      method: choice("post", "put", "get"),
      secret: list(),
      url: text(),
    },
    required: ["method", "url"],
    deletable: ["body", "comment", "disable", "header", "secret"],
  },
  {
    type: "matcher",
    path: "/cluster/notifications/matchers",
    fields: {
      ...common,
      "invert-match": flag(),
      "match-calendar": list(),
      "match-field": list(),
      "match-severity": list(),
      mode: { ...choice("all", "any"), default: "all" },
      target: list("pve-configid"),
    },
    required: [],
    deletable: [
      ...["comment", "disable", "invert-match", "match-calendar", "match-field"],
      ...["match-severity", "mode", "target"],
    ],
  },
];
