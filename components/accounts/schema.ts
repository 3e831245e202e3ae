import { z } from "zod";
import { secretName } from "../secretNames";
import { date, eachOnce, form } from "../values";
import { PRIVILEGES } from "./privileges";
import { realmSchema } from "./realmSchema";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const NAME_WORDS = "use letters, digits, dots, - and _; begin with a letter or digit";
const USER = /^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z][A-Za-z0-9._-]+$/;
const TOKEN = /^[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z][A-Za-z0-9._-]+![A-Za-z][A-Za-z0-9._-]+$/;

const roleName = z
  .string()
  .regex(NAME, NAME_WORDS)
  .refine((name) => !/^pve/i.test(name), "names that begin with PVE are Proxmox VE's own");
const groupName = z.string().regex(NAME, NAME_WORDS);
const realmName = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9._-]{1,31}$/,
    "use 2 to 32 letters, digits, dots, - and _; begin with a letter",
  );
const userName = z.string().regex(USER, "write name@realm, as in anna@pve").max(64);
const tokenName = z.string().regex(TOKEN, "write name@realm!token, as in anna@pve!backup");

const line = (words: string): z.ZodDefault<z.ZodString> =>
  form(/^[^\n\r]*$/, "write one line")
    .max(1000)
    .default("")
    .describe(words);
const comment = line("What the web interface says of it.");
const expires = date
  .optional()
  .describe("The day from whose beginning on (UTC) it counts no more. Without one it always does.");

const privileges = z
  .array(z.string().meta({ enum: [...PRIVILEGES] }))
  .refine(...eachOnce)
  .describe("What whoever has the role may do.");

const userSchema = z
  .strictObject({
    groups: z
      .array(groupName)
      .refine(...eachOnce)
      .default([])
      .describe("Groups that they are in."),
    firstName: line("First name."),
    lastName: line("Last name."),
    email: form(/^([^\s@]+@[^\s@]+)?$/, "write an address, as in anna@example.com")
      .default("")
      .describe("Where Proxmox VE's messages to them go."),
    enabled: z.boolean().default(true).describe("Whether they can log in."),
    expires,
    comment,
    passwordFrom: secretName
      .optional()
      .describe(
        "Configuration key that holds their password, in the realm `pve`: 8 characters or more. It is set again only " +
          "when it changes there, so whoever changes it in the web interface keeps theirs.",
      ),
  })
  .describe("Somebody who logs in.");

const tokenSchema = z
  .strictObject({
    separated: z
      .boolean()
      .default(true)
      .describe(
        "Whether it has permissions of its own, within those of its user. Without, it may do whatever its user may.",
      ),
    generation: z.int().min(1).default(1).describe("Raise it, and the token gets another secret."),
    expires,
    comment,
  })
  .describe("An API token of a user, for a program.");

const permissionSchema = z
  .strictObject({
    role: z.string().min(1).describe("A role of `access.roles`, or one that Proxmox VE has."),
    user: z.string().optional().describe("Who gets it: a user of `access.users`."),
    group: z.string().optional().describe("Who gets it: a group of `access.groups`."),
    token: z.string().optional().describe("Who gets it: a token of `access.tokens`."),
    path: form(/^\/[A-Za-z0-9._/-]*$/, "write a path, as in /vms or /nodes/pve01")
      .optional()
      .describe("Where: a path of Proxmox VE. `/` is everything."),
    guest: z.string().optional().describe("Where: a guest, by its key."),
    pool: z.string().optional().describe("Where: a pool, and every guest in it."),
    storage: z.string().optional().describe("Where: a storage."),
    propagate: z
      .boolean()
      .default(true)
      .describe("Whether it also counts for everything below that path."),
  })
  .describe(
    "Who has which role where. Each names one of user, group, token, and one of path, guest, pool, storage.",
  );

/** Who may do what. */
export const accessSchema = z
  .strictObject({
    realms: z
      .record(realmName, realmSchema)
      .default({})
      .describe("Where users come from, besides `pam` and `pve`, which are always there."),
    roles: z
      .record(roleName, z.strictObject({ privileges }).describe("A role of your own."))
      .default({})
      .describe("Sets of privileges, by their names, besides those that Proxmox VE has."),
    groups: z
      .record(groupName, z.strictObject({ comment }).describe("A group; users name it themselves."))
      .default({})
      .describe("Groups of users, by their names."),
    users: z.record(userName, userSchema).default({}).describe("Users, as `name@realm`."),
    tokens: z.record(tokenName, tokenSchema).default({}).describe("Tokens, as `name@realm!token`."),
    permissions: z.array(permissionSchema).default([]).describe("Who has which role where."),
    secondFactor: z
      .enum(["optional", "required"])
      .default("optional")
      .describe(
        "`required`: whoever can log in is to have a second factor, root@pam too. Nothing is set by it, since a factor is its " +
          "user's own: `npm run -s ops -- drift` names who has none.",
      ),
  })
  .default({
    realms: {},
    roles: {},
    groups: {},
    users: {},
    tokens: {},
    permissions: [],
    secondFactor: "optional",
  })
  .describe("Who may do what in Proxmox VE.");
