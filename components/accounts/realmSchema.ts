import { z } from "zod";
import { secretName } from "../secretNames";
import { form } from "../values";

const server = form(
  /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/,
  "write an address or a host's name, as in 192.168.18.20 or ldap.example.com",
);
/** A comma would end it among Proxmox VE's own lists, a new line its file's line. */
const text = form(/^\S(.*\S)?$/, "write one line without blanks around it");
const attribute = form(/^[A-Za-z0-9-]{2,}$/, "write an attribute's name, as in uid");

const common = {
  comment: form(/^[^\n\r]*$/, "write one line")
    .default("")
    .describe("What the login window calls it."),
  default: z.boolean().default(false).describe("Whether the login window proposes it."),
};

const directory = {
  server: server.describe("Address or DNS name of the directory server."),
  fallback: server.optional().describe("Another server, which is asked where the first is silent."),
  port: z.int().min(1).max(65535).optional().describe("Its port, where it is not the usual one."),
  mode: z
    .enum(["ldaps", "ldap+starttls", "ldap"])
    .default("ldaps")
    .describe("How it is asked. `ldap` sends passwords in plain text. Certificates are checked."),
  bindDn: text.optional().describe("Who asks, where the directory answers not everybody."),
  passwordFrom: secretName.optional().describe("Configuration key with the password of `bindDn`."),
  userFilter: text.optional().describe("Which users are taken over, as an LDAP filter."),
  groupDn: text.optional().describe("Where the groups are, if not where the users are."),
  groupFilter: text.optional().describe("Which groups are taken over, as an LDAP filter."),
  attributes: z
    .strictObject({
      email: attribute.optional().describe("Attribute with the address."),
      firstName: attribute.optional().describe("Attribute with the first name."),
      lastName: attribute.optional().describe("Attribute with the last name."),
    })
    .default({})
    .describe("What is taken over of each user."),
  sync: z
    .enum(["users", "groups", "both"])
    .default("both")
    .describe("What `pveum realm sync` takes over."),
};

const ldapSchema = z
  .strictObject({
    type: z.literal("ldap").describe("An LDAP directory."),
    baseDn: text.describe("Where the users are, as in `ou=people,dc=example,dc=com`."),
    userAttribute: attribute.default("uid").describe("Attribute with the name for the login."),
    ...directory,
    ...common,
  })
  .describe("Users of an LDAP directory.");

const adSchema = z
  .strictObject({
    type: z.literal("ad").describe("Microsoft Active Directory."),
    domain: form(/^\S+$/, "write a domain, as in example.com").describe("The domain."),
    baseDn: text.optional().describe("Where users are looked for when they are taken over."),
    ...directory,
    ...common,
  })
  .describe("Users of an Active Directory.");

const openIdSchema = z
  .strictObject({
    type: z.literal("openid").describe("An OpenID Connect provider."),
    issuer: form(/^https?:\/\/\S+$/, "write a URL, as in https://login.example.com/realms/office")
      .max(256)
      .describe("Its issuer URL."),
    clientId: text.describe("What the provider knows the cluster as: a client with PKCE."),
    usernameClaim: form(/^[\w.:-]+$/, "write a claim's name, as in email")
      .default("subject")
      .describe("Claim that becomes the name before the @, as `username` or `email`."),
    createUsers: z
      .boolean()
      .default(false)
      .describe("Whether whoever logs in becomes a user, as yet without any permission."),
    groupsClaim: form(/^[\w.-]+$/, "write a claim's name, as in groups")
      .optional()
      .describe("Claim with the groups that the user is put into."),
    scopes: text.default("email profile").describe("What is asked of the provider."),
    ...common,
  })
  .describe("Users of an OpenID Connect provider, such as Keycloak.");

/** Where users and their passwords are kept. */
export const realmSchema = z.discriminatedUnion("type", [ldapSchema, adSchema, openIdSchema], {
  error: ({ code }) => (code === "invalid_union" ? "write ldap, ad or openid" : undefined),
});
