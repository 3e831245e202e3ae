import type { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import { markOf, type MatcherPlan, type NotificationsPlan, type TargetPlan } from "./plan";

export interface NotificationsArgs {
  plan: NotificationsPlan;
  stack: string;
  /** The node that makes them. */
  host: string;
  connections: Connections;
  secret: StackConfig["secret"];
  /** All the rest: a mail server that is away fails an update in which everything else is done. */
  dependsOn: pulumi.Input<pulumi.Resource>[];
}

/**
 * Targets, matchers and root's address: over SSH, because the provider has none. Matchers come after targets and go
 * before them, as Proxmox VE removes no target that is in use.
 */
export class Notifications extends pulumi.ComponentResource {
  constructor(
    name: string,
    private readonly args: NotificationsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("proxmox-ha:notifications:Notifications", name, inputsOf(args.plan), opts);
    const { plan, host, connections, dependsOn } = args;
    const { targets, matchers, rootMail } = plan;
    if (rootMail !== undefined) {
      const variables = { ROOT_MAIL: rootMail };
      remoteScript(
        "root-mail",
        { host, script: "notifications/rootMail", variables },
        connections,
        { parent: this, dependsOn },
      );
    }
    const made = targets.map((target) => this.target(target));
    for (const matcher of matchers) this.matcher(matcher, made);
    this.registerOutputs({});
  }

  private target(target: TargetPlan): remote.Command {
    const lines = target.secrets.map(({ key, name, from }) =>
      this.args.secret(from).apply((value) => {
        if (name !== undefined) {
          return `secret name=${name},value=${Buffer.from(value, "utf8").toString("base64")}`;
        }
        // The file has a line for each.
        if (/[\r\n]/.test(value)) {
          throw new pulumi.RunError(
            `The secret ${from} has several lines. Set it anew: pulumi config set --secret ${from}`,
          );
        }
        return `${key} ${value}`;
      }),
    );
    return this.entry(`target-${target.name}`, target, {
      KIND: target.type,
      SECRETS: pulumi.all(lines).apply((all) => all.join("\n")),
      TEST: target.test ? "yes" : "no",
    });
  }

  private matcher(matcher: MatcherPlan, targets: pulumi.Resource[]): void {
    const variables = { KIND: "matcher", SECRETS: "", TEST: "no" };
    this.entry(`matcher-${matcher.name}`, matcher, variables, targets);
  }

  private entry(
    resource: string,
    { name, place, settings, deletable }: TargetPlan | MatcherPlan,
    variables: Record<string, pulumi.Input<string>>,
    after: pulumi.Resource[] = [],
  ): remote.Command {
    const { host, connections, stack, dependsOn } = this.args;
    const keys = settings.map(([key]) => key);
    return remoteScript(
      resource,
      {
        host,
        script: "notifications/entry",
        parts: ["notifications/parts/secrets"],
        variables: {
          NAME: name,
          PLACE: place,
          SETTINGS: settings.map((setting) => setting.join(" ")).join("\n"),
          DELETABLE: deletable.filter((key) => !keys.includes(key)).join(" "),
          MARK: markOf(stack),
          ...variables,
        },
        removes: true,
      },
      connections,
      { parent: this, dependsOn: [...dependsOn, ...after] },
    );
  }
}

/** What no provider resource tells, and the policies need to know. */
function inputsOf({ targets, matchers, rootMail }: NotificationsPlan): pulumi.Inputs {
  return {
    targets: targets.map(({ name, type, enabled }) => ({ name, type, enabled })),
    matchers: matchers.map(({ name, enabled, targets: to, severities, narrow }) => ({
      name,
      enabled,
      targets: to,
      severities,
      narrow,
    })),
    ...(rootMail === undefined ? {} : { rootMail }),
  };
}
