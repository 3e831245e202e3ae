import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import type { AccessPlan } from "./plan";

/**
 * The account that the stack works with: a role with just the privileges needed, a user, and a privilege-separated
 * token. Made over SSH, because no API call can make the first token.
 */
export class Access extends pulumi.ComponentResource {
  /** `user@realm!id=secret`, a secret. */
  readonly token: pulumi.Output<string>;

  constructor(
    name: string,
    plan: AccessPlan,
    host: string,
    connections: Connections,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // In a preview of a new stack the token is unknown, and the policies need to know whose it will be, what it may do
    // and how old it is.
    const { user, role, privileges, issued } = plan;
    const inputs = { user, role, privileges, ...(issued === undefined ? {} : { issued }) };
    super("proxmox-ha:access:Access", name, inputs, opts);
    const account = remoteScript(
      "account",
      {
        host,
        script: "access/account",
        parts: ["accounts/parts/pveum"],
        variables: { ACCOUNT: plan.user, ROLE: plan.role, PRIVILEGES: plan.privileges.join(",") },
        removes: true,
      },
      connections,
      { parent: this },
    );
    const token = remoteScript(
      "token",
      {
        host,
        script: "access/token",
        // On the command line and not among the text of the script, so that the token changes with these only.
        words: [plan.user, plan.tokenId, plan.role, String(plan.generation)],
        removes: true,
        secretOutput: true,
      },
      connections,
      {
        parent: this,
        dependsOn: account,
        // A token that becomes unknown shows every guest as changed, so neither an edit of the script nor another
        // operator's key may touch it. Only a rotation takes both anew.
        ignoreChanges: plan.rotating ? [] : ["connection", "stdin"],
      },
    );
    this.token = pulumi.secret(token.stdout);
    this.registerOutputs({});
  }
}
