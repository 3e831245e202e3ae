import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript, type RemoteScriptArgs } from "../remoteScript";
import type { AccountsPlan, PermissionPlan, UserPlan } from "./plan";
import type { RealmPlan } from "./realmPlan";
import { Role } from "./role";
import { UserToken } from "./userToken";

export interface AccountsArgs {
  plan: AccountsPlan;
  /** The node that is told. */
  host: string;
  connections: Connections;
  secret(key: string): pulumi.Output<string>;
  /** What permissions are given on, by its kind and key in the file. */
  places: Record<"guest" | "pool" | "storage", Record<string, pulumi.Resource>>;
}

type Things = Record<string, pulumi.Resource>;

/**
 * Realms, roles, groups, users, tokens and permissions, over SSH: a token that may change them through the API may as
 * well give itself everything (docs/adr/009).
 */
export class Accounts extends pulumi.ComponentResource {
  /** `user@realm!token=secret` of each token, secrets. */
  readonly tokens: Record<string, pulumi.Output<string>> = {};

  constructor(name: string, args: AccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("proxmox-ha:accounts:Accounts", name, {}, opts);
    const { plan } = args;
    const inside = { parent: this };
    const realms = named(plan.realms, (realm) => this.realm(args, realm));
    const roles = named(plan.roles, (role) => new Role(role, args, inside));
    const groups = named(plan.groups, ({ id, comment }) =>
      this.step(args, `group-${id}`, "accounts/group", { GROUP: id, COMMENT: comment }, []),
    );
    const users = named(plan.users, (user) => this.user(args, user, realms, groups));
    const tokens = named(plan.tokens, (token) => {
      const made = new UserToken(token, args, { parent: this, dependsOn: of(users, token.user) });
      this.tokens[token.id] = made.secret;
      return made;
    });
    for (const permission of plan.permissions) {
      this.permission(args, permission, roles, { user: users, group: groups, token: tokens });
    }
    this.registerOutputs({});
  }

  private realm(args: AccountsArgs, realm: RealmPlan): pulumi.Resource {
    const { id, type, fixed, settings, unset, passwordFrom } = realm;
    const variables = {
      REALM: id,
      TYPE: type,
      FIXED: lines(fixed),
      SETTINGS: lines(settings),
      UNSET: unset.join(","),
      PASSWORD: passwordFrom === undefined ? "" : args.secret(passwordFrom),
    };
    return this.step(args, `realm-${id}`, "accounts/realm", variables, []);
  }

  private user(args: AccountsArgs, user: UserPlan, realms: Things, groups: Things) {
    const { id, realm, settings, enabled, expires, passwordFrom } = user;
    const needed = [
      ...(realm === undefined ? [] : of(realms, realm)),
      ...user.groups.flatMap((group) => of(groups, group)),
    ];
    const variables = {
      ACCOUNT: id,
      MEMBER_OF: user.groups.join(","),
      ENABLED: enabled ? "1" : "0",
      EXPIRES: String(expires),
      FIRST_NAME: settings.firstname,
      LAST_NAME: settings.lastname,
      EMAIL: settings.email,
      COMMENT: settings.comment,
    };
    const made = this.step(args, `user-${id}`, "accounts/user", variables, needed);
    if (passwordFrom !== undefined) {
      remoteScript(
        `password-${id}`,
        {
          host: args.host,
          script: "accounts/password",
          variables: { ACCOUNT: id, PASSWORD: args.secret(passwordFrom) },
        },
        args.connections,
        // Another operator's key is no reason to set a password that the user has changed meanwhile.
        { parent: this, dependsOn: made, ignoreChanges: ["connection"] },
      );
    }
    return made;
  }

  private permission(
    args: AccountsArgs,
    { name, path, role, who, propagate, on, generation }: PermissionPlan,
    roles: Things,
    whose: Record<"user" | "group" | "token", Things>,
  ): void {
    const variables = {
      PLACE: path,
      KIND: who.kind,
      WHO: who.id,
      ROLE: role,
      PROPAGATE: propagate ? "1" : "0",
      // A token that is made anew has lost its permissions.
      ...(generation === undefined ? {} : { GENERATION: String(generation) }),
    };
    this.step(args, `permission-${name}`, "accounts/permission", variables, [
      ...of(roles, role),
      ...of(whose[who.kind], who.id),
      ...(on === undefined ? [] : of(args.places[on.kind], on.key)),
    ]);
  }

  private step(
    { host, connections }: AccountsArgs,
    name: string,
    script: string,
    variables: NonNullable<RemoteScriptArgs["variables"]>,
    dependsOn: pulumi.Resource[],
  ): pulumi.Resource {
    return remoteScript(
      name,
      {
        host,
        script,
        parts: ["accounts/parts/pveum"],
        variables,
        removes: true,
      },
      connections,
      { parent: this, dependsOn },
    );
  }
}

function named<T extends { id: string }>(plans: T[], make: (plan: T) => pulumi.Resource): Things {
  return Object.fromEntries(plans.map((plan) => [plan.id, make(plan)]));
}

/** The one that is made here, if it is. */
function of(things: Things, id: string): pulumi.Resource[] {
  const found = things[id];
  return found ? [found] : [];
}

function lines(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join("\n");
}
