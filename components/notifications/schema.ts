import { z } from "zod";
import { secretName } from "../secretNames";
import { domainName, eachOnce, form, identifier, ipAddress } from "../values";

/** Name of a target or matcher: the two share one list in Proxmox VE (proxmox-notify, ENTITY_NAME_SCHEMA). */
const entityName = identifier.max(32, "write 32 characters at most");

const mail = z
  .email({ error: "write a mail address, as in admin@example.org" })
  .max(64, "write 64 characters at most")
  .meta({ examples: ["admin@example.org"] });

const line = (most: number): z.ZodString =>
  z
    .string()
    .max(most, `write ${most} characters at most`)
    .regex(/^\S([^\n]*\S)?$/, "write one line of text");

const url = form(
  /^https?:\/\/[^\s/]+(\/[^\n]*)?$/,
  "write an address of the web, as in https://gotify.example.org",
);

const common = {
  comment: line(64).optional().describe("What the web interface says of it."),
  enabled: z.boolean().default(true).describe("Whether it is used."),
  test: z
    .boolean()
    .default(true)
    .describe(
      "Whether a test message is sent when the target is made or changed. One that cannot be sent fails the update.",
    ),
};

const recipients = {
  to: z
    .array(mail)
    .refine(...eachOnce)
    .default([])
    .describe("Addresses that get the mail."),
  users: z
    .array(form(/^[^\s:/@]+@[A-Za-z][\w.-]*$/, "write a user of Proxmox VE, as in root@pam"))
    .refine(...eachOnce)
    .default([])
    .describe("Users of Proxmox VE whose address gets the mail, as in `root@pam`."),
  author: line(64).optional().describe("Name of the sender. `Proxmox VE` unless said otherwise."),
};

const smtpSchema = z
  .strictObject({
    type: z.literal("smtp").describe("Mail by a mail server."),
    server: z
      .union([ipAddress, domainName], "write the name or address of a mail server")
      .describe("The mail server."),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .describe("465 with tls, 587 with starttls, 25 with insecure, unless said otherwise."),
    encryption: z
      .enum(["tls", "starttls", "insecure"])
      .default("tls")
      .describe("insecure sends mail and password in plain text."),
    username: line(128).optional().describe("Who logs in at the mail server."),
    passwordFrom: secretName.optional().describe("Secret that holds the password of `username`."),
    from: mail.describe("Address of the sender, which the mail server must let it use."),
    ...recipients,
    ...common,
  })
  .describe("Mail by a mail server.");

const sendmailSchema = z
  .strictObject({
    type: z.literal("sendmail").describe("Mail by the node's own postfix."),
    from: mail.optional().describe("Address of the sender. The cluster's unless said otherwise."),
    ...recipients,
    ...common,
  })
  .describe("Mail by the node's own postfix, which has to know a way to the recipients.");

const gotifySchema = z
  .strictObject({
    type: z.literal("gotify").describe("A Gotify server."),
    server: url.describe("The Gotify server.").meta({ examples: ["https://gotify.example.org"] }),
    tokenFrom: secretName.describe("Secret that holds the application's token."),
    ...common,
  })
  .describe("A Gotify server.");

const webhookSchema = z
  .strictObject({
    type: z.literal("webhook").describe("Any service that takes a request."),
    url: url.describe("What is called. `{{ secrets.NAME }}` stands for a secret of the target."),
    method: z.enum(["post", "put", "get"]).default("post").describe("How it is called."),
    headers: z
      .record(
        form(/^[A-Za-z0-9-]+$/, "use letters, digits and hyphens"),
        line(1024).describe("Text of the header; secrets as in `url`."),
      )
      .default({})
      .describe("Headers of the request, by name."),
    body: z
      .string()
      .max(65_536, "write 65536 characters at most")
      .optional()
      .describe("What is sent, with `{{ title }}`, `{{ message }}` and `{{ severity }}`."),
    secrets: z
      .record(
        identifier,
        z
          .strictObject({ valueFrom: secretName.describe("Secret that holds the value.") })
          .describe("A secret of the target."),
      )
      .default({})
      .describe("Secrets, by the names that `url`, `headers` and `body` use."),
    ...common,
  })
  .describe("Any service that takes a request.");

const matcherSchema = z
  .strictObject({
    targets: z
      .array(entityName)
      .min(1)
      .refine(...eachOnce)
      .describe("Where it sends: entries of `targets`, or mail-to-root, which every cluster has."),
    severities: z
      .array(z.enum(["info", "notice", "warning", "error", "unknown"]))
      .min(1)
      .refine(...eachOnce)
      .optional()
      .describe("Those that it takes; mail of the system is `unknown`. All unless said otherwise."),
    fields: z
      .partialRecord(
        z.enum(["type", "hostname", "job-id"]),
        z.array(line(128)).min(1).describe("Values of the field, any of which will do."),
      )
      .default({})
      .describe(
        "Messages that it takes: `type` (vzdump, fencing, replication, package-updates, system-mail), `hostname`, `job-id`.",
      ),
    hours: line(64)
      .optional()
      .describe("Times at which it takes messages.")
      .meta({ examples: ["mon..fri 8-17"] }),
    mode: z
      .enum(["all", "any"])
      .default("all")
      .describe("Whether a message has to meet all of these, or any."),
    invert: z.boolean().default(false).describe("Whether it takes what does not meet them."),
    comment: common.comment,
    enabled: common.enabled,
  })
  .describe("Which messages go where.");

/** Who is told what. Targets and matchers that others have made are left alone. */
export const notificationsSchema = z
  .strictObject({
    targets: z
      .record(
        entityName,
        z.discriminatedUnion("type", [smtpSchema, sendmailSchema, gotifySchema, webhookSchema], {
          error: ({ code }) =>
            code === "invalid_union" ? "write smtp, sendmail, gotify or webhook" : undefined,
        }),
      )
      .default({})
      .describe("Where messages of the cluster can go, by their names in Proxmox VE."),
    matchers: z
      .record(entityName, matcherSchema)
      .default({})
      .describe(
        "Which messages go where, by their names in Proxmox VE. default-matcher, which sends all to mail-to-root, is there unless it is named here.",
      ),
    rootMail: mail
      .optional()
      .describe(
        "Mail address of root@pam, to which mail-to-root sends. Left as it is unless said here.",
      ),
  })
  .prefault({})
  .describe("Who is told when a backup fails or a node is fenced.");
