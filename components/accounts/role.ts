import * as pulumi from "@pulumi/pulumi";
import type { Connections } from "../connections";
import { remoteScript } from "../remoteScript";
import type { RolePlan } from "./plan";

/** A role of the site's own. Its inputs tell the policies what it allows. */
export class Role extends pulumi.ComponentResource {
  constructor(
    { id, privileges }: RolePlan,
    { host, connections }: { host: string; connections: Connections },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("proxmox-ha:accounts:Role", id, { roleId: id, privileges }, opts);
    remoteScript(
      `role-${id}`,
      {
        host,
        script: "accounts/role",
        parts: ["accounts/parts/pveum"],
        variables: { ROLE: id, PRIVILEGES: privileges.join(",") },
        removes: true,
      },
      connections,
      { parent: this },
    );
    this.registerOutputs({});
  }
}
