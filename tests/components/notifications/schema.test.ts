import { refuses } from "../support/broken";

const SMTP = {
  type: "smtp",
  server: "smtp.example.org",
  from: "pve@example.org",
  to: ["a@example.org"],
};
const path = "notifications.targets.office";

describe("the site file refuses, of notifications", () => {
  refuses([
    [
      "a mail to nobody",
      { [path]: { ...SMTP, to: [] } },
      `${path}: nobody gets this mail; say to or users`,
    ],
    [
      "a user without a password",
      { [path]: { ...SMTP, username: "pve" } },
      `${path}: username is set without a password; say passwordFrom too`,
    ],
    [
      "a password without a user",
      { [path]: { ...SMTP, passwordFrom: "mailPassword" } },
      `${path}: passwordFrom is set without a user; say username too`,
    ],
    [
      "an address that is none",
      { [path]: { ...SMTP, to: ["admin"] } },
      `${path}.to.0: "admin"; write a mail address, as in admin@example.org`,
    ],
    [
      "a matcher for a target that is not there",
      { "notifications.matchers.failures": { targets: ["mail-to-root", "phone"] } },
      'notifications.matchers.failures.targets.1: there is no target "phone"; targets are mail-to-root',
    ],
    [
      "names that every cluster has",
      {
        "notifications.targets.mail-to-root": SMTP,
        "notifications.matchers.mail-to-root": { targets: ["mail-to-root"] },
      },
      "notifications.targets.mail-to-root: every cluster has something of this name; give the target another",
      "notifications.matchers.mail-to-root: every cluster has a target of this name; give the matcher another",
      "notifications.matchers.mail-to-root: this is also the name of a target; give the matcher another",
    ],
    [
      "one name for both",
      { [path]: SMTP, "notifications.matchers.office": { targets: ["office"] } },
      "notifications.matchers.office: this is also the name of a target; give the matcher another",
    ],
    [
      "a web address that is none",
      { [path]: { type: "gotify", server: "gotify.example.org", tokenFrom: "gotifyToken" } },
      `${path}.server: "gotify.example.org"; write an address of the web, as in https://gotify.example.org`,
    ],
    [
      "a type that there is not",
      { [path]: { type: "sms" } },
      `${path}.type: "sms"; write smtp, sendmail, gotify or webhook`,
    ],
  ]);
});
