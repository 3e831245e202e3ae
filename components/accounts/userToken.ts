import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import type { TokenPlan } from "./plan";

/** A token of a user. Its inputs tell the policies whose it is and how far it goes. */
export class UserToken extends pulumi.ComponentResource {
  /** `user@realm!token=secret`, a secret. */
  readonly secret: pulumi.Output<string>;

  constructor(
    plan: TokenPlan,
    { host, connections }: { host: string; connections: Connections },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { id, user, tokenId, separated, generation, comment, expires } = plan;
    super(
      "proxmox-ha:accounts:UserToken",
      id,
      {
        userId: user,
        privilegesSeparation: separated,
        ...(expires === 0 ? {} : { expirationDate: new Date(expires * 1000).toISOString() }),
      },
      opts,
    );
    const parts = ["accounts/parts/pveum"];
    const made = remoteScript(
      `token-${id}`,
      {
        host,
        script: "accounts/tokenSecret",
        parts,
        // On the command line and not among the text of the script, so that the secret changes with these only.
        words: [user, tokenId, String(generation)],
        removes: true,
        secretOutput: true,
      },
      connections,
      { parent: this, ignoreChanges: ["connection", "stdin"] },
    );
    this.secret = pulumi.secret(made.stdout);
    remoteScript(
      `token-settings-${id}`,
      {
        host,
        script: "accounts/token",
        parts,
        variables: {
          ACCOUNT: user,
          TOKEN: tokenId,
          COMMENT: comment,
          EXPIRES: String(expires),
          SEPARATED: separated ? "1" : "0",
          // A token that is made anew has lost its settings.
          GENERATION: String(generation),
        },
      },
      connections,
      { parent: this, dependsOn: made },
    );
    this.registerOutputs({});
  }
}
